#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "chokepoint/path_walk.hpp"
#include "chokepoint/scenario.hpp"

/// Conditions on paths, in the language of docs/claims.md. Logic has three values: a value that is undefined on a path
/// makes a condition unknown, unless the condition holds or fails whatever that value is.
namespace chokepoint {

enum class Truth : std::uint8_t { no, yes, unknown };

Truth operator!(Truth a);
Truth operator&&(Truth a, Truth b);  ///< looks at both
Truth operator||(Truth a, Truth b);

/// A scenario that a predicate may refer to.
struct NamedScenario {
  std::string name;  ///< as in NAME.world_price; empty for the claim's own
  const Scenario* scenario;
};

/// One path of these scenarios, in the same order.
struct PathView {
  std::span<const PathRows> scenarios;
  int path;  ///< place in the rows
};

/// A fault in the text of a predicate, and the byte at which it is.
class PredicateError : public std::runtime_error {
 public:
  PredicateError(std::size_t where, const std::string& message, std::string advice = "")
      : std::runtime_error(message), offset(where), help(std::move(advice)) {}

  std::size_t offset;
  std::string help;
};

class PathPredicate {
 public:
  /// @param scenarios the claim's own first; twins start in the same month and are as long
  /// @throws PredicateError
  PathPredicate(std::string_view text, std::span<const NamedScenario> scenarios);

  Truth operator()(const PathView& path) const { return holds_(path); }

 private:
  std::function<Truth(const PathView&)> holds_;
};

}  // namespace chokepoint
