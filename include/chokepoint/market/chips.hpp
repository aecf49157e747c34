#pragma once

#include "chokepoint/market/state.hpp"
#include "chokepoint/numeric/elementary.hpp"

/// The upstream chip market and the export gate (docs/model.md, sections 4.2 and 4.3).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Keeps quotients defined where nothing is ordered or made; far under one chip.
template <class N>
CHOKEPOINT_INLINE N tiny() {
  return N(scalar_t<N>(1e-9));
}

/// Share of the chip price that a buyer in `region` pays on top: the surcharge of the regime, or the grey premium.
template <class N, class P, class St>
CHOKEPOINT_HD N trade_markup(const P& p, const St& state, int chip_class, int region) {
  using U = uint_t<N>;
  const int x = p.chips.export_class[chip_class];
  if (x < 0) return N(scalar_t<N>(0));
  const auto& surcharge = p.trade.surcharge[x][region];
  N markup = N(surcharge[regime_open]);
  markup = select(state.regime[x][region] == U(regime_window), N(surcharge[regime_window]), markup);
  markup = select(state.regime[x][region] == U(regime_quota), N(surcharge[regime_quota]), markup);
  return select(state.regime[x][region] == U(regime_ban), N(p.trade.grey_premium[x][region]), markup);
}

/// Delivered cost of a chip with the system around it, as a multiple of the vendor's chip price.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void price_deliveries(const P& p, const M& month, const St& state, F& flows) {
  using R = scalar_t<N>;
  for (int r = 0; r < regions(p); ++r) {
    const N paid_share = N(R(1)) - N(month.subsidy[r]);
    for (int c = 0; c < classes(p); ++c) {
      const N multiple = (N(p.chips.system_multiple[c]) + trade_markup<N>(p, state, c, r)) * paid_share;
      for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
        flows.delivered_multiple[fleet_index(p, i, c)] = multiple * N(p.providers.cost_multiple[i]);
      }
    }
  }
}

/// Orders at the list price, in thousand chips, and their sum per class.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void place_orders(const P& p, const M& month, const St& state, F& flows, N* total) {
  for (int c = 0; c < classes(p); ++c) {
    const N list_price = N(month.list_price[c]);
    total[c] = N(scalar_t<N>(0));
    for (int i = 0; i < units(p); ++i) {
      const int k = fleet_index(p, i, c);
      flows.ordered[k] = state.spending[k] * reciprocal(flows.delivered_multiple[k] * list_price);
      total[c] += flows.ordered[k];
    }
  }
}

/// Fab output of each class: the vendor splits a pool by orders weighted with revenue per wafer, and stops starting
/// wafers for a class whose stock has reached its limit.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void produce_chips(const P& p, const St& state, const N* orders, F& flows) {
  using R = scalar_t<N>;
  N weight[P::ShapeType::classes];
  for (int c = 0; c < classes(p); ++c) {
    const N log2_value = log2(state.chip_price[c] * N(p.chips.inverse_wafers[c]));
    weight[c] = (orders[c] * N(p.chips.wafers[c]) + tiny<N>()) * exp2(N(p.chips.pool_steer) * log2_value);
  }
  for (int f = 0; f < pools(p); ++f) {
    N output = exp2(state.fab_log2[f]);
    for (int k = 0; k < p.sizes.outages; ++k) {
      output = output * fma(-N(p.shocks.outage_exposure[k][f]), state.outage[k], N(R(1)));
    }
    N weights = N(R(0));
    for (int c = 0; c < classes(p); ++c) weights += p.chips.pool[c] == f ? weight[c] : N(R(0));
    const N per_weight = output * reciprocal(maximum(weights, tiny<N>()));
    for (int c = 0; c < classes(p); ++c) {
      if (p.chips.pool[c] != f) continue;
      const N full = weight[c] * per_weight * N(p.chips.inverse_wafers[c]);
      const N room = fma(N(p.chips.stock_limit[c]), full, -state.stock[c]);
      flows.produced[c] = clamp(room, N(R(0)), full);
    }
  }
}

