#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chokepoint {

/// Passes on one part of a child's output.
using Send = std::function<void(std::string_view)>;

/// Calls a function in a process of its own and returns what it sends, part by part; nothing if that process dies. HDF5
/// 1.10 crashes on some damaged pointers of a file, and netCDF does not survive a failed allocation, so a child process
/// uses them. If no child can be created, or it cannot be read, the function is called in this process. Not for use
/// while other threads run.
/// @throws std::bad_alloc where the child had too little memory, ResourceError where somebody killed it, Stopped
std::optional<std::vector<std::string>> in_child(const std::function<void(const Send&)>& work);

}  // namespace chokepoint
