#pragma once

#include "chokepoint/market/conduct.hpp"

/// Step 8: what each unit orders for next month (docs/model.md, section 4g).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Rental price that a buyer of a class expects: the market's, or if the class is new there, the region's or the
/// world's.
template <class N, class P, class F>
CHOKEPOINT_HD N expected_price(const P& p, const F& flows, RegionIndex region, ClassIndex chip_class) {
  const MarketIndex m = market_index(p, region, chip_class);
  const N fallback =
      select(flows.regional_price[region] < missing<N>(), flows.regional_price[region], flows.world_price);
  return select(is_open<N>(p, flows, m), flows.price[m], fallback) * N(p.finance.expected_decline);
}

/// The terms of (4.18) that all buyers of a region share, by class.
template <class N, class S>
struct Prospects {
  N margin[S::classes];        ///< rental price expected, less energy, USD per H100e-hour
  N inverse_cost[S::classes];  ///< 1 / (k_c P_c Gamma), at a cost multiple of 1
};

template <class N, class P, class St, class F>
CHOKEPOINT_HD Prospects<N, typename P::ShapeType> prospects(const P& p, const St& state, const F& flows,
                                                            RegionIndex region) {
  Prospects<N, typename P::ShapeType> out;
  for (const ClassIndex c : classes(p)) {
    const MarketIndex m = market_index(p, region, c);
    out.margin[c] = expected_price<N>(p, flows, region, c) - energy_cost<N>(p, flows, region, c);
    out.inverse_cost[c] = reciprocal(N(p.chips.capital_hours[c]) * state.chip_price[c] * flows.multiple[m]);
  }
  return out;
}

/// The effect of export rules on a region's orders, by class.
template <class N, class S>
struct OrderRules {
  mask_t<N> banned[S::classes];
  N reach[S::classes];      ///< share of an order that arrives: the leak share under a ban, else 1
  bool some_banned;         ///< on some path of the bundle
  N stockpile[S::classes];  ///< multiple: while a window is open that may close, buyers order ahead of need
};

template <class N, class P, class St>
CHOKEPOINT_HD OrderRules<N, typename P::ShapeType> order_rules(const P& p, const St& state, RegionIndex region) {
  using U = uint_t<N>;
  const N one = N(scalar_t<N>(1));
  OrderRules<N, typename P::ShapeType> rules;
  rules.some_banned = false;
  for (const ClassIndex c : classes(p)) {
    const ExportClassIndex x = export_class_of(p, c);
    rules.banned[c] = mask_t<N>(false);
    rules.reach[c] = rules.stockpile[c] = one;
    if (x < 0) continue;
    const U regime = state.regime[x][region];
    rules.banned[c] = regime == U(regime_ban);
    rules.some_banned = rules.some_banned || any(rules.banned[c]);
    rules.reach[c] = select(rules.banned[c], N(p.trade.leak_share[x][region]), one);
    rules.stockpile[c] = select(regime == U(regime_window), N(p.trade.stockpile[x][region]), one);
  }
  return rules;
}

/// What all buyers of a region have in common when they choose what to order.
template <class N, class S>
struct BuyersOutlook {
  RegionIndex region;
  Prospects<N, S> prospects;
  OrderRules<N, S> rules;
};

/// Of the classes that a region may not buy, only the leak share is ordered. The money that this frees goes to the
/// classes that it may buy, or is not spent if there are none (4.19).
template <class N, class P, class Rules>
CHOKEPOINT_HD void redirect_banned_orders(const P& p, const Rules& rules, N* share) {
  const N zero = N(0), one = N(1);
  N freed = zero, open = zero;
  for (const ClassIndex c : classes(p)) {
    const N reached = share[c] * rules.reach[c];
    freed += share[c] - reached;
    open += select(rules.banned[c], zero, share[c]);
    share[c] = reached;
  }
  const N raise = fma(freed, reciprocal(maximum(open, N(1e-6))), one);
  const auto none_is_open = open < N(1e-6);
  for (const ClassIndex c : classes(p)) share[c] = share[c] * select(rules.banned[c] | none_is_open, one, raise);
}

/// The policy floor (4.20): the region's own classes get at least the floor's share of spending. Total spending does
/// not change.
template <class N, class P, class M>
CHOKEPOINT_HD void apply_domestic_floor(const P& p, const M& month, RegionIndex region, N* share) {
  using R = scalar_t<N>;
  if (!(month.domestic_floor[region] > R(0))) return;
  const N zero = N(0), one = N(1), floor = N(month.domestic_floor[region]);
  N domestic = zero, total = zero;
  for (const ClassIndex c : classes(p)) {
    total += share[c];
    if (home_of(p, c) == region) domestic += share[c];
  }
  const N least = N(1e-6) * total, wanted = floor * total;
  const auto binds = (domestic < wanted) & (domestic > least);
  const N raise = select(binds, wanted * reciprocal(maximum(domestic, tiny<N>())), one);
  const N cut = select(binds, (total - wanted) * reciprocal(maximum(total - domestic, tiny<N>())), one);
  for (const ClassIndex c : classes(p)) share[c] = share[c] * (home_of(p, c) == region ? raise : cut);
}

