#include "analysis/predicate.hpp"

#include <algorithm>
#include <charconv>

#include "analysis/predicate_lexer.hpp"
#include "analysis/predicate_names.hpp"
#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure.hpp"
#include "config/spelling.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"

namespace chokepoint {
namespace {

/// An expression of any kind, and where it starts.
struct Term {
  std::variant<Number, Condition, Event, Leader> value;
  std::size_t offset;
};

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Deepest nesting: texts come from strangers, the stack is finite.
constexpr int deepest = 50;

/// Recursive descent over the grammar of docs/claims.md: a method for each of its rules, and one for what they share.
class Parser {
 public:
  Parser(std::string_view text, std::span<const NamedScenario> scenarios) : lexer_(text), names_(scenarios) {}

  Condition predicate() {
    Condition condition = as_condition(disjunction());
    if (lexer_.peek().kind != TokenKind::end) unexpected("the predicate goes on after its end");
    return condition;
  }

 private:
  /// Counts how deep the parser is.
  struct Level {
    Level(Parser& parser) : depth(parser.depth_) {
      if (++depth > deepest)
        throw PredicateError(parser.lexer_.peek().offset, "is nested too deeply",
                             "allowed: at most " + std::to_string(deepest) + " levels");
    }
    ~Level() { --depth; }
    int& depth;
  };

  bool sees(const char* text) const { return lexer_.peek().text == text && lexer_.peek().kind != TokenKind::end; }
  bool take(const char* text) {
    if (!sees(text)) return false;
    lexer_.next();
    return true;
  }
  void expect(const char* text) {
    if (!take(text)) unexpected(std::string("'") + text + "' is missing");
  }
  [[noreturn]] void unexpected(const std::string& message) const {
    const Token& token = lexer_.peek();
    const std::string found = token.kind == TokenKind::end ? "the end" : "'" + shown(token.text) + "'";
    throw PredicateError(token.offset, message + ", found " + found);
  }

  static Number as_number(Term term) {
    if (auto* number = std::get_if<Number>(&term.value)) return std::move(*number);
    throw PredicateError(term.offset, "a number is needed here, this is a condition",
                         "join conditions with 'and' or 'or'");
  }
  static Condition as_condition(Term term) {
    if (auto* condition = std::get_if<Condition>(&term.value)) return std::move(*condition);
    if (auto* event = std::get_if<Event>(&term.value)) return happens(std::move(*event));
    throw PredicateError(term.offset, "a condition is needed here, this is a number", "compare it with another");
  }
  static Event as_event(Term term) {
    if (auto* event = std::get_if<Event>(&term.value)) return std::move(*event);
    throw PredicateError(term.offset, "'then' stands between things that occur", "write occurs(...)");
  }

  Term disjunction() {
    const Level level(*this);
    Term left = conjunction();
    while (take("or")) left = {either(as_condition(std::move(left)), as_condition(conjunction())), left.offset};
    return left;
  }

  Term conjunction() {
    Term left = negation();
    while (take("and")) left = {both(as_condition(std::move(left)), as_condition(negation())), left.offset};
    return left;
  }

  Term negation() {
    const Level level(*this);
    const std::size_t offset = lexer_.peek().offset;
    if (take("not")) return {negated(as_condition(negation())), offset};
    return chain();
  }

  Term chain() {
    Term left = relation();
    while (take("then")) {
      Event event = as_event(std::move(left)), follower = as_event(relation());
      expect("within");
      left = {then(std::move(event), std::move(follower), whole_months()), left.offset};
    }
    return left;
  }

  int whole_months() {
    const Token token = lexer_.peek();
    const double months = token.kind == TokenKind::number ? number_of(lexer_.next()) : -1;
    if (!(months >= 0 && months <= max_months && months == static_cast<int>(months)))
      throw PredicateError(token.offset, "a whole number of months is needed here",
                           "allowed: 0 to " + std::to_string(max_months));
    if (!take("months")) expect("month");
    return static_cast<int>(months);
  }

