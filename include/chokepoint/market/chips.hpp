#pragma once

#include "chokepoint/market/state.hpp"
#include "chokepoint/numeric/elementary.hpp"

/// The upstream chip market and the export gate (docs/model.md, sections 4a and 4b).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Keeps quotients defined if nothing is ordered or made; far less than one chip.
template <class N>
CHOKEPOINT_INLINE N tiny() {
  return N(scalar_t<N>(1e-9));
}

/// Share of the chip price that a buyer in `region` pays on top: the surcharge of the regime, or the grey premium.
template <class N, class P, class St>
CHOKEPOINT_HD N trade_markup(const P& p, const St& state, ClassIndex chip_class, RegionIndex region) {
  using U = uint_t<N>;
  const ExportClassIndex x = export_class_of(p, chip_class);
  if (x < 0) return N(scalar_t<N>(0));
  const auto& surcharge = p.trade.surcharge[x][region];
  N markup = N(surcharge[regime_open]);
  markup = select(state.regime[x][region] == U(regime_window), N(surcharge[regime_window]), markup);
  markup = select(state.regime[x][region] == U(regime_quota), N(surcharge[regime_quota]), markup);
  return select(state.regime[x][region] == U(regime_ban), N(p.trade.grey_premium[x][region]), markup);
}

/// Delivered cost of a chip with the system around it (4.1), as a multiple of the vendor's chip price, at a cost
/// multiple of 1, as this is the same for all units of a region.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void price_deliveries(const P& p, const M& month, const St& state, F& flows) {
  for (const RegionIndex r : regions(p)) {
    const N paid_share = N(1) - N(month.subsidy[r]);
    for (const ClassIndex c : classes(p)) {
      flows.multiple[market_index(p, r, c)] =
          (N(p.chips.system_multiple[c]) + trade_markup<N>(p, state, c, r)) * paid_share;
    }
  }
}

/// From budgets to shipped chips, market by market. A unit's own part follows from its spending and priority.
template <class N, class S>
struct Shipments {
  N per_million[S::markets];  ///< thousand chips ordered per million USD of spending, at a cost multiple of 1
  N level[S::classes];        ///< multiple of order times priority that everybody gets (4.6)
  N shipped[S::markets];      ///< thousand chips
  N arrives[S::markets];      ///< share of what is shipped that passes the export gate or leaks (4.9)
};

/// What a unit orders of a class, thousand chips.
template <class N, class P, class St>
CHOKEPOINT_INLINE N order(const P& p, const St& state, UnitIndex unit, ClassIndex chip_class, const N& per_million) {
  return state.spending[fleet_index(p, unit, chip_class)] * (per_million * N(p.providers.inverse_cost_multiple[unit]));
}

/// What a unit is allocated of its order (4.6), thousand chips.
template <class N, class P, class St, class Sh>
CHOKEPOINT_INLINE N allocation(const P& p, const St& state, const Sh& ships, UnitIndex unit, RegionIndex region,
                               ClassIndex chip_class) {
  const N served = least(N(p.providers.priority[unit]) * ships.level[chip_class], N(scalar_t<N>(1)));
  return order<N>(p, state, unit, chip_class, ships.per_million[market_index(p, region, chip_class)]) * served;
}

/// Orders at the list price (4.2): their sums by class, and those of order times priority.
template <class N, class P, class M, class St, class F, class Sh>
CHOKEPOINT_HD void place_orders(const P& p, const M& month, const St& state, const F& flows, Sh& ships, N* total,
                                N* claims) {
  for (const ClassIndex c : classes(p)) total[c] = claims[c] = N(scalar_t<N>(0));
  for (const RegionIndex r : regions(p)) {
    for (const ClassIndex c : classes(p)) {
      const MarketIndex m = market_index(p, r, c);
      ships.per_million[m] = reciprocal(flows.multiple[m] * N(month.list_price[c]));
    }
    for (const UnitIndex i : units_of(p, r)) {
      for (const ClassIndex c : classes(p)) {
        const N chips = order<N>(p, state, i, c, ships.per_million[market_index(p, r, c)]);
        total[c] += chips;
        claims[c] = fma(N(p.providers.priority[i]), chips, claims[c]);
      }
    }
  }
}

/// Fab output of each class: the vendor splits a pool (3.7) by orders weighted with revenue per wafer (4.3), and stops
/// starting wafers for a class whose stock has reached its limit (4.4).
template <class N, class P, class St, class F>
CHOKEPOINT_HD void produce_chips(const P& p, const St& state, const N* orders, F& flows) {
  N weight[P::ShapeType::classes];
  for (const ClassIndex c : classes(p)) {
    const N log2_value = log2(state.chip_price[c] * N(p.chips.inverse_wafers[c]));
    weight[c] = (orders[c] * N(p.chips.wafers[c]) + tiny<N>()) * exp2(N(p.chips.pool_steer) * log2_value);
  }
  for (const PoolIndex f : pools(p)) {
    N output = exp2(state.fab_log2[f]);
    for (const OutageIndex k : outages(p)) {
      output = output * fma(-N(p.shocks.outage_exposure[k][f]), state.outage[k], N(1));
    }
    N weights = N(0);
    for (const ClassIndex c : classes(p)) weights += pool_of(p, c) == f ? weight[c] : N(0);
    const N per_weight = output * reciprocal(maximum(weights, tiny<N>()));
    for (const ClassIndex c : classes(p)) {
      if (pool_of(p, c) != f) continue;
      const N full = weight[c] * per_weight * N(p.chips.inverse_wafers[c]);
      const N room = fma(N(p.chips.stock_limit[c]), full, -state.stock[c]);
      flows.produced[c] = clamp(room, N(0), full);
    }
  }
}

