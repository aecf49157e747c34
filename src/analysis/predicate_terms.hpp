#pragma once

#include <array>
#include <bitset>
#include <functional>
#include <variant>
#include <vector>

#include "analysis/predicate.hpp"
#include "chokepoint/market/limits.hpp"

/// The parsed form of predicates: functions of a moment, which the functions below combine.
namespace chokepoint {

/// A path, with the month and the element for which an expression is evaluated.
struct Moment {
  const PathView& path;
  int month = 0;
  int element = 0;  ///< which of the names of a `leader` stands for `*`
};

/// NaN stands for "not defined".
using Number = std::function<double(const Moment&)>;
using Condition = std::function<Truth(const Moment&)>;

/// Months in which something happens: for certain, and those in which it may.
struct Months {
  std::bitset<max_months> certain, possible;
};

/// Something that happens in months, which the next in a chain must follow.
struct Event {
  std::function<Months(const Moment&)> months;
};

/// The element that leads a list by some number: its place, or -1 where that is not defined.
struct Leader {
  std::function<int(const Moment&)> place;
  std::vector<std::string> names;
};

/// Months from `first` to `last`, both included.
struct Window {
  int first, last;
};

Number constant(double value);
/// The value of a measure of one of the scenarios; `columns` holds its place in a row for each element.
Number measured(std::size_t scenario, std::vector<int> columns);
Number arithmetic(char operation, Number a, Number b);
Condition comparison(const std::string& operation, Number a, Number b);

Condition negated(Condition a);
Condition both(Condition a, Condition b);
Condition either(Condition a, Condition b);

/// The same in another month.
Number at(Number value, int month);
/// "mean", "sum", "min" or "max" over a window; not defined where a month of it is not.
Number aggregate(const std::string& kind, Number value, Window window);
/// Months from the start until the condition first holds; infinity for never.
Number first(Condition condition, Window window);
/// It holds, and did not hold in the month before.
Condition begins(Condition condition);
Event occurs(Condition condition, Window window);
Condition always(Condition condition, Window window);
/// Months of `b` up to `within` months after one of `a`, or in the same month.
Event then(Event a, Event b, int within);
/// It happens in some month.
Condition happens(Event event);

Leader leader(std::vector<std::string> names, Number by);
/// 1 for the largest of the leader's list, counted by those that are larger.
Number rank(Leader leader, Number by);

}  // namespace chokepoint
