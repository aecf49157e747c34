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

/// "did you mean 'x'?" or, without a likely typo, "allowed: ..." with all candidates if they are few and the most
/// similar ones if they are many. Never empty.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

/// A user's text in a form that is safe in a message: on one line, with control characters and bytes that are not UTF-8
/// escaped, so that a terminal does not act on them, and cut after `most` bytes.
std::string shown(std::string_view text, std::size_t most = 60);

}  // namespace chokepoint
