#include "analysis/predicate_lexer.hpp"

#include <cctype>
#include <utility>

#include "analysis/predicate.hpp"

namespace chokepoint {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_word(char c) {
  return is_letter(c) || is_digit(c);
}

bool is_name(char c) {
  return is_word(c) || c == '-';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Length of a month "2027-06" at the start of a text; 0 where there is none.
std::size_t month_length(std::string_view text) {
  constexpr std::size_t length = 7;
  if (text.size() < length || text[4] != '-') return 0;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U})
    if (!is_digit(text[i])) return 0;
  return text.size() > length && is_name(text[length]) ? 0 : length;
}

/// Length of "12", "0.5" or "1e-3" at the start of a text.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '.')) ++i;
  if (i >= text.size() || (text[i] != 'e' && text[i] != 'E')) return i;
  std::size_t exponent = i + 1;
  if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
  if (exponent >= text.size() || !is_digit(text[exponent])) return i;
  while (exponent < text.size() && is_digit(text[exponent])) ++exponent;
  return exponent;
}

std::size_t sign_length(std::string_view text) {
  return text.size() > 1 && (text[0] == '<' || text[0] == '>') && text[1] == '=' ? 2 : 1;
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (!is_blank(c)) out += c;
  return out;
}

}  // namespace

std::size_t Lexer::end_of(std::size_t at, bool (*belongs)(char)) const {
  while (at < text_.size() && belongs(text_[at])) ++at;
  return at;
}

void Lexer::advance() {
  at_ = end_of(at_, is_blank);
  const std::string_view rest = text_.substr(at_);
  TokenKind kind = TokenKind::sign;
  std::size_t length = 0;
  if (rest.empty()) {
    kind = TokenKind::end;
  } else if ((length = month_length(rest)) > 0) {
    kind = TokenKind::month;
  } else if (is_digit(rest[0])) {
    kind = TokenKind::number;
    length = number_length(rest);
  } else if (is_letter(rest[0])) {
    kind = TokenKind::word;
    length = end_of(at_, is_word) - at_;
  } else {
    length = sign_length(rest);
  }
  token_ = {kind, std::string(rest.substr(0, length)), at_};
  at_ += length;
}

Token Lexer::next() {
  Token taken = token_;
  advance();
  return taken;
}

std::string Lexer::take_index(std::size_t& offset) {
  offset = token_.offset;
  const std::size_t close = text_.find(']', offset);
  if (close == std::string_view::npos)
    throw PredicateError(offset, "a bracket is not closed", "write ] after the name");
  at_ = close + 1;
  std::string index = without_blanks(text_.substr(offset, close - offset));
  advance();
  return index;
}

Token Lexer::take_name() {
  const std::size_t offset = token_.offset, end = end_of(offset, is_name);
  if (end == offset) throw PredicateError(offset, "a name is missing");
  at_ = end;
  Token name{TokenKind::word, std::string(text_.substr(offset, end - offset)), offset};
  advance();
  return name;
}

}  // namespace chokepoint
