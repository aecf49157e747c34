#pragma once

#include "chokepoint/market/chips.hpp"

/// Pipeline, ageing and installation under power and parts (docs/model.md, section 4c).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// a / b if b is above 0, else `otherwise`.
template <class N>
CHOKEPOINT_INLINE N ratio_or(const N& a, const N& b, const N& otherwise) {
  return select(b > tiny<N>(), a * reciprocal(maximum(b, tiny<N>())), otherwise);
}

/// Power and its price this month, after grid shocks (3.11).
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void available_power(const P& p, const M& month, const St& state, F& flows) {
  const N one = N(scalar_t<N>(1));
  for (const RegionIndex r : regions(p)) {
    flows.power_available[r] = state.power[r] * fma(-N(p.shocks.grid_cut[r]), state.grid_shock[r], one);
    flows.electricity[r] = N(month.electricity[r]) * fma(N(p.shocks.grid_price_spike[r]), state.grid_shock[r], one);
  }
}

/// The shares of a class's chips that move on in a month.
template <class R>
struct MonthlyShares {
  R moves, stays;      ///< of a pipeline stage (4.10)
  R remains, matures;  ///< of an age stage: neither failed nor aged; aged but not failed (4.11)
};

/// @param elapsed months since the last: 0 in month 0, in which nothing moves
template <class P, class R>
CHOKEPOINT_INLINE MonthlyShares<R> monthly_shares(const P& p, ClassIndex chip_class, R elapsed) {
  const R moves = elapsed * p.chips.lead_rate[chip_class], ageing = elapsed * p.chips.ageing_rate[chip_class];
  const R survives = R(1) - elapsed * p.chips.failure_rate[chip_class];
  return {moves, R(1) - moves, survives * (R(1) - ageing), survives * ageing};
}

/// Chips of a region by class, thousand.
template <class N, class S>
struct ChipsOnSite {
  N installed[S::classes], waiting[S::classes];
};

/// Erlang delay: `chips` enter the first of three stages of equal rate, and what leaves the last waits for power
/// (4.10). Failures at any age; end of life after two stages, so that a young fleet hardly retires (4.11).
template <class N, class St>
CHOKEPOINT_INLINE void move_fleet(const MonthlyShares<scalar_t<N>>& share, FleetIndex k, const N& chips, St& state) {
  const N first = state.pipeline[0][k], second = state.pipeline[1][k], third = state.pipeline[2][k];
  state.pipeline[0][k] = fma(N(share.stays), first, chips);
  state.pipeline[1][k] = fma(N(share.stays), second, N(share.moves) * first);
  state.pipeline[2][k] = fma(N(share.stays), third, N(share.moves) * second);
  state.waiting[k] = fma(N(share.moves), third, state.waiting[k]);
  const N young = state.young[k];
  state.old[k] = fma(N(share.remains), state.old[k], N(share.matures) * young);
  state.young[k] = N(share.remains) * young;
}

/// One pass over a region's chips: they move on, and are counted.
template <class N, class P, class St, class F, class Sh>
CHOKEPOINT_HD ChipsOnSite<N, typename P::ShapeType> move_chips(const P& p, RegionIndex r, scalar_t<N> elapsed,
                                                               const Sh& ships, St& state, F& flows) {
  using R = scalar_t<N>;
  ChipsOnSite<N, typename P::ShapeType> sum;
  MonthlyShares<R> share[P::ShapeType::classes];
  for (const ClassIndex c : classes(p)) {
    share[c] = monthly_shares(p, c, elapsed);
    sum.installed[c] = sum.waiting[c] = N(0);
  }
  for (const UnitIndex i : units_of(p, r)) {
    N spent = N(0), committed = spent;
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      const MarketIndex m = market_index(p, r, c);
      const N chips = allocation<N>(p, state, ships, i, r, c) * ships.arrives[m];
      move_fleet<N>(share[c], k, chips, state);
      spent = fma(chips * state.chip_price[c], flows.multiple[m], spent);
      const N installed = state.young[k] + state.old[k];
      sum.installed[c] += installed;
      sum.waiting[c] += state.waiting[k];
      const N under_way = (state.pipeline[0][k] + state.pipeline[1][k]) + state.pipeline[2][k];
      committed = fma(N(p.chips.perf[c]), (installed + state.waiting[k]) + under_way, committed);
    }
    flows.unit_orders[i] = committed;
    flows.capital_spending = fma(N(p.providers.cost_multiple[i]), spent, flows.capital_spending);
  }
  return sum;
}

