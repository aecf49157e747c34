#include "analysis/predicate_terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure_table.hpp"

namespace chokepoint {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

Moment moved(const Moment& moment, int month) {
  return {moment.path, month, moment.element};
}

Moment turned(const Moment& moment, int element) {
  return {moment.path, moment.month, element};
}

/// The months of a window in which a condition holds.
Months months_of(const Condition& condition, Window window, const Moment& moment) {
  Months months;
  for (int month = window.first; month <= window.last; ++month) {
    const Truth truth = condition(moved(moment, month));
    months.certain[static_cast<std::size_t>(month)] = truth == Truth::yes;
    months.possible[static_cast<std::size_t>(month)] = truth != Truth::no;
  }
  return months;
}

std::bitset<max_months> following(const std::bitset<max_months>& months, int within) {
  std::bitset<max_months> reached = months;
  for (int step = 1; step <= within; ++step) reached |= months << static_cast<std::size_t>(step);
  return reached;
}

Truth truth_of(bool certain, bool possible) {
  return certain ? Truth::yes : possible ? Truth::unknown : Truth::no;
}

/// The numbers of all elements of a list; empty where one is not defined.
std::vector<double> numbers_of(const Number& by, std::size_t elements, const Moment& moment) {
  std::vector<double> numbers;
  for (std::size_t k = 0; k < elements; ++k) {
    numbers.push_back(by(turned(moment, static_cast<int>(k))));
    if (std::isnan(numbers.back())) return {};
  }
  return numbers;
}

}  // namespace

Truth operator!(Truth a) {
  return a == Truth::unknown ? a : a == Truth::yes ? Truth::no : Truth::yes;
}

Truth operator&&(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes ? b : Truth::unknown;
}

Truth operator||(Truth a, Truth b) {
  return !(!a && !b);
}

Number constant(double value) {
  return [value](const Moment&) { return value; };
}

Number measured(std::size_t scenario, std::vector<int> columns) {
  return [scenario, columns = std::move(columns)](const Moment& moment) {
    const int column = columns[columns.size() > 1 ? static_cast<std::size_t>(moment.element) : 0];
    const float value = moment.path.scenarios[scenario].at(moment.month, column, moment.path.path);
    // Also what is invalid: no answer may rest on it.
    return std::abs(value) < missing_value ? static_cast<double>(value) : undefined;
  };
}

Number arithmetic(char operation, Number a, Number b) {
  return [operation, a = std::move(a), b = std::move(b)](const Moment& moment) {
    const double x = a(moment), y = b(moment);
    switch (operation) {
      case '+':
        return x + y;
      case '-':
        return x - y;
      case '*':
        return x * y;
      default:
        return y == 0 ? undefined : x / y;
    }
  };
}

Condition comparison(const std::string& operation, Number a, Number b) {
  return [operation, a = std::move(a), b = std::move(b)](const Moment& moment) {
    const double x = a(moment), y = b(moment);
    if (std::isnan(x) || std::isnan(y)) return Truth::unknown;
    const bool holds = operation == "<" ? x < y : operation == "<=" ? x <= y : operation == ">" ? x > y : x >= y;
    return holds ? Truth::yes : Truth::no;
  };
}

Condition negated(Condition a) {
  return [a = std::move(a)](const Moment& moment) { return !a(moment); };
}

Condition both(Condition a, Condition b) {
  return [a = std::move(a), b = std::move(b)](const Moment& moment) {
    const Truth first = a(moment);
    return first == Truth::no ? first : first && b(moment);
  };
}

Condition either(Condition a, Condition b) {
  return [a = std::move(a), b = std::move(b)](const Moment& moment) {
    const Truth first = a(moment);
    return first == Truth::yes ? first : first || b(moment);
  };
}

Number at(Number value, int month) {
  return [value = std::move(value), month](const Moment& moment) { return value(moved(moment, month)); };
}

Number aggregate(const std::string& kind, Number value, Window window) {
  return [kind, value = std::move(value), window](const Moment& moment) {
    double sum = 0, least = config::infinity, largest = -config::infinity;
    for (int month = window.first; month <= window.last; ++month) {
      const double x = value(moved(moment, month));
      if (std::isnan(x)) return undefined;
      sum += x;
      least = std::min(least, x);
      largest = std::max(largest, x);
    }
    if (kind == "sum") return sum;
    if (kind == "mean") return sum / (window.last - window.first + 1);
    return kind == "min" ? least : largest;
  };
}

Number first(Condition condition, Window window) {
  return [condition = std::move(condition), window](const Moment& moment) {
    for (int month = window.first; month <= window.last; ++month) {
      const Truth truth = condition(moved(moment, month));
      if (truth != Truth::no) return truth == Truth::yes ? static_cast<double>(month) : undefined;
    }
    return config::infinity;
  };
}

Condition begins(Condition condition) {
  return [condition = std::move(condition)](const Moment& moment) {
    const Truth now = condition(moment);
    if (moment.month == 0 || now == Truth::no) return now;
    return now && !condition(moved(moment, moment.month - 1));
  };
}

Event occurs(Condition condition, Window window) {
  return {[condition = std::move(condition), window](const Moment& moment) {
    return months_of(condition, window, moment);
  }};
}

Condition always(Condition condition, Window window) {
  return negated(happens(occurs(negated(std::move(condition)), window)));
}

Event then(Event a, Event b, int within) {
  return {[a = std::move(a), b = std::move(b), within](const Moment& moment) {
    const Months before = a.months(moment), after = b.months(moment);
    return Months{following(before.certain, within) & after.certain,
                  following(before.possible, within) & after.possible};
  }};
}

Condition happens(Event event) {
  return [event = std::move(event)](const Moment& moment) {
    const Months months = event.months(moment);
    return truth_of(months.certain.any(), months.possible.any());
  };
}

Leader leader(std::vector<std::string> names, Number by) {
  const std::size_t elements = names.size();
  const auto place = [elements, by = std::move(by)](const Moment& moment) {
    const std::vector<double> numbers = numbers_of(by, elements, moment);
    if (numbers.empty()) return -1;
    return static_cast<int>(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
  };
  return {place, std::move(names)};
}

Number rank(Leader leader, Number by) {
  return [leader = std::move(leader), by = std::move(by)](const Moment& moment) {
    const int place = leader.place(moment);
    const std::vector<double> numbers = numbers_of(by, leader.names.size(), moment);
    if (place < 0 || numbers.empty()) return undefined;
    const double own = numbers[static_cast<std::size_t>(place)];
    const auto larger = std::count_if(numbers.begin(), numbers.end(), [own](double x) { return x > own; });
    return 1 + static_cast<double>(larger);
  };
}

}  // namespace chokepoint
