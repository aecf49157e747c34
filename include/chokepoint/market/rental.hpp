#pragma once

#include "chokepoint/market/power.hpp"

/// The inputs of the clearing: capacity, offer costs, and service outside the market (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
CHOKEPOINT_INLINE N blend(const N& weight, const N& at_zero, const N& at_one) {
  return fma(weight, at_one - at_zero, at_zero);
}

/// Energy that a H100e-hour of a class takes (5.1), USD.
template <class N, class P, class F>
CHOKEPOINT_INLINE N energy_cost(const P& p, const F& flows, RegionIndex region, ClassIndex chip_class) {
  return N(p.chips.power_kw[chip_class] * p.chips.inverse_perf[chip_class]) * flows.electricity[region];
}

/// Capital in an offer (5.2), USD per H100e-hour, at a cost multiple of 1.
template <class N, class P, class St, class F>
CHOKEPOINT_INLINE N capital_cost(const P& p, const St& state, const F& flows, RegionIndex region,
                                 ClassIndex chip_class) {
  const N share = blend(state.war[region], N(p.regions.capital_share[region]), N(p.regions.war_capital_share[region]));
  const N replacement = state.chip_price[chip_class] * flows.multiple[market_index(p, region, chip_class)];
  return N(p.chips.capital_hours[chip_class]) * replacement * share;
}

/// Offer cost of a H100e-hour (5.2), USD.
template <class N, class P, class St, class F>
CHOKEPOINT_INLINE N offer_cost(const P& p, const St& state, const F& flows, UnitIndex unit, RegionIndex region,
                               ClassIndex chip_class) {
  const N running = energy_cost<N>(p, flows, region, chip_class) + N(p.providers.operations[unit]);
  return fma(capital_cost<N>(p, state, flows, region, chip_class), N(p.providers.capital_multiple[unit]), running);
}

/// What a fleet can rent out, its own segments included (5.3), kH100e.
template <class N, class P, class St, class F>
CHOKEPOINT_INLINE N whole_capacity(const P& p, const St& state, const F& flows, UnitIndex unit, RegionIndex region,
                                   ClassIndex chip_class) {
  const FleetIndex k = fleet_index(p, unit, chip_class);
  const N limit = N(p.providers.occupancy_limit[unit]) * flows.powered[region];
  return (state.young[k] + state.old[k]) * N(p.chips.perf[chip_class]) * limit;
}

/// What a fleet keeps for its unit's own segments (5.4), kH100e.
template <class N, class P, class St, class F>
CHOKEPOINT_INLINE N reserved_capacity(const P& p, const St& state, const F& flows, UnitIndex unit, RegionIndex region,
                                      ClassIndex chip_class) {
  return whole_capacity<N>(p, state, flows, unit, region, chip_class) * flows.own_service[unit];
}

/// Part of a unit's capital charge that is due whether its chips are rented or not (4.14), of the capacity installed,
/// kH100e, of each class; million USD a month. At list prices: the effect of trade rules on today's price does not
/// change old debt.
template <class N, class P, class M>
CHOKEPOINT_HD N fixed_charge(const P& p, const M& month, UnitIndex unit, const N* capacity) {
  N sum = N(scalar_t<N>(0));
  for (const ClassIndex c : classes(p)) {
    const N per_hour = N(p.chips.capital_hours[c] * month.list_price[c] * p.chips.system_multiple[c]);
    sum = fma(per_hour, capacity[c], sum);
  }
  return sum * N(p.providers.cost_multiple[unit] * p.finance.fixed_capital_share) * monthly_million_usd<N>();
}

/// Installs the share `installs` of a region's waiting chips, and computes what its units then have, offer and owe. One
/// pass over the fleets does all this, as on a GPU they lie in memory.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void install_and_offer(const P& p, const M& month, RegionIndex r, const N& installs, St& state,
                                     F& flows) {
  using R = scalar_t<N>;
  const N zero = N(0);
  for (const ClassIndex c : classes(p)) flows.market_capacity[market_index(p, r, c)] = zero;
  for (const UnitIndex i : units_of(p, r)) {
    N capacity[P::ShapeType::classes];
    flows.unit_fleet[i] = zero;
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      install_fleet(installs, k, state);
      capacity[c] = (state.young[k] + state.old[k]) * N(p.chips.perf[c]);
      flows.unit_fleet[i] += capacity[c];
      flows.capacity[k] = whole_capacity<N>(p, state, flows, i, r, c);
      if (!(p.providers.reserved_share[i] > R(0))) flows.market_capacity[market_index(p, r, c)] += flows.capacity[k];
    }
    flows.costs[i] = fixed_charge<N>(p, month, i, capacity);
    flows.own_service[i] = zero;
  }
}

