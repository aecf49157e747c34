#include "config/spelling.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "config/field.hpp"

namespace chokepoint {

namespace {

constexpr std::size_t longest_word = 80;  // longer ones are no typos, and the table below is their product
constexpr std::size_t longest_list = 40;  // all keys of a table fit in a message, all measures do not
constexpr std::size_t few_names = 5;      // those named of a longer list

std::string lower_case(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Bytes of the UTF-8 character at the start of a text; 0 where there is none, or a control character.
std::size_t printable_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first >= 0xf5 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0u) != 0x80) return 0;
  return first == 0xc2 && byte(1) < 0xa0 ? 0 : length;  // U+0080 to U+009F are control characters, too
}

std::string escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text;
}

/// Whether two words have three letters in a row in common.
bool share_letters(std::string_view a, std::string_view b) {
  constexpr std::size_t run = 3;
  for (std::size_t i = 0; i + run <= a.size(); ++i)
    if (b.find(a.substr(i, run)) != std::string_view::npos) return true;
  return false;
}

/// The candidates most like a word that is no typo of any.
std::vector<std::string> most_alike(std::string_view word, std::vector<std::string> candidates) {
  const std::string wanted = lower_case(word.substr(0, longest_word));
  const auto unlikeness = [&](const std::string& candidate) {
    const std::string name = lower_case(candidate);
    return std::pair(!share_letters(wanted, name), wanted.empty() ? 0 : edit_distance(wanted, name));
  };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](const std::string& a, const std::string& b) { return unlikeness(a) < unlikeness(b); });
  candidates.resize(std::min(candidates.size(), few_names));
  return candidates;
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

std::string suggestion(std::string_view word, const std::vector<std::string>& all) {
  std::vector<std::string> candidates;
  for (const std::string& name : all)
    if (std::find(candidates.begin(), candidates.end(), name) == candidates.end()) candidates.push_back(name);
  const std::string best = nearest(word, candidates);
  if (!best.empty()) return "did you mean '" + best + "'?";
  if (candidates.empty()) return "none is defined";
  if (candidates.size() <= longest_list) return "allowed: " + list_text(candidates);
  return "allowed: " + std::to_string(candidates.size()) + " names, such as " + list_text(most_alike(word, candidates));
}

std::string shown(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = printable_length(text);
    const std::string next = length > 0 ? std::string(text.substr(0, length)) : escaped(text[0]);
    if (out.size() + next.size() > most) return out + "...";
    out += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace chokepoint
