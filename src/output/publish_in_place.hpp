#pragma once

#include <set>
#include <string>

namespace chokepoint {

/// Puts the files of one open folder into another, which stays what it is: its mode, its owner, what others have in it.
/// The files of `replaceable` make way; nothing else does. result.nc and then the manifest go last: until then the
/// folder holds no result that reads as whole. Where nothing had to make way, a failure takes back what was put there.
/// @returns why it failed, empty where it did not
std::string publish_in_place(int from, int to, const std::set<std::string>& replaceable);

}  // namespace chokepoint
