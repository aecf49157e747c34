#pragma once

#include <cstdint>
#include <string>

/// Whether a disk will take what is to be written, asked before the work that makes it.
namespace chokepoint {

/// Bytes that this user may still write to the file system of an open folder; the largest number where it won't say.
std::uint64_t free_space(int folder);

/// Bytes that a single file may have (ulimit -f).
std::uint64_t file_size_limit();

/// Makes a file of a size for a moment: quotas refuse that too. File systems that can't set space aside take anything.
/// @returns 0 or an errno
int try_space(int folder, std::uint64_t bytes);

}  // namespace chokepoint
