#pragma once

#include "chokepoint/market/power.hpp"

/// What enters the clearing: capacity, offer costs, and service outside the market (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
CHOKEPOINT_INLINE N blend(const N& weight, const N& at_zero, const N& at_one) {
  return fma(weight, at_one - at_zero, at_zero);
}

/// Capacity on offer and what a H100e-hour of it costs. Where a grid shock leaves less power than the fleet draws,
/// fleets run at the share that can be powered.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void offer_capacity(const P& p, const St& state, F& flows) {
  using R = scalar_t<N>;
  const N one = N(R(1));
  for (int r = 0; r < regions(p); ++r) {
    const N powered =
        minimum(flows.power_available[r] * reciprocal(maximum(flows.power_used[r], tiny<N>())), one);
    const N capital_share = blend(state.war[r], N(p.regions.capital_share[r]), N(p.regions.war_capital_share[r]));
    for (int c = 0; c < classes(p); ++c) {
      const N energy = N(p.chips.power_kw[c] * p.chips.inverse_perf[c]) * flows.electricity[r];
      const N capital = N(p.chips.capital_hours[c]) * state.chip_price[c] * capital_share;
      for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
        const int k = fleet_index(p, i, c);
        const N chips = (state.young[k] + state.old[k]) * N(p.chips.perf[c]);
        flows.capacity[k] = chips * N(p.providers.occupancy_limit[i]) * powered;
        flows.reserved[k] = N(R(0));
        flows.running_cost[k] = energy + N(p.providers.operations[i]);
        const N full_cost = fma(capital, flows.delivered_multiple[k], flows.running_cost[k]);
        flows.offer[k] = p.providers.kind[i] == provider_community ? flows.running_cost[k] : full_cost;
      }
    }
  }
}

/// Demand of a segment at a given price of its compute, kH100e.
template <class N, class P, class St>
CHOKEPOINT_HD N demand_at(const P& p, const St& state, int s, const N& log2_price) {
  const N level = fma(N(p.demand.efficiency_exponent[s]), state.efficiency_log2, state.demand_log2[s]);
  return exp2(fma(-N(p.demand.elasticity[s]), log2_price, level));
}

/// One unit serves the segments it is bound to before the market opens, in proportion to their need at last month's
/// price: a captive fleet its owner's own work at the market's price, a public one its chosen users at cost.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void serve_own_segments(const P& p, const St& state, int unit, F& flows) {
  using R = scalar_t<N>;
  const N zero = N(R(0)), one = N(R(1));
  N need[P::ShapeType::segments];
  N total_need = zero, capacity = zero, cost = zero;
  for (int s = 0; s < segments(p); ++s) {
    if (!(p.providers.serves[unit][s] > R(0))) continue;
    need[s] = demand_at<N>(p, state, s, state.segment_log2_price[s]) * flows.open_share[s];
    total_need += need[s];
  }
  for (int c = 0; c < classes(p); ++c) {
    const int k = fleet_index(p, unit, c);
    capacity += flows.capacity[k];
    cost = fma(flows.capacity[k], flows.offer[k], cost);
  }
  const N average_cost = cost * reciprocal(maximum(capacity, tiny<N>()));
  const N offered = capacity * N(p.providers.reserved_share[unit]);
  // Some of every segment's demand always goes to the market, so that the market keeps a price for it.
  const N served = minimum(offered * reciprocal(maximum(total_need, tiny<N>())), N(R(0.95)));
  for (int s = 0; s < segments(p); ++s) {
    if (!(p.providers.serves[unit][s] > R(0))) continue;
    const N portion = flows.open_share[s] * served;
    flows.open_share[s] -= portion;
    if (p.providers.kind[unit] == provider_public) {
      flows.public_share[s] += portion;
      flows.public_cost[s] = fma(portion, average_cost, flows.public_cost[s]);
    }
  }
  const N used = minimum(served * total_need * reciprocal(maximum(capacity, tiny<N>())), one);
  for (int c = 0; c < classes(p); ++c) {
    const int k = fleet_index(p, unit, c);
    flows.reserved[k] = flows.capacity[k] * used;
    flows.capacity[k] -= flows.reserved[k];
  }
}

/// Step 5, first part: everything that the clearing takes as given.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void open_rental_markets(const P& p, const St& state, F& flows) {
  using R = scalar_t<N>;
  offer_capacity<N>(p, state, flows);
  for (int s = 0; s < segments(p); ++s) {
    flows.open_share[s] = N(R(1));
    flows.public_share[s] = N(R(0));
    flows.public_cost[s] = N(R(0));
  }
  for (int i = 0; i < units(p); ++i) {
    if (p.providers.reserved_share[i] > R(0)) serve_own_segments<N>(p, state, i, flows);
  }
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
