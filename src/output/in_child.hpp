#pragma once

#include <functional>
#include <optional>
#include <string>

namespace chokepoint {

/// What a function returns when it is called in a process of its own; nothing where that dies. HDF5 1.10 follows some
/// damaged pointers of a file into nowhere, and a file may be damaged: so a child looks first.
/// Not while other threads run. @throws std::bad_alloc where the child had too little memory
std::optional<std::string> in_child(const std::function<std::string()>& work);

}  // namespace chokepoint
