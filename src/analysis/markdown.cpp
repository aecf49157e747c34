#include "analysis/markdown.hpp"

#include <algorithm>
#include <string_view>

namespace chokepoint {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_punctuation(char c) {
  return c > ' ' && c < 0x7f && !is_alphanumeric(c);
}

/// Whether a letter of a text, outside of code, means something else than itself. The ends of a text count as blanks
/// for none of these: more text may follow there.
bool has_meaning(std::string_view text, std::size_t at) {
  const char c = text[at], before = at > 0 ? text[at - 1] : '.', after = at + 1 < text.size() ? text[at + 1] : '.';
  switch (c) {
    case '`':
      return true;  // one that begins no code
    case '\\':
      return is_punctuation(after);
    case '*':
    case '~':
      return before != ' ' || after != ' ';
    case '_':
      return !is_alphanumeric(before) || !is_alphanumeric(after);
    case '[':
      return text.find("](", at) != std::string_view::npos;
    case '<':
      return is_alphanumeric(after) || std::string_view("/!?").find(after) != std::string_view::npos;
    case '&':
      return is_alphanumeric(after) || after == '#';
    default:
      return false;
  }
}

/// The end of the code that begins at a backquote, `at` itself where none does: a run of as many closes it.
std::size_t end_of_code(std::string_view text, std::size_t at) {
  const auto end_of_run = [text](std::size_t start) {
    return std::min(text.find_first_not_of('`', start), text.size());
  };
  const std::size_t length = end_of_run(at) - at;
  for (std::size_t next = text.find('`', at + length); next < text.size(); next = text.find('`', end_of_run(next)))
    if (end_of_run(next) - next == length) return next + length;
  return at;
}

std::string escaped(const std::string& line, bool is_cell) {
  const std::string_view text = line;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t code = text[at] == '`' ? end_of_code(text, at) : at;
    const std::size_t end = std::max(code, at + 1);
    const bool is_meant = code == at && has_meaning(text, at);
    for (; at < end; ++at) {
      if (is_meant && (text[at] == '<' || text[at] == '&')) {
        out += text[at] == '<' ? "&lt;" : "&amp;";
        continue;
      }
      if (is_meant || (is_cell && text[at] == '|')) out += '\\';
      out += text[at];
    }
  }
  return out;
}

}  // namespace

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (is_space ? !out.empty() && out.back() != ' ' : static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      out += is_space ? ' ' : c;
  }
  return out;
}

std::string markdown_text(const std::string& text) {
  return escaped(one_line(text), false);
}

std::string markdown_cell(const std::string& text) {
  return escaped(one_line(text), true);
}

std::string markdown_code(const std::string& text) {
  const std::string code = one_line(text);
  std::size_t longest = 0, run = 0;
  for (const char c : code) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`'), gap = longest > 0 ? " " : "";
  return fence + gap + code + gap + fence;
}

}  // namespace chokepoint