/// Power drawn by a region's chips, MW, and the chips that wait there, MW and kH100e.
template <class N>
struct RegionChips {
  N used, wanted, idle, domestic;  ///< domestic: the part of idle that is of the region's own classes
};

template <class N, class P, class OnSite>
CHOKEPOINT_HD RegionChips<N> add_classes(const P& p, RegionIndex region, const OnSite& sum) {
  const N zero = N(scalar_t<N>(0));
  RegionChips<N> out{zero, zero, zero, zero};
  for (const ClassIndex c : classes(p)) {
    out.used = fma(N(p.chips.power_kw[c]), sum.installed[c], out.used);
    out.wanted = fma(N(p.chips.power_kw[c]), sum.waiting[c], out.wanted);
    out.idle = fma(N(p.chips.perf[c]), sum.waiting[c], out.idle);
    if (home_of(p, c) == region) out.domestic = fma(N(p.chips.perf[c]), sum.waiting[c], out.domestic);
  }
  return out;
}

/// Chips of a region as they stand.
template <class N, class P, class St>
CHOKEPOINT_HD RegionChips<N> region_chips(const P& p, const St& state, RegionIndex region) {
  ChipsOnSite<N, typename P::ShapeType> sum;
  for (const ClassIndex c : classes(p)) sum.installed[c] = sum.waiting[c] = N(scalar_t<N>(0));
  for (const UnitIndex i : units_of(p, region)) {
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      sum.installed[c] += state.young[k] + state.old[k];
      sum.waiting[c] += state.waiting[k];
    }
  }
  return add_classes<N>(p, region, sum);
}

/// Installs the share `installs` of what waits of a fleet.
template <class N, class St>
CHOKEPOINT_INLINE void install_fleet(const N& installs, FleetIndex k, St& state) {
  const N installed = state.waiting[k] * installs;
  state.waiting[k] -= installed;
  state.young[k] += installed;
}

/// Power and chips of a region once the share `installs` of what waits is at work.
template <class N, class F>
CHOKEPOINT_HD void count_installs(RegionIndex r, const N& installs, const RegionChips<N>& before, F& flows) {
  const N one = N(scalar_t<N>(1));
  flows.power_used[r] = fma(installs, before.wanted, before.used);
  flows.powered[r] = least(flows.power_available[r] * reciprocal(maximum(flows.power_used[r], tiny<N>())), one);
  flows.installed_share[r] = ratio_or(flows.power_used[r], before.used + before.wanted, one);
  flows.installs[r] = before.idle * installs;
  flows.domestic_installs[r] = before.domestic * installs;
  flows.idle[r] = before.idle * (one - installs);
}

/// Step 4: chips move along and old ones retire. Of the waiting chips as many are to be installed as each region's
/// power and the world's component pools allow (4.12): one share for each region, stored in `installs`. In month 0
/// nothing moves.
/// @param elapsed months since the last: 0 in month 0
template <class N, class P, class M, class St, class F, class Sh>
CHOKEPOINT_HD void move_and_power_chips(const P& p, const M& month, scalar_t<N> elapsed, const Sh& ships, St& state,
                                        F& flows, N* installs) {
  const N zero = N(0), one = N(1);
  RegionChips<N> chips[P::ShapeType::regions];
  N requested = zero;
  flows.capital_spending = zero;
  for (const RegionIndex r : regions(p)) {
    chips[r] = add_classes<N>(p, r, move_chips<N>(p, r, elapsed, ships, state, flows));
    const N room = maximum(flows.power_available[r] - chips[r].used, zero);
    installs[r] = least(room * reciprocal(maximum(chips[r].wanted, tiny<N>())), one);
    requested = fma(installs[r], chips[r].wanted, requested);
  }
  N parts = one;  // component pools (3.12)
  for (const ComponentPoolIndex b : component_pools(p)) {
    const N capacity = N(month.component_capacity[b]) * (one - state.component_outage[b]);
    parts = minimum(parts, capacity * reciprocal(maximum(requested, tiny<N>())));
  }
  for (const RegionIndex r : regions(p)) {
    installs[r] = installs[r] * parts * N(elapsed);
    const auto bound = (installs[r] < N(0.999)) & (chips[r].wanted > N(1e-3));
    flows.power_bound[r] = select(bound, N(elapsed), zero);
    count_installs<N>(r, installs[r], chips[r], flows);
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
