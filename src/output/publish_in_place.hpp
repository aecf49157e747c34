#pragma once

#include <set>
#include <string>

namespace chokepoint {

/// Puts the files of one open folder into another, which stays what it is: its mode, its owner, what others have in it.
/// Only the files of `replaceable` are replaced. result.nc and then the manifest go last: until then the folder holds
/// no result that passes as complete. If nothing had to be replaced, a failure removes the files that were put there.
/// @returns why it failed, empty if it did not
std::string publish_in_place(int from, int to, const std::set<std::string>& replaceable);

}  // namespace chokepoint
