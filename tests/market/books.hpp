#pragma once

#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "market/path_runner.hpp"

/// What happened to chips in a month, inferred from the state before and after by the equations of docs/model.md: the
/// model itself keeps sums only.
namespace chokepoint::testing_support {

using DoubleWalk = Walk<double>;

/// Chips of a class anywhere in the world, thousand.
inline double chips_in_world(const Parameters<double>& p, const State<double>& state, int c) {
  double sum = state.stock[c];
  for (int i = 0; i < units(p); ++i) {
    const int k = fleet_index(p, i, c);
    sum += state.young[k] + state.old[k] + state.waiting[k];
    for (const auto& stage : state.pipeline) sum += stage[k];
  }
  return sum;
}

/// Chips of a class that failed or retired (4.11), thousand.
inline double chips_gone(const DoubleWalk& walk, int c) {
  if (walk.month == 0) return 0;
  const auto& chips = walk.parameters.chips;
  double sum = 0;
  for (int i = 0; i < units(walk.parameters); ++i) {
    const int k = fleet_index(walk.parameters, i, c);
    const double failed = chips.failure_rate[c] * (walk.before.young[k] + walk.before.old[k]);
    sum += failed + (1 - chips.failure_rate[c]) * chips.ageing_rate[c] * walk.before.old[k];
  }
  return sum;
}

/// Chips of a class that entered pipelines, thousand.
inline double chips_delivered(const DoubleWalk& walk, int c) {
  double sum = 0;
  for (int r = 0; r < regions(walk.parameters); ++r) sum += walk.flows.delivered[market_index(walk.parameters, r, c)];
  return sum;
}

/// Orders of a unit at the price of the month (4.2), thousand chips.
inline double chips_ordered(const DoubleWalk& walk, int unit, int c) {
  const auto& p = walk.parameters;
  const double list = p.calendar[walk.month].list_price[c];
  const double multiple =
      p.providers.cost_multiple[unit] * walk.flows.multiple[market_index(p, p.providers.region[unit], c)];
  const double at_list = walk.before.spending[fleet_index(p, unit, c)] / (multiple * list);
  return at_list * std::pow(walk.state.chip_price[c] / list, -p.chips.order_exponent[c]);
}

inline double chips_ordered(const DoubleWalk& walk, int c) {
  double sum = 0;
  for (int i = 0; i < units(walk.parameters); ++i) sum += chips_ordered(walk, i, c);
  return sum;
}

/// What entered the pipeline of one fleet (4.10), thousand chips; where nobody in its region has left in the month.
inline double delivered_to(const DoubleWalk& walk, int unit, int c) {
  const int k = fleet_index(walk.parameters, unit, c);
  return walk.state.pipeline[0][k] - (1 - walk.parameters.chips.lead_rate[c]) * walk.before.pipeline[0][k];
}

inline bool somebody_left(const DoubleWalk& walk, int region) {
  const int* const first = walk.parameters.providers.first;
  for (int i = first[region]; i < first[region + 1]; ++i) {
    if (walk.state.alive[i] != walk.before.alive[i]) return true;
  }
  return false;
}

/// Power of the chips that are left of those installed a month ago (4.11), MW.
inline double power_of_old_fleet(const DoubleWalk& walk, int region) {
  const auto& p = walk.parameters;
  double sum = 0;
  for (int i = p.providers.first[region]; i < p.providers.first[region + 1]; ++i) {
    for (int c = 0; c < classes(p); ++c) {
      const int k = fleet_index(p, i, c);
      const double left = walk.before.young[k] + (1 - p.chips.ageing_rate[c]) * walk.before.old[k];
      sum += p.chips.power_kw[c] * (1 - p.chips.failure_rate[c]) * left;
    }
  }
  return sum;
}

/// The state that the rental markets of the month found: wars turn after they have cleared.
inline std::unique_ptr<State<double>> state_as_cleared(const DoubleWalk& walk) {
  auto state = std::make_unique<State<double>>(walk.state);
  for (int r = 0; r < regions(walk.parameters); ++r) state->war[r] = walk.before.war[r];
  return state;
}

/// What a fleet serves its unit's own segments with (5.4), kH100e, inferred from what it leaves the market; where that
/// is nothing, from its chips, which an exit in its region would have changed since.
inline double own_service(const DoubleWalk& walk, int unit, int c) {
  const double used = walk.flows.own_service[unit], open = walk.flows.capacity[fleet_index(walk.parameters, unit, c)];
  if (used < 1) return open * used / (1 - used);
  return reserved_capacity<double>(walk.parameters, walk.state, walk.flows, unit,
                                   walk.parameters.providers.region[unit], c);
}

}  // namespace chokepoint::testing_support
