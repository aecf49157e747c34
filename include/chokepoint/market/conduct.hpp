#pragma once

#include "chokepoint/market/settlement.hpp"
#include "chokepoint/market/shocks.hpp"

/// Price wars, cash, exit and consolidation (docs/model.md, sections 4e and 4f).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Step 6 (4.13; Green and Porter 1984): a war may start where utilisation has fallen under the trigger, and ends with
/// a constant hazard. It governs next month's conduct. Dated turns are applied after the draw.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void update_price_wars(const P& p, const M& month, const Draws<N>& draws, const F& flows, St& state) {
  WordStream<N> words(draws, Source::conduct);
  for (const RegionIndex r : regions(p)) {
    if (is_random(p, Source::conduct)) {
      const N start = words.next_uniform();
      const N end = words.next_uniform();
      const auto at_war = state.war[r] > N(0.5);
      const auto starts = (flows.utilisation[r] < N(p.regions.war_trigger[r])) & (start < N(p.regions.war_start[r]));
      const auto ends = end < N(p.regions.war_end[r]);
      const N peace = select(starts, N(1), N(0));
      const N war = select(ends, N(0), N(1));
      state.war[r] = select(at_war, war, peace);
    }
    state.war[r] = turned_flag(state.war[r], month.war_turn[r]);
  }
}

/// Cash before month 0: the runway, in months of fixed charges. Must run while `flows.costs` holds nothing else.
template <class N, class P, class F, class St>
CHOKEPOINT_HD void start_cash(const P& p, const F& flows, St& state) {
  for (const UnitIndex i : units(p)) state.cash[i] = N(p.providers.runway[i]) * flows.costs[i];
}

/// Step 7, first part: revenue less running cost less the fixed share of capital (4.16).
template <class N, class P, class F, class St>
CHOKEPOINT_HD void settle_cash(const P& p, const F& flows, St& state) {
  for (const UnitIndex i : units(p)) state.cash[i] += flows.revenue[i] - flows.costs[i];
}

/// Hands the chips of one class and state (an age, a pipeline stage) from a region's leavers to its survivors in
/// proportion to their size (4.17).
template <class N, class P>
CHOKEPOINT_HD void consolidate(const P& p, RegionIndex region, ClassIndex chip_class, const N* leaves, const N* takes,
                               N* chips, N& scrapped) {
  const N zero = N(0);
  N freed = zero, moved = zero;
  for (const UnitIndex i : units_of(p, region)) {
    N& own = chips[fleet_index(p, i, chip_class)];
    const auto gone = leaves[i] > N(0.5);
    freed += select(gone, own, zero);
    own = select(gone, zero, own);
  }
  const N transferred = freed * N(p.finance.transfer_share);
  for (const UnitIndex i : units_of(p, region)) {
    const N part = transferred * takes[i];
    chips[fleet_index(p, i, chip_class)] += part;
    moved += part;
  }
  scrapped += freed - moved;
}

/// A region's leavers go, and its survivors take over their chips. Idle chips and the share that runs are computed
/// again only on the paths on which a unit leaves: a new sum rounds differently, and no path may depend on the others
/// in its bundle.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void consolidate_region(const P& p, RegionIndex r, const N* leaves, const mask_t<N>& somebody_leaves,
                                      St& state, F& flows) {
  const N zero = N(scalar_t<N>(0)), one = N(scalar_t<N>(1));
  N takes[P::ShapeType::units], size = zero;
  for (const UnitIndex i : units_of(p, r)) {
    state.alive[i] -= leaves[i];
    takes[i] = state.alive[i] * flows.unit_fleet[i];
    size += takes[i];
  }
  for (const UnitIndex i : units_of(p, r)) takes[i] = ratio_or(takes[i], size, zero);
  for (const ClassIndex c : classes(p)) {
    N* const stocks[] = {state.young,       state.old,         state.waiting,
                         state.pipeline[0], state.pipeline[1], state.pipeline[2]};
    for (N* chips : stocks) consolidate<N>(p, r, c, leaves, takes, chips, flows.scrapped[c]);
  }
  const RegionChips<N> chips = region_chips<N>(p, state, r);
  flows.idle[r] = select(somebody_leaves, chips.idle, flows.idle[r]);
  const N installed = ratio_or(chips.used, chips.used + chips.wanted, one);
  flows.installed_share[r] = select(somebody_leaves, installed, flows.installed_share[r]);
}

/// Step 7, second part: units without deep pockets that have run out of cash leave; survivors of their region take over
/// a share of their chips, installed and under way, and the rest is scrapped.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void exit_providers(const P& p, St& state, F& flows) {
  const N zero = N(0), one = N(1);
  N leaves[P::ShapeType::units], leavers = zero;
  for (const ClassIndex c : classes(p)) flows.scrapped[c] = zero;
  for (const UnitIndex i : units(p)) {
    const auto out = (state.cash[i] < zero) & (state.alive[i] > N(0.5));
    leaves[i] = p.providers.deep_pockets[i] ? zero : select(out, one, zero);
    leavers += leaves[i];
  }
  if (!any(leavers > zero)) return;
  for (const RegionIndex r : regions(p)) {
    N region_leavers = zero;
    for (const UnitIndex i : units_of(p, r)) region_leavers += leaves[i];
    const auto somebody = region_leavers > zero;
    if (any(somebody)) consolidate_region<N>(p, r, leaves, somebody, state, flows);
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
