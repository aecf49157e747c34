#pragma once

#include <cstdint>
#include <string>

/// Checks, before the work is done, whether its output will fit on the disk.
namespace chokepoint {

/// Bytes that this user may still write to the file system of an open folder; the largest number where it won't say.
std::uint64_t free_space(int folder);

/// Bytes that a single file may have (ulimit -f).
std::uint64_t file_size_limit();

/// Whether the disk of an open folder certainly has room for that many bytes; if not, the exact need should be
/// computed.
bool has_plenty(int folder, std::uint64_t bytes);

/// Refuses what will not fit. @param bytes of all files @param largest bytes of the largest of them
/// @param shown the folder in messages
/// @throws OutputError that says what is needed and what is there
void require_space(int folder, std::uint64_t bytes, std::uint64_t largest, const std::string& shown);

/// Briefly creates a file of a size, as quotas refuse that too. File systems that can't reserve space accept any size.
/// @returns 0 or an errno
int try_space(int folder, std::uint64_t bytes);

}  // namespace chokepoint
