#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chokepoint {

/// Number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate most like `word`, if it is near enough to be a likely typo (a third of the letters) or starts with it;
/// else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'x'?" or, without a likely typo, "allowed: ..." if there are few candidates.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace chokepoint
