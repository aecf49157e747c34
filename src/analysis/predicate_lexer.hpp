#pragma once

#include <string>
#include <string_view>

/// Words and signs of a predicate.
namespace chokepoint {

enum class TokenKind { number, month, word, sign, end };

struct Token {
  TokenKind kind;
  std::string text;
  std::size_t offset;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  /// The current token.
  const Token& peek() const { return token_; }
  /// Returns the current token and moves on to the next. @throws PredicateError
  Token next();
  /// Takes the names up to and with the closing bracket of an index that has just been opened: "cn,h200".
  /// @param offset of the first name, filled in
  std::string take_index(std::size_t& offset);
  /// Takes a name, which may hold `-` as those of configs do.
  Token take_name();

 private:
  void advance();
  std::size_t end_of(std::size_t at, bool (*belongs)(char)) const;

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_{TokenKind::end, "", 0};
};

}  // namespace chokepoint