/// Rationing by priority (water-filling): everybody gets the same multiple of order times priority, nobody more than
/// ordered. Units come in falling priority, so once one is not served in full, none after it is.
template <class N, class P>
CHOKEPOINT_HD void ration_orders(const P& p, int chip_class, const N& supply, N* ordered) {
  using R = scalar_t<N>;
  N left = supply;
  N claims = N(R(0));
  for (int i = 0; i < units(p); ++i) {
    claims = fma(N(p.providers.priority[i]), ordered[fleet_index(p, i, chip_class)], claims);
  }
  N level = left * reciprocal(maximum(claims, tiny<N>()));
  for (int k = 0; k < units(p); ++k) {
    const int i = p.providers.by_priority[k];
    N& order = ordered[fleet_index(p, i, chip_class)];
    const N claim = N(p.providers.priority[i]) * order;
    const auto in_full = N(p.providers.priority[i]) * level >= N(R(1));
    const N granted = minimum(order, level * claim);
    left = maximum(select(in_full, left - order, left), N(R(0)));
    claims = select(in_full, claims - claim, claims);
    level = select(in_full, left * reciprocal(maximum(claims, tiny<N>())), level);
    order = select(in_full, order, granted);
  }
}

/// Step 2: chip prices clear orders against output and stock within the price band; at the cap, orders are rationed.
/// On return `flows.delivered` holds what each unit was allocated and `state.stock` what is left.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void clear_chip_market(const P& p, const M& month, St& state, F& flows) {
  using R = scalar_t<N>;
  N total[P::ShapeType::classes] = {};
  place_orders<N>(p, month, state, flows, total);
  produce_chips<N>(p, state, total, flows);
  for (int c = 0; c < classes(p); ++c) {
    const N supply = state.stock[c] + flows.produced[c];
    const N scarcity = log2(total[c] + tiny<N>()) - log2(supply + tiny<N>());
    const N log2_multiple = clamp(scarcity * N(p.chips.inverse_order_exponent[c]), N(p.chips.log2_price_floor[c]),
                                  N(p.chips.log2_price_cap[c]));
    state.chip_price[c] = N(month.list_price[c]) * exp2(log2_multiple);
    const N response = exp2(-N(p.chips.order_exponent[c]) * log2_multiple);
    for (int i = 0; i < units(p); ++i) {
      const int k = fleet_index(p, i, c);
      flows.ordered[k] = flows.ordered[k] * response;
      flows.delivered[k] = flows.ordered[k];
    }
    const auto is_short = total[c] * response > supply;
    if (any(is_short)) {
      ration_orders<N>(p, c, supply, flows.delivered);
      for (int i = 0; i < units(p); ++i) {
        const int k = fleet_index(p, i, c);
        flows.delivered[k] = select(is_short, flows.delivered[k], flows.ordered[k]);
      }
    }
    N sold = N(R(0));
    for (int i = 0; i < units(p); ++i) sold += flows.delivered[fleet_index(p, i, c)];
    state.stock[c] = maximum(supply - sold, N(R(0)));
  }
}

/// Chips of an export class on their way to a region this month.
template <class N, class P, class F>
CHOKEPOINT_HD N shipments(const P& p, const F& flows, int export_class, int region) {
  N sum = N(scalar_t<N>(0));
  for (int c = 0; c < classes(p); ++c) {
    if (p.chips.export_class[c] != export_class) continue;
    for (int i = p.providers.first[region]; i < p.providers.first[region + 1]; ++i) {
      sum += flows.delivered[fleet_index(p, i, c)];
    }
  }
  return sum;
}