/// Rationing by priority (4.6), water-filling: everybody gets the same multiple of order times priority, nobody more
/// than ordered. Units come in falling priority: once a unit is not served in full, no later one is. Returns that
/// multiple.
/// @param claims sum over units of order times priority
template <class N, class P, class St, class Sh>
CHOKEPOINT_HD N ration(const P& p, const St& state, const Sh& ships, ClassIndex chip_class, const N& supply, N claims) {
  N left = supply;
  N level = left * reciprocal(maximum(claims, tiny<N>()));
  for (int rank = 0; rank < units(p).size(); ++rank) {
    const UnitIndex i = unit_by_priority(p, rank);
    const N priority = N(p.providers.priority[i]);
    const auto in_full = priority * level >= N(1);
    if (!any(in_full)) break;
    const N chips = order<N>(p, state, i, chip_class, ships.per_million[market_index(p, region_of(p, i), chip_class)]);
    left = select(in_full, maximum(left - chips, N(0)), left);
    claims = select(in_full, fma(-priority, chips, claims), claims);
    // A unit that is served in full leaves more than its part to the others; rounding must not reverse this.
    level = select(in_full, maximum(level, left * reciprocal(maximum(claims, tiny<N>()))), level);
  }
  return level;
}

/// The price of a class within its band (4.5), and orders at that price; if these still exceed supply, the level at
/// which they are rationed.
template <class N, class P, class M, class St, class Sh>
CHOKEPOINT_HD void price_class(const P& p, const M& month, ClassIndex c, const N& supply, const N& total,
                               const N& claims, St& state, Sh& ships) {
  const N scarcity = log2(total + tiny<N>()) - log2(supply + tiny<N>());
  const N log2_multiple = clamp(scarcity * N(p.chips.inverse_order_exponent[c]), N(p.chips.log2_price_floor[c]),
                                N(p.chips.log2_price_cap[c]));
  const N response = exp2(-N(p.chips.order_exponent[c]) * log2_multiple);
  state.chip_price[c] = N(month.list_price[c]) * exp2(log2_multiple);
  for (const RegionIndex r : regions(p)) {
    N& per_million = ships.per_million[market_index(p, r, c)];
    per_million = per_million * response;
  }
  const auto is_short = total * response > supply;
  const N everything = N(1e38);  // times any priority above 0: more than an order
  ships.level[c] = everything;
  if (any(is_short)) {
    ships.level[c] = select(is_short, ration<N>(p, state, ships, c, supply, claims * response), everything);
  }
}

/// Step 2: chip prices clear orders against output and stock within the price band; at the cap, orders are rationed. On
/// return `state.stock` holds what is left.
template <class N, class P, class M, class St, class F, class Sh>
CHOKEPOINT_HD void clear_chip_market(const P& p, const M& month, St& state, F& flows, Sh& ships) {
  N total[P::ShapeType::classes] = {}, claims[P::ShapeType::classes] = {};
  place_orders<N>(p, month, state, flows, ships, total, claims);
  produce_chips<N>(p, state, total, flows);
  for (const ClassIndex c : classes(p)) {
    state.stock[c] += flows.produced[c];
    price_class<N>(p, month, c, state.stock[c], total[c], claims[c], state, ships);
  }
  for (const RegionIndex r : regions(p)) {
    for (const ClassIndex c : classes(p)) ships.shipped[market_index(p, r, c)] = N(0);
    for (const UnitIndex i : units_of(p, r)) {
      for (const ClassIndex c : classes(p)) {
        ships.shipped[market_index(p, r, c)] += allocation<N>(p, state, ships, i, r, c);
      }
    }
    for (const ClassIndex c : classes(p)) {
      state.stock[c] = maximum(state.stock[c] - ships.shipped[market_index(p, r, c)], N(0));
    }
  }
}

/// Installed, waiting and ordered capacity of a unit, kH100e, which counts against a cap on its region's world share.
template <class N, class P, class St>
CHOKEPOINT_HD N committed_capacity(const P& p, const St& state, UnitIndex unit) {
  N sum = N(scalar_t<N>(0));
  for (const ClassIndex c : classes(p)) {
    const FleetIndex k = fleet_index(p, unit, c);
    const N chips = (state.young[k] + state.old[k]) + (state.waiting[k] + state.pipeline[0][k]) +
                    (state.pipeline[1][k] + state.pipeline[2][k]);
    sum = fma(N(p.chips.perf[c]), chips, sum);
  }
  return sum;
}

