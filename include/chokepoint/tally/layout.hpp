#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/events.hpp"
#include "chokepoint/tally/histogram.hpp"

namespace chokepoint {

/// What is tallied: months, a histogram for each measure, events. Two tallies merge only if their layouts are equal.
struct TallyLayout {
  int months = 0;
  std::vector<BinSpec> specs;            ///< for each flat measure
  std::vector<EventRule> rules;          ///< for each event
  int iteration_limit = max_iterations;  ///< solver iterations are counted 0 to this, more as this

  int measures() const { return static_cast<int>(specs.size()); }
  int events() const { return static_cast<int>(rules.size()); }
  /// Place of (month, measure) in arrays [months][measures].
  std::size_t row(int month, int measure) const {
    return static_cast<std::size_t>(month) * specs.size() + static_cast<std::size_t>(measure);
  }
  std::size_t rows() const { return static_cast<std::size_t>(months) * specs.size(); }
};

bool operator==(const TallyLayout& a, const TallyLayout& b);
inline bool operator!=(const TallyLayout& a, const TallyLayout& b) {
  return !(a == b);
}

/// @throws std::invalid_argument if a number is out of its range, which the message names
TallyLayout make_tally_layout(int months, const std::vector<BinSpec>& specs, const std::vector<EventRule>& rules,
                              int iteration_limit = max_iterations);

/// How a run bins a measure of some scale: counts and flags are whole numbers.
BinSpec bin_spec(Scale scale);

/// Layout of a scenario: the measures of measure_layout(sizes), each binned as its line in measure_table says.
TallyLayout make_tally_layout(const Sizes& sizes, const std::vector<EventRule>& rules);

/// The first `events` rules of a parameter block.
template <class EventParameters>
std::vector<EventRule> event_rules(const EventParameters& parameters, int events) {
  std::vector<EventRule> rules;
  for (int event = 0; event < events; ++event)
    rules.push_back({parameters.measure[event], parameters.above[event], parameters.relative[event],
                     static_cast<float>(parameters.threshold[event]), parameters.first_month[event]});
  return rules;
}

}  // namespace chokepoint