  /// a < b <= c means both.
  Term relation() {
    Term left = sum();
    const std::size_t offset = left.offset;
    Condition all;
    while (is_one_of(lexer_.peek().text, {"<", "<=", ">", ">="})) {
      const std::string operation = lexer_.next().text;
      const Number a = as_number(std::move(left));
      left = sum();
      Condition one = comparison(operation, a, as_number(left));
      all = all ? both(std::move(all), std::move(one)) : std::move(one);
    }
    if (sees("=") || sees("!"))
      throw PredicateError(lexer_.peek().offset, "numbers are not compared by " + lexer_.peek().text,
                           "write <, <=, > or >=");
    if (all) return {std::move(all), offset};
    return left;
  }

  Term sum() {
    Term left = product();
    while (sees("+") || sees("-")) left = operation(std::move(left), &Parser::product);
    return left;
  }

  Term product() {
    Term left = factor();
    while (sees("*") || sees("/")) left = operation(std::move(left), &Parser::factor);
    return left;
  }

  Term operation(Term left, Term (Parser::*operand)()) {
    const char sign = lexer_.next().text[0];
    const std::size_t offset = left.offset;
    Number a = as_number(std::move(left)), b = as_number((this->*operand)());
    return {arithmetic(sign, std::move(a), std::move(b)), offset};
  }

  Term factor() {
    const Level level(*this);
    const Token& token = lexer_.peek();
    const std::size_t offset = token.offset;
    if (token.kind == TokenKind::number) return {constant(number_of(lexer_.next())), offset};
    if (token.kind == TokenKind::word) return word();
    if (token.kind == TokenKind::month)
      throw PredicateError(offset, "a month stands alone", "write at(MEASURE, " + token.text + ")");
    if (take("-")) return {arithmetic('-', constant(0), as_number(factor())), offset};
    if (!take("(")) unexpected("a measure, number or condition is missing");
    Term inner = disjunction();
    expect(")");
    return inner;
  }

  static double number_of(const Token& token) {
    double value = 0;
    const char* end = token.text.data() + token.text.size();
    const auto read = std::from_chars(token.text.data(), end, value);
    if (read.ec == std::errc::result_out_of_range)
      throw PredicateError(token.offset, shown(token.text) + " is beyond what a number holds here",
                           "allowed: 0, and numbers from 2.2e-308 to 1.8e308 of either sign");
    if (read.ec != std::errc() || read.ptr != end)
      throw PredicateError(token.offset, shown(token.text) + " is no number", "write it as 0.5, 12 or 1e6");
    return value;
  }

  Term word() {
    const Token token = lexer_.next();
    if (sees("(")) return function(token);
    if (index_of(predicate_words(), token.text) >= 0)
      throw PredicateError(token.offset, "a measure, number or condition is missing, found '" + token.text + "'");
    if (!sees(".")) return {measure("", token), token.offset};
    lexer_.next();
    if (!names_.is_twin(token.text)) names_.refuse_twin(token.text, token.offset);
    return {measure(token.text, lexer_.next()), token.offset};
  }

  Number measure(const std::string& twin, const Token& token) {
    if (token.kind != TokenKind::word)
      throw PredicateError(token.offset, "the name of a measure is missing", "write TWIN.MEASURE");
    std::string index;
    std::size_t index_offset = token.offset;
    if (take("[")) index = lexer_.take_index(index_offset);
    Number value = names_.measure(twin, token.text, token.offset, index, index_offset, elements_);
    has_flow_ = has_flow_ || is_flow(measure_of(token.text));
    if (months_ == 0)
      throw PredicateError(
          token.offset, "'" + token.text + "' needs a month",
          "write at(" + token.text + ", MONTH), or put it into occurs, always, first, mean, min, max or sum");
    return value;
  }