/// Whether a cap on a region's share of the world fleet is in force this month.
template <class P, class M>
CHOKEPOINT_INLINE bool has_share_cap(const P& p, const M& month) {
  bool capped = false;
  for (const RegionIndex r : regions(p)) capped = capped || month.share_cap[r] < typename P::Real(1);
  return capped;
}

/// Shares of each region's restricted shipments that caps on its share of the world fleet let through (4.7).
template <class N, class P, class M, class St, class Sh>
CHOKEPOINT_HD void apply_share_caps(const P& p, const M& month, const St& state, const Sh& ships, N* passes) {
  using R = scalar_t<N>;
  N committed[P::ShapeType::regions];
  N world = N(0);
  for (const RegionIndex r : regions(p)) {
    committed[r] = N(0);
    for (const UnitIndex i : units_of(p, r)) {
      committed[r] += committed_capacity<N>(p, state, i);
    }
    world += committed[r];
  }
  for (const RegionIndex r : regions(p)) {
    if (!(month.share_cap[r] < R(1))) continue;
    N shipped = N(0);
    for (const ClassIndex c : classes(p)) {
      if (export_class_of(p, c) < 0) continue;
      shipped = fma(N(p.chips.perf[c]), ships.shipped[market_index(p, r, c)], shipped);
    }
    const N room = maximum(fma(N(month.share_cap[r]), world, -committed[r]), N(0));
    passes[r] = minimum(room * reciprocal(maximum(shipped, tiny<N>())), N(1));
  }
}

/// Step 3 for one export class and region: of the chips that the regime stops, a part leaks through grey channels (4.8)
/// and the rest returns to the vendor's stock. Orders decided under a ban were placed through grey channels from the
/// start, so all of them count as leaks. The ban stops orders decided before it.
template <class N, class P, class M, class St, class F, class Sh>
CHOKEPOINT_HD void gate_shipments(const P& p, const M& month, ExportClassIndex x, RegionIndex r, const N& cap_passes,
                                  const St& state, F& flows, Sh& ships) {
  using U = uint_t<N>;
  const N one = N(1), zero = N(0);
  const auto banned = state.regime[x][r] == U(regime_ban);
  const auto grey_order = banned & (state.regime_at_order[x][r] == U(regime_ban));
  N shipped = zero;
  for (const ClassIndex c : classes(p)) {
    if (export_class_of(p, c) == x) shipped += ships.shipped[market_index(p, r, c)];
  }
  const N quota_passes = minimum(N(month.quota[x][r]) * reciprocal(maximum(shipped, tiny<N>())), one);
  N passes = select(state.regime[x][r] == U(regime_quota), minimum(quota_passes, cap_passes), cap_passes);
  passes = select(banned, zero, passes);
  const N leaks = select(grey_order, one, (one - passes) * N(p.trade.leak_share[x][r]));
  for (const ClassIndex c : classes(p)) {
    if (export_class_of(p, c) != x) continue;
    const MarketIndex m = market_index(p, r, c);
    ships.arrives[m] = passes + leaks;
    flows.leaked[m] = ships.shipped[m] * leaks;
  }
}

/// Step 3: what enters the pipelines, what leaks, what returns to the vendors' stock (4.7 to 4.9).
template <class N, class P, class M, class St, class F, class Sh>
CHOKEPOINT_HD void pass_export_gate(const P& p, const M& month, St& state, F& flows, Sh& ships) {
  N cap_passes[P::ShapeType::regions];
  for (const RegionIndex r : regions(p)) cap_passes[r] = N(1);
  if (has_share_cap(p, month)) apply_share_caps<N>(p, month, state, ships, cap_passes);
  for (const MarketIndex m : markets(p)) {
    flows.leaked[m] = N(0);
    ships.arrives[m] = N(1);
  }
  for (const RegionIndex r : regions(p)) {
    for (const ExportClassIndex x : export_classes(p)) {
      gate_shipments<N>(p, month, x, r, cap_passes[r], state, flows, ships);
    }
  }
  for (const ClassIndex c : classes(p)) {
    flows.returned[c] = N(0);
    for (const RegionIndex r : regions(p)) {
      const MarketIndex m = market_index(p, r, c);
      flows.delivered[m] = ships.shipped[m] * ships.arrives[m];
      flows.returned[c] += ships.shipped[m] - flows.delivered[m];
    }
    state.stock[c] += flows.returned[c];
  }
}

/// Month 0 is observed, not drawn: nothing is made or shipped. So all paths, and the no-shock twin, start alike.
template <class N, class P, class F>
CHOKEPOINT_HD void ship_nothing(const P& p, F& flows) {
  const N zero = N(scalar_t<N>(0));
  for (const ClassIndex c : classes(p)) flows.produced[c] = flows.returned[c] = zero;
  for (const MarketIndex m : markets(p)) flows.delivered[m] = flows.leaked[m] = zero;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
