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

/// "did you mean 'x'?" or, without a likely typo, "allowed: ..." if there are few candidates and the most alike if
/// there are many. Never empty.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

/// A user's text as a message may repeat it: on one line, without control characters and bytes that are no UTF-8 (both
/// escaped, so that a terminal obeys none), cut after `most` bytes.
std::string shown(std::string_view text, std::size_t most = 60);

}  // namespace chokepoint
