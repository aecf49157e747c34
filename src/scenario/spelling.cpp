#include "scenario/spelling.hpp"

#include <algorithm>
#include <cctype>

#include "scenario/field.hpp"

namespace chokepoint {

namespace {

constexpr std::size_t longest_word = 80;  // longer ones are no typos, and the table below is their product
constexpr std::size_t longest_list = 40;  // all keys of a table fit in a message, all measures do not

std::string lower_case(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// "power" may be meant for "power_mw".
std::string shortest_with_prefix(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t least_letters = 3;
  std::string best;
  if (word.size() < least_letters) return best;
  for (const std::string& candidate : candidates)
    if (candidate.starts_with(word) && (best.empty() || candidate.size() < best.size())) best = candidate;
  return best;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_word) return "";
  std::string best;
  int least = static_cast<int>(std::max<std::size_t>(word.size() / 3, 1)) + 1;
  for (const std::string& candidate : candidates) {
    const int distance = edit_distance(lower_case(word), lower_case(candidate));
    if (distance < least && distance < static_cast<int>(word.size())) {
      least = distance;
      best = candidate;
    }
  }
  return best.empty() ? shortest_with_prefix(word, candidates) : best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(word, candidates);
  if (!best.empty()) return "did you mean '" + best + "'?";
  if (candidates.empty()) return "there is none";
  return candidates.size() <= longest_list ? "allowed: " + list_text(candidates) : "";
}

}  // namespace chokepoint