/// q^lambda, the weight of a class in the mix (4.19). lambda is 2 in most scenarios.
template <class N, class P>
CHOKEPOINT_INLINE N choice_weight(const P& p, const N& q) {
  if (p.finance.class_choice == scalar_t<N>(2)) return square(q);
  return exp2(N(p.finance.class_choice) * log2(q));
}

/// Logit of the class mix (4.19) on log q, Tobin's q of a chip (4.18): its expected lifetime margin over its delivered
/// cost, within the config's bounds. Chips that wait for power or parts lower it: a buyer who sees racks wait orders
/// less. Returns the mean q of the mix; on return `share` holds orders by class as multiples of the budget, with
/// stockpiling included and the policy floor applied.
template <class N, class P, class M, class F>
CHOKEPOINT_HD N choose_classes(const P& p, const M& month, const F& flows,
                               const BuyersOutlook<N, typename P::ShapeType>& outlook, UnitIndex unit, N* share) {
  const auto& [region, sees, rules] = outlook;
  const bool has_floor = p.providers.kind[unit] == provider_commercial || p.providers.kind[unit] == provider_public;
  N q[P::ShapeType::classes];
  N total = N(0), mean_q = total;
  const N occupancy = least(flows.utilisation[region], N(p.providers.occupancy_limit[unit]));
  const N scale = occupancy * (flows.installed_share[region] * N(p.providers.inverse_cost_multiple[unit]));
  for (const ClassIndex c : classes(p)) {
    const N margin = sees.margin[c] - N(p.providers.operations[unit]);
    q[c] = least(greatest(margin * (sees.inverse_cost[c] * scale), N(p.finance.q_min)), N(p.finance.q_max));
    share[c] = choice_weight<N>(p, q[c]);
    total += share[c];
  }
  const N per_total = reciprocal(greatest(total, N(1e-12)));
  for (const ClassIndex c : classes(p)) share[c] = share[c] * per_total;
  if (rules.some_banned) redirect_banned_orders<N>(p, rules, share);
  if (has_floor) apply_domestic_floor<N>(p, month, region, share);
  for (const ClassIndex c : classes(p)) {
    mean_q = fma(share[c], q[c], mean_q);
    share[c] = share[c] * rules.stockpile[c];
  }
  if (has_floor) apply_domestic_floor<N>(p, month, region, share);
  return mean_q;
}

/// A unit spends more if its rivals' fleets, orders included, have grown faster than its own since the start (4.22). In
/// log2.
template <class N, class P, class F>
CHOKEPOINT_HD N arms_race(const P& p, const F& flows, UnitIndex unit, const N& world, scalar_t<N> start_world,
                          const N& log2_most) {
  using R = scalar_t<N>;
  const R start_own = p.providers.start_fleet[unit];
  if (!(start_own > R(0))) return N(0);
  const N own = greatest(flows.unit_orders[unit], tiny<N>());
  const N lead = (world - own) * N(start_own) * reciprocal(own * N(maximum(start_world - start_own, R(1e-9))));
  return least(greatest(N(p.finance.arms_race) * log2(greatest(lead, N(1e-6))), N(0)), log2_most);
}

/// A reversal of sentiment cuts budgets, and more so with more leverage.
template <class N, class P, class St>
CHOKEPOINT_HD N sentiment_multiple(const P& p, const St& state, UnitIndex unit) {
  const N one = N(scalar_t<N>(1));
  const N in_reversal = N(p.shocks.reversal_capex) * (one - N(p.providers.leverage[unit]));
  return blend(state.reversal, one, in_reversal);
}

/// Spending of every unit on every class (4.21), ordered next month.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void invest(const P& p, const M& month, St& state, F& flows) {
  using R = scalar_t<N>;
  const N demand_index = flows.world_demand * reciprocal(state.start_demand);
  const N growth = exp2(N(p.finance.demand_exponent) * log2(demand_index));
  N world = N(0);
  R start_world = R(0);
  for (const UnitIndex i : units(p)) {
    world += flows.unit_orders[i];
    start_world += p.providers.start_fleet[i];
  }
  const N log2_most = log2(N(p.finance.arms_race_max));
  N share[P::ShapeType::classes];
  for (const RegionIndex r : regions(p)) {
    const BuyersOutlook<N, typename P::ShapeType> outlook{r, prospects<N>(p, state, flows, r),
                                                          order_rules<N>(p, state, r)};
    for (const UnitIndex i : units_of(p, r)) {
      const N mean_q = choose_classes<N>(p, month, flows, outlook, i, share);
      const N race = arms_race<N>(p, flows, i, world, start_world, log2_most);
      const N appetite = exp2(fma(N(p.finance.q_exponent), log2(greatest(mean_q, N(p.finance.q_min))), race));
      const N total =
          N(p.providers.budget[i]) * state.alive[i] * growth * appetite * sentiment_multiple<N>(p, state, i);
      for (const ClassIndex c : classes(p)) state.spending[fleet_index(p, i, c)] = total * share[c];
    }
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
