#pragma once

#include <filesystem>
#include <string>

namespace chokepoint {

/// A whole plain file. @throws UsageError where there is none or it may not be read; ResourceError where reading fails;
/// std::bad_alloc
std::string file_bytes(const std::filesystem::path& path);

}  // namespace chokepoint
