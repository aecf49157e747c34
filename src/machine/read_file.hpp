#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace chokepoint {

/// The bytes of a file, of a pipe too, up to `most` of them.
/// @throws std::system_error with the system's reason, whichever call fails; std::bad_alloc; Stopped while it waits
std::string read_file(const std::filesystem::path& path, std::size_t most = ~std::size_t{0});

/// The same of a plain file alone (EINVAL where it is none), before which there must be memory for all of it.
std::string read_plain_file(const std::filesystem::path& path);

}  // namespace chokepoint