  Term function(const Token& token) {
    const std::string& name = token.text;
    expect("(");
    Term result = {constant(0), token.offset};
    if (name == "at")
      result.value = value_at();
    else if (is_one_of(name, {"mean", "sum", "min", "max"}))
      result.value = value_over(name);
    else if (is_one_of(name, {"occurs", "always", "first"}))
      result.value = condition_over(name);
    else if (name == "begins")
      result.value = beginning(token);
    else if (name == "leader")
      result.value = leader_of();
    else if (name == "rank")
      result.value = rank_of();
    else
      names_.refuse_word(name, token.offset);
    expect(")");
    return result;
  }

  /// Parses what is looked at month by month.
  Term monthly() {
    ++months_;
    const bool outer = std::exchange(has_flow_, false);
    Term term = disjunction();
    whole_path_begins_ = has_flow_ ? std::min(1, names_.last_month()) : 0;
    has_flow_ = outer;
    --months_;
    return term;
  }

  int month() {
    const Token token = lexer_.next();
    if (token.text == "start") return 0;
    if (token.text == "end") return names_.last_month();
    if (token.kind != TokenKind::month)
      throw PredicateError(token.offset, "a month is missing", "write it as 2026-07, start or end");
    return names_.month(token.text, token.offset);
  }

  Window window() {
    if (!take("between")) return {whole_path_begins_, names_.last_month()};
    const int first = month();
    expect("and");
    const std::size_t offset = lexer_.peek().offset;
    const int last = month();
    if (last < first)
      throw PredicateError(offset, "the window ends before it starts", "write between FIRST and LAST, both included");
    return {first, last};
  }

  Number value_at() {
    Number value = as_number(monthly());
    expect(",");
    return at(std::move(value), month());
  }

  Number value_over(const std::string& kind) {
    Number value = as_number(monthly());
    return aggregate(kind, std::move(value), window());
  }

  std::variant<Number, Condition, Event, Leader> condition_over(const std::string& kind) {
    Condition condition = as_condition(monthly());
    const Window over = window();
    if (kind == "first") return first(std::move(condition), over);
    if (kind == "always") return always(std::move(condition), over);
    return occurs(std::move(condition), over);
  }

  Condition beginning(const Token& token) {
    if (months_ == 0) throw PredicateError(token.offset, "'begins' needs a month", "put it into occurs or first");
    return begins(as_condition(disjunction()));
  }

  Leader leader_of() {
    std::vector<std::string> names = {lexer_.take_name().text};
    while (take(",")) names.push_back(lexer_.take_name().text);
    expect("by");
    Number by = by_element(names);
    return leader(std::move(names), std::move(by));
  }

  Number rank_of() {
    Term term = disjunction();
    auto* leader = std::get_if<Leader>(&term.value);
    if (!leader) throw PredicateError(term.offset, "a rank is that of a leader", "write rank(leader(...) by ...)");
    expect("by");
    Number by = by_element(leader->names);
    return rank(std::move(*leader), std::move(by));
  }

  Number by_element(const std::vector<std::string>& names) {
    const std::vector<std::string> outer = std::exchange(elements_, names);
    Number by = as_number(sum());
    elements_ = outer;
    return by;
  }

  Lexer lexer_;
  PredicateNames names_;
  std::vector<std::string> elements_;  ///< what `*` stands for
  int months_ = 0;                     ///< expressions around this one that say which month is meant
  bool has_flow_ = false;              ///< the expression in work looks at a flow, which month 0 has none of
  int whole_path_begins_ = 0;          ///< first month of the expression last looked at month by month
  int depth_ = 0;
};

}  // namespace

PathPredicate::PathPredicate(std::string_view text, std::span<const NamedScenario> scenarios) {
  Condition condition = Parser(text, scenarios).predicate();
  holds_ = [condition = std::move(condition)](const PathView& path) { return condition({path}); };
}

}  // namespace chokepoint
