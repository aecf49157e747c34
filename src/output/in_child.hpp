#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chokepoint {

/// Hands over one part of what a child has to say.
using Send = std::function<void(std::string_view)>;

/// What a function sends when it is called in a process of its own, part by part; nothing where that dies. HDF5 1.10
/// follows some damaged pointers of a file into nowhere, and netCDF does not survive a refusal of memory: so a child
/// uses them. Where no child can be had, or cannot be heard, the function is called here. Not while other threads run.
/// @throws std::bad_alloc where the child had too little memory, ResourceError where somebody killed it, Stopped
std::optional<std::vector<std::string>> in_child(const std::function<void(const Send&)>& work);

}  // namespace chokepoint
