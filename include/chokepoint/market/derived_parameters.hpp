#pragma once

#include "chokepoint/market/parameters.hpp"

/// Parameters that follow from others, computed once so that no path computes them again. `lower()` ends with `derive`;
/// code that fills a block by hand, or changes the inputs of these parameters, must call it too.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Whether exports of a class to a region are banned on every path and in every month, and nothing leaks.
template <class P>
bool is_banned_for_good(const P& p, RegionIndex region, ClassIndex chip_class) {
  const ExportClassIndex x = export_class_of(p, chip_class);
  if (x < 0 || p.shocks.regime_start[x][region] != regime_ban || p.shocks.regime_moves[x][region]) return false;
  if (p.trade.leak_share[x][region] > 0) return false;
  for (int t = 0; t < p.sizes.months; ++t) {
    const auto scheduled = p.calendar[t].scheduled_regime[x][region];
    if (scheduled >= 0 && scheduled != regime_ban) return false;
  }
  return true;
}

/// A class that is banned for good exists in a region only if its units start with it. It then stays there, as other
/// units take over the chips of one that leaves.
template <class P>
bool is_barred(const P& p, RegionIndex region, ClassIndex chip_class) {
  if (!is_banned_for_good(p, region, chip_class)) return false;
  const auto& q = p.providers;
  for (const UnitIndex i : units_of(p, region)) {
    if (q.start_young[i][chip_class] > 0 || q.start_old[i][chip_class] > 0 || q.start_pipeline[i][chip_class] > 0)
      return false;
  }
  return true;
}

template <class P>
void derive_suppliers(P& p) {
  using R = typename P::Real;
  auto& q = p.providers;
  for (const UnitIndex i : units(p)) {
    q.inverse_cost_multiple[i] = R(1) / q.cost_multiple[i];
    q.capital_multiple[i] = q.kind[i] == provider_community ? R(0) : q.cost_multiple[i];
    q.low_cost[i] = R(1) - q.dispersion[i];
    q.cost_spread[i] = q.dispersion[i] + q.dispersion[i];
  }
  for (const RegionIndex r : regions(p)) {
    for (const ClassIndex c : classes(p)) p.regions.barred[r][c] = is_barred(p, r, c);
  }
}

template <class P>
void derive_buyers(P& p) {
  using R = typename P::Real;
  auto& d = p.demand;
  d.least_elasticity = d.sigma;
  for (const MarketIndex m : markets(p)) d.has_buyers[m] = 0;
  for (const SegmentIndex s : segments(p)) {
    const R least = d.elasticity[s] * R(0.99);
    d.least_elasticity = least < d.least_elasticity ? least : d.least_elasticity;
    for (const MarketIndex m : markets(p)) {
      d.weight_squared[s][m] = d.weight[s][m] * d.weight[s][m];
      if (d.weight[s][m] > R(0)) d.has_buyers[m] = 1;
    }
  }
}

template <class P>
void derive(P& p) {
  using R = typename P::Real;
  derive_suppliers(p);
  derive_buyers(p);
  auto& kinks = p.solver;
  kinks.two_kinks = kinks.kink + kinks.kink;
  kinks.over_kink = R(1) + kinks.kink;
  kinks.under_kink = R(1) - kinks.kink;
  kinks.inverse_four_caps = R(0.5) / (kinks.over_kink - kinks.under_kink);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
