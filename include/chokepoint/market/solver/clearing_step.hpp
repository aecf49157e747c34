#pragma once

#include "chokepoint/numeric/elementary.hpp"

/// The parts of the solver of the coupled clearing (docs/model.md, section 5e): the response of a system of markets at
/// given prices, the test whether it has cleared, and the steps towards that.
namespace chokepoint {

/// The response of a System at given prices, one entry for each market; markets come in groups (regions).
template <class N, int Markets, int Groups>
struct MarketResponse {
  N residual[Markets];     ///< supply / demand - 1
  N slope[Markets];        ///< d residual / d ln own price
  N lever[Markets];        ///< -d residual / d ln demand
  N weight[Markets];       ///< demand, kH100e
  N pull[Groups][Groups];  ///< d ln demand of the row's group / d ln mean price of the column's, by substitution only
};

/// Where a path's solve ended.
template <class N>
struct Solution {
  N iterations;
  N residual;  ///< largest over the markets; markets at their ceiling count as cleared
  mask_t<N> solved;
};

inline namespace CHOKEPOINT_TARGET {

template <class N>
struct ClearingLimits {
  scalar_t<N> tolerance;
  int newton_limit, sweep_limit;
  /// Prices stay within this of 1, in log2. A price that ends there has diverged: only a ceiling below it rations.
  scalar_t<N> log2_bound = scalar_t<N>(1e6);
  /// A market counts as cleared if a price this close, in ln, would bring it within the tolerance: where capacity is
  /// idle, supply is so steep that the next representable prices miss. The distance grows with |log2 price| / 4 where
  /// that is above 1 (5.18b).
  scalar_t<N> price_tolerance = scalar_t<N>(0);
};

/// A market stands still, whatever the others do, where it is empty, or short of supply at its price ceiling, which
/// then rations it (5.18b).
template <class N, class System, class Response>
CHOKEPOINT_INLINE mask_t<N> stands_still(const System& system, const ClearingLimits<N>& limits, const N* log2_price,
                                         const Response& response, int m) {
  auto still = !system.active(m);
  if (system.log2_ceiling(m) < limits.log2_bound)
    still = still | ((log2_price[m] >= N(system.log2_ceiling(m))) & (response.residual[m] < N(0)));
  return still;
}

/// Takes the markets that stand still out of the step that follows.
template <class N, class System, class Response>
CHOKEPOINT_HD void hold_still(const System& system, const ClearingLimits<N>& limits, const N* log2_price,
                              Response& response) {
  for (int m = 0; m < system.markets(); ++m) {
    const auto still = stands_still<N>(system, limits, log2_price, response, m);
    response.residual[m] = select(still, N(0), response.residual[m]);
    response.lever[m] = select(still, N(0), response.lever[m]);
  }
}

/// Largest residual over the markets that do not stand still, less what the price tolerance forgives (5.18b).
template <class N, class System, class Response>
CHOKEPOINT_HD N largest_residual(const System& system, const ClearingLimits<N>& limits, const N* log2_price,
                                 const Response& response) {
  using R = scalar_t<N>;
  N largest = N(0);
  for (int m = 0; m < system.markets(); ++m) {
    const auto still = stands_still<N>(system, limits, log2_price, response, m);
    // A residual that is NaN counts as a huge one, as comparisons with NaN would let it pass. A logarithm has a fixed
    // number of digits: the farther the price is from 1, the fewer come after the point.
    const N off = greatest(absolute(log2_price[m]) * N(limits.price_tolerance * R(0.25)), N(limits.price_tolerance));
    const N size = fma(-off, response.slope[m], absolute(response.residual[m]));
    largest = greatest(largest, select(still, N(0), least(size, N(1e30))));
  }
  return largest;
}

/// Solves (I - H) y = b for an M-matrix, which it is by (5.17), so that no pivot is needed. Leaves y in b.
template <class N, int Groups>
CHOKEPOINT_HD void solve_groups(N (&h)[Groups][Groups], int count, N* b) {
  N inverse[Groups];
  for (int k = 0; k < count; ++k) {
    inverse[k] = reciprocal(maximum(N(1) - h[k][k], N(1e-3)));
    for (int i = k + 1; i < count; ++i) {
      const N factor = h[i][k] * inverse[k];
      for (int j = k + 1; j < count; ++j) h[i][j] = fma(factor, h[k][j], h[i][j]);
      b[i] = fma(factor, b[k], b[i]);
    }
  }
  for (int k = count - 1; k >= 0; --k) {
    for (int j = k + 1; j < count; ++j) b[k] = fma(h[k][j], b[j], b[k]);
    b[k] = b[k] * inverse[k];
  }
}

/// One Newton step on a Jacobian that is exact on its diagonal and between groups, and in which the markets of a group
/// affect each other through the group's mean price: diagonal plus one rank a group (5.18). Returns steps in ln price.
template <class N, class System, class Response>
CHOKEPOINT_HD void newton_step(const System& system, const Response& response, N* step) {
  N h[System::max_groups][System::max_groups], mean[System::max_groups], share[System::max_markets];
  for (int g = 0; g < system.groups(); ++g) {
    const int begin = system.group_begin(g), end = system.group_begin(g + 1);
    N total = N(0);
    for (int m = begin; m < end; ++m) total += response.weight[m];
    const N per_total = reciprocal(maximum(total, N(1e-20)));
    N gain = N(0);
    mean[g] = gain;
    for (int m = begin; m < end; ++m) {
      const N v = response.weight[m] * per_total;
      // The mean price of a group includes the market's own price, so the diagonal corrects for that part.
      const N diagonal = fma(response.lever[m] * response.pull[g][g], v, response.slope[m]);
      const N inverse = reciprocal(greatest(diagonal, N(0.05)));
      step[m] = -response.residual[m] * inverse;
      share[m] = response.lever[m] * inverse;
      mean[g] = fma(v, step[m], mean[g]);
      gain = fma(v, share[m], gain);
    }
    for (int k = 0; k < system.groups(); ++k) h[g][k] = gain * response.pull[g][k];
  }
  solve_groups(h, system.groups(), mean);
  for (int g = 0; g < system.groups(); ++g) {
    N common = N(0);
    for (int k = 0; k < system.groups(); ++k) common = fma(response.pull[g][k], mean[k], common);
    for (int m = system.group_begin(g); m < system.group_begin(g + 1); ++m) step[m] = fma(share[m], common, step[m]);
  }
}

/// Limits a step to this distance in log2 price; a step that is NaN goes down.
template <class N>
CHOKEPOINT_INLINE N bounded(const N& step) {
  return least(greatest(step, N(-1.5)), N(1.5));
}

template <class N, class System>
CHOKEPOINT_INLINE N within_limits(const System& system, const ClearingLimits<N>& limits, int m, const N& log2_price) {
  const scalar_t<N> highest = minimum(limits.log2_bound, system.log2_ceiling(m));
  return least(greatest(log2_price, N(-limits.log2_bound)), N(highest));
}

/// Full steps at first. Once a solve takes long, every other step is halved: this breaks cycles between kinks, and the
/// full steps in between still converge fast.
template <class N>
CHOKEPOINT_INLINE N damped(const N& step, int iteration) {
  using R = scalar_t<N>;
  const R size = iteration >= 8 && (iteration & 1) ? R(0.5) : R(1);
  const R ln_to_log2 = R(1.4426950408889634);
  return bounded(step * N(size * ln_to_log2));
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