/// Installed, waiting and ordered capacity in a region, kH100e; what counts against a cap on its world share.
template <class N, class P, class St>
CHOKEPOINT_HD N committed_capacity(const P& p, const St& state, int unit) {
  N sum = N(scalar_t<N>(0));
  for (int c = 0; c < classes(p); ++c) {
    const int k = fleet_index(p, unit, c);
    const N chips = (state.young[k] + state.old[k]) + (state.waiting[k] + state.pipeline[0][k]) +
                    (state.pipeline[1][k] + state.pipeline[2][k]);
    sum = fma(N(p.chips.perf[c]), chips, sum);
  }
  return sum;
}

/// Share of a region's restricted shipments that a cap on its share of the world fleet lets through.
template <class N, class P, class F>
CHOKEPOINT_HD N share_cap_passes(const P& p, const F& flows, int region, const N& cap, const N& region_committed,
                                 const N& world_committed) {
  using R = scalar_t<N>;
  N shipped = N(R(0));
  for (int c = 0; c < classes(p); ++c) {
    if (p.chips.export_class[c] < 0) continue;
    for (int i = p.providers.first[region]; i < p.providers.first[region + 1]; ++i) {
      shipped = fma(N(p.chips.perf[c]), flows.delivered[fleet_index(p, i, c)], shipped);
    }
  }
  const N room = maximum(fma(cap, world_committed, -region_committed), N(R(0)));
  return minimum(room * reciprocal(maximum(shipped, tiny<N>())), N(R(1)));
}

/// Step 3 for one export class and region: what the regime cuts leaks in part through grey channels, and the rest
/// returns to the vendor's stock. Orders that were decided under a ban were placed with grey channels to begin with:
/// they are leaks already. Orders decided before the ban are caught by it.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void gate_shipments(const P& p, const M& month, int x, int r, const N& cap_passes, St& state, F& flows) {
  using R = scalar_t<N>;
  using U = uint_t<N>;
  const N one = N(R(1)), zero = N(R(0));
  const auto banned = state.regime[x][r] == U(regime_ban);
  const auto grey_order = banned & (state.regime_at_order[x][r] == U(regime_ban));
  const N shipped = shipments<N>(p, flows, x, r);
  const N quota_passes =
      minimum(N(month.quota[x][r]) * reciprocal(maximum(shipped, tiny<N>())), one);
  N passes = select(state.regime[x][r] == U(regime_quota), minimum(quota_passes, cap_passes), cap_passes);
  passes = select(banned, zero, passes);
  const N leaks = select(grey_order, one, (one - passes) * N(p.trade.leak_share[x][r]));
  const N arrives = passes + leaks;
  for (int c = 0; c < classes(p); ++c) {
    if (p.chips.export_class[c] != x) continue;
    N leaked = zero;
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      N& chips = flows.delivered[fleet_index(p, i, c)];
      const N before = chips;
      leaked = fma(before, leaks, leaked);
      chips = before * arrives;
      flows.returned[c] += before - chips;
    }
    flows.leaked[market_index(p, r, c)] = leaked;
  }
}

template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void pass_export_gate(const P& p, const M& month, St& state, F& flows) {
  using R = scalar_t<N>;
  N committed[P::ShapeType::regions];
  N world = N(R(0));
  for (int r = 0; r < regions(p); ++r) {
    committed[r] = N(R(0));
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      committed[r] += committed_capacity<N>(p, state, i);
    }
    world += committed[r];
  }
  for (int c = 0; c < classes(p); ++c) flows.returned[c] = N(R(0));
  for (int m = 0; m < markets(p); ++m) flows.leaked[m] = N(R(0));
  for (int r = 0; r < regions(p); ++r) {
    N cap_passes = N(R(1));
    if (month.share_cap[r] < R(1)) {
      cap_passes = share_cap_passes<N>(p, flows, r, N(month.share_cap[r]), committed[r], world);
    }
    for (int x = 0; x < p.sizes.export_classes; ++x) gate_shipments<N>(p, month, x, r, cap_passes, state, flows);
  }
  for (int c = 0; c < classes(p); ++c) state.stock[c] += flows.returned[c];
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
