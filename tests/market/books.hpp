#pragma once

#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "market/path_runner.hpp"

/// What happened to chips in a month, inferred from the state before and after by the equations of docs/model.md: the
/// model itself keeps sums only.
namespace chokepoint::testing_support {

using DoubleWalk = Walk<double>;

/// Chips of a class anywhere in the world, thousand.
inline double chips_in_world(const Parameters<double>& p, const State<double>& state, ClassIndex c) {
  double sum = state.stock[c];
  for (const UnitIndex i : units(p)) {
    const FleetIndex k = fleet_index(p, i, c);
    sum += state.young[k] + state.old[k] + state.waiting[k];
    for (const auto& stage : state.pipeline) sum += stage[k];
  }
  return sum;
}

/// Chips of a class that failed or retired (4.11), thousand.
inline double chips_gone(const DoubleWalk& walk, ClassIndex c) {
  if (walk.month == 0) return 0;
  const auto& chips = walk.parameters.chips;
  double sum = 0;
  for (const UnitIndex i : units(walk.parameters)) {
    const FleetIndex k = fleet_index(walk.parameters, i, c);
    const double failed = chips.failure_rate[c] * (walk.before.young[k] + walk.before.old[k]);
    sum += failed + (1 - chips.failure_rate[c]) * chips.ageing_rate[c] * walk.before.old[k];
  }
  return sum;
}

/// Chips of a class that entered pipelines, thousand.
inline double chips_delivered(const DoubleWalk& walk, ClassIndex c) {
  double sum = 0;
  for (const RegionIndex r : regions(walk.parameters)) sum += walk.flows.delivered[market_index(walk.parameters, r, c)];
  return sum;
}

/// Orders of a unit at the price of the month (4.2), thousand chips.
inline double chips_ordered(const DoubleWalk& walk, UnitIndex unit, ClassIndex c) {
  const auto& p = walk.parameters;
  const double list = p.calendar[walk.month].list_price[c];
  const double multiple = p.providers.cost_multiple[unit] * walk.flows.multiple[market_index(p, region_of(p, unit), c)];
  const double at_list = walk.before.spending[fleet_index(p, unit, c)] / (multiple * list);
  return at_list * std::pow(walk.state.chip_price[c] / list, -p.chips.order_exponent[c]);
}

inline double chips_ordered(const DoubleWalk& walk, ClassIndex c) {
  double sum = 0;
  for (const UnitIndex i : units(walk.parameters)) sum += chips_ordered(walk, i, c);
  return sum;
}

/// What entered the pipeline of one fleet (4.10), thousand chips; where nobody in its region has left in the month.
inline double delivered_to(const DoubleWalk& walk, UnitIndex unit, ClassIndex c) {
  const FleetIndex k = fleet_index(walk.parameters, unit, c);
  return walk.state.pipeline[0][k] - (1 - walk.parameters.chips.lead_rate[c]) * walk.before.pipeline[0][k];
}

inline bool somebody_left(const DoubleWalk& walk, RegionIndex region) {
  for (const UnitIndex i : units_of(walk.parameters, region)) {
    if (walk.state.alive[i] != walk.before.alive[i]) return true;
  }
  return false;
}

/// Power of the chips that are left of those installed a month ago (4.11), MW.
inline double power_of_old_fleet(const DoubleWalk& walk, RegionIndex region) {
  const auto& p = walk.parameters;
  double sum = 0;
  for (const UnitIndex i : units_of(p, region)) {
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      const double left = walk.before.young[k] + (1 - p.chips.ageing_rate[c]) * walk.before.old[k];
      sum += p.chips.power_kw[c] * (1 - p.chips.failure_rate[c]) * left;
    }
  }
  return sum;
}

/// The state that the rental markets of the month found: wars turn after they have cleared.
inline std::unique_ptr<State<double>> state_as_cleared(const DoubleWalk& walk) {
  auto state = std::make_unique<State<double>>(walk.state);
  for (const RegionIndex r : regions(walk.parameters)) state->war[r] = walk.before.war[r];
  return state;
}

/// What a fleet serves its unit's own segments with (5.4), kH100e, inferred from what it leaves the market; where that
/// is nothing, from its chips, which an exit in its region would have changed since.
inline double own_service(const DoubleWalk& walk, UnitIndex unit, ClassIndex c) {
  const double used = walk.flows.own_service[unit], open = walk.flows.capacity[fleet_index(walk.parameters, unit, c)];
  if (used < 1) return open * used / (1 - used);
  return reserved_capacity<double>(walk.parameters, walk.state, walk.flows, unit, region_of(walk.parameters, unit), c);
}

}  // namespace chokepoint::testing_support