/// Whether a market has a price: it needs capacity on offer, less own service, and a segment that may rent it (5.14).
template <class N, class P, class F>
CHOKEPOINT_INLINE mask_t<N> is_open(const P& p, const F& flows, MarketIndex m) {
  return (flows.market_capacity[m] > N(p.solver.empty_capacity)) & mask_t<N>(p.demand.has_buyers[m] != 0);
}

/// Demand of a segment at a given price of its compute (5.7), kH100e.
template <class N, class P, class St>
CHOKEPOINT_HD N demand_at(const P& p, const St& state, SegmentIndex s, const N& log2_price) {
  const N level = fma(N(p.demand.efficiency_exponent[s]), state.efficiency_log2, state.demand_log2[s]);
  return exp2(fma(-N(p.demand.elasticity[s]), log2_price, level));
}

/// One unit serves the segments it is bound to (5.4) before the market opens, in proportion to their need at last
/// month's price: a captive fleet its owner's own work at the market's price, a public one its chosen users at cost.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void serve_own_segments(const P& p, const St& state, UnitIndex unit, F& flows) {
  using R = scalar_t<N>;
  const N zero = N(0), one = N(1);
  N need[P::ShapeType::segments];
  N total_need = zero, capacity = zero, cost = zero;
  for (const SegmentIndex s : segments(p)) {
    if (!(p.providers.serves[unit][s] > R(0))) continue;
    need[s] = demand_at<N>(p, state, s, state.segment_log2_price[s]) * flows.open_share[s];
    total_need += need[s];
  }
  for (const ClassIndex c : classes(p)) {
    const FleetIndex k = fleet_index(p, unit, c);
    capacity += flows.capacity[k];
    cost = fma(flows.capacity[k], offer_cost<N>(p, state, flows, unit, region_of(p, unit), c), cost);
  }
  const N average_cost = cost * reciprocal(maximum(capacity, tiny<N>()));
  const N offered = capacity * N(p.providers.reserved_share[unit]);
  // Some of every segment's demand always goes to the market, so that the market keeps a price for it.
  const N served = minimum(offered * reciprocal(maximum(total_need, tiny<N>())), N(0.95));
  for (const SegmentIndex s : segments(p)) {
    if (!(p.providers.serves[unit][s] > R(0))) continue;
    const N portion = flows.open_share[s] * served;
    flows.open_share[s] -= portion;
    if (p.providers.kind[unit] == provider_public) {
      flows.public_share[s] += portion;
      flows.public_cost[s] = fma(portion, average_cost, flows.public_cost[s]);
    }
  }
  const N used = minimum(served * total_need * reciprocal(maximum(capacity, tiny<N>())), one);
  flows.own_service[unit] = used;
  for (const ClassIndex c : classes(p)) {
    N& open = flows.capacity[fleet_index(p, unit, c)];
    const N reserved = open * used;
    open -= reserved;
    flows.market_capacity[market_index(p, region_of(p, unit), c)] += open;
  }
}

/// Step 5, first part: everything that the clearing takes as given, once the chips that can be are installed.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void open_rental_markets(const P& p, const M& month, const N* installs, St& state, F& flows) {
  using R = scalar_t<N>;
  for (const RegionIndex r : regions(p)) install_and_offer<N>(p, month, r, installs[r], state, flows);
  for (const SegmentIndex s : segments(p)) {
    flows.open_share[s] = N(1);
    flows.public_share[s] = N(0);
    flows.public_cost[s] = N(0);
  }
  for (const UnitIndex i : units(p)) {
    if (p.providers.reserved_share[i] > R(0)) serve_own_segments<N>(p, state, i, flows);
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
