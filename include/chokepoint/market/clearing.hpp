#pragma once

#include "chokepoint/numeric/elementary.hpp"

/// The solver of the coupled clearing (docs/model.md, section 5): all log prices of a path at once, for any system of
/// markets that are gross substitutes. It knows neither providers nor segments; a System tells it, at given prices,
/// how far supply is from demand and how that responds.
namespace chokepoint {

/// What a System answers at given prices, one entry a market; markets come in groups (regions).
template <class N, int Markets, int Groups>
struct MarketResponse {
  N residual[Markets];  ///< supply / demand - 1
  N slope[Markets];     ///< d residual / d ln own price
  N lever[Markets];     ///< -d residual / d ln demand
  N weight[Markets];    ///< demand, kH100e
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
  /// Prices stay within this of 1, in log2. A price that ends there has run away: only a ceiling below it rations.
  scalar_t<N> log2_bound = scalar_t<N>(1e6);
};

/// Largest residual over the markets. An empty market has none, and one that is short of supply at its price ceiling is
/// rationed: both stand still, whatever the others do.
template <class N, class System, class Response>
CHOKEPOINT_HD N largest_residual(const System& system, const ClearingLimits<N>& limits, const N* log2_price,
                                 Response& response) {
  using R = scalar_t<N>;
  N largest = N(R(0));
  for (int m = 0; m < system.markets(); ++m) {
    const N ceiling = system.log2_ceiling(m);
    const auto rationed =
        (log2_price[m] >= ceiling) & (ceiling < N(limits.log2_bound)) & (response.residual[m] < N(R(0)));
    const auto still = rationed | (system.active(m) < N(R(0.5)));
    response.residual[m] = select(still, N(R(0)), response.residual[m]);
    response.lever[m] = select(still, N(R(0)), response.lever[m]);
    // A residual that is not a number counts as a huge one: it must not slip through a comparison.
    const N size = absolute(response.residual[m]);
    largest = maximum(largest, select(size < N(R(1e30)), size, N(R(1e30))));
  }
  return largest;
}

/// Solves (I - H) y = b for an M-matrix, which needs no pivoting. Leaves y in b.
template <class N, int Groups>
CHOKEPOINT_HD void solve_groups(N (&h)[Groups][Groups], int count, N* b) {
  using R = scalar_t<N>;
  N inverse[Groups];
  for (int k = 0; k < count; ++k) {
    inverse[k] = reciprocal(maximum(N(R(1)) - h[k][k], N(R(1e-3))));
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

/// One Newton step on a Jacobian that is exact on its diagonal and between groups, and lets the markets of a group lean
/// on each other through the group's mean price: diagonal plus one rank a group. Returns steps in ln price.
template <class N, class System, class Response>
CHOKEPOINT_HD void newton_step(const System& system, const Response& response, N* step) {
  using R = scalar_t<N>;
  N h[System::max_groups][System::max_groups], mean[System::max_groups], share[System::max_markets];
  for (int g = 0; g < system.groups(); ++g) {
    const int begin = system.group_begin(g), end = system.group_begin(g + 1);
    N total = N(R(0));
    for (int m = begin; m < end; ++m) total += response.weight[m];
    const N per_total = reciprocal(maximum(total, N(R(1e-20))));
    N gain = N(R(0));
    mean[g] = gain;
    for (int m = begin; m < end; ++m) {
      const N v = response.weight[m] * per_total;
      // The mean price of a group has the own price in it, so the diagonal takes that part back.
      const N diagonal = fma(response.lever[m] * response.pull[g][g], v, response.slope[m]);
      const N inverse = reciprocal(maximum(diagonal, N(R(0.05))));
      step[m] = -response.residual[m] * inverse;
      share[m] = response.lever[m] * inverse;
      mean[g] = fma(v, step[m], mean[g]);
      gain = fma(v, share[m], gain);
    }
    for (int k = 0; k < system.groups(); ++k) h[g][k] = gain * response.pull[g][k];
  }
  solve_groups(h, system.groups(), mean);
  for (int g = 0; g < system.groups(); ++g) {
    N common = N(R(0));
    for (int k = 0; k < system.groups(); ++k) common = fma(response.pull[g][k], mean[k], common);
    for (int m = system.group_begin(g); m < system.group_begin(g + 1); ++m) step[m] = fma(share[m], common, step[m]);
  }
}

/// Full steps at first; every other step halved once a solve takes long, which breaks cycles between kinks and leaves
/// fast convergence to the full ones. The size of a step in log2 price is bounded.
template <class N>
CHOKEPOINT_INLINE N damped(const N& step, int iteration) {
  using R = scalar_t<N>;
  const R size = iteration >= 8 && (iteration & 1) ? R(0.5) : R(1);
  const R ln_to_log2 = R(1.4426950408889634);
  return clamp(step * N(size * ln_to_log2), N(R(-1.5)), N(R(1.5)));
}

/// Last resort, for the paths that Newton leaves unsolved: one market at a time by bisection, in sweeps. With the own
/// elasticities held fixed the residuals are an M-function of the log prices, for which such sweeps converge from
/// anywhere; what does not converge all the same is counted and reported.
template <class N, class System, class Response>
CHOKEPOINT_HD void sweep_markets(System& system, const mask_t<N>& wanted, const N& bound, N* log2_price,
                                 Response& response) {
  using R = scalar_t<N>;
  constexpr int halvings = sizeof(R) == sizeof(double) ? 54 : 26;  // of an interval of 4, down to the digits of R
  for (int m = 0; m < system.markets(); ++m) {
    const N before = log2_price[m];
    N low = maximum(before - N(R(2)), -bound), high = minimum(before + N(R(2)), minimum(bound, system.log2_ceiling(m)));
    for (int k = 0; k < halvings; ++k) {
      log2_price[m] = (low + high) * N(R(0.5));
      system.evaluate(log2_price, response);
      const auto too_dear = response.residual[m] > N(R(0));
      high = select(too_dear, log2_price[m], high);
      low = select(too_dear, low, log2_price[m]);
    }
    const N at_ceiling = select(high >= system.log2_ceiling(m), high, (low + high) * N(R(0.5)));
    log2_price[m] = select(wanted & (system.active(m) > N(R(0.5))), at_ceiling, before);
  }
}

/// Finds the prices at which every market clears, starting from `log2_price`, where the answer is left. Each path stops
/// at its own solution, whatever the others in its bundle need, so that bundling never changes a bit.
/// On return `response` belongs to the last evaluated prices, not in every lane to the answer.
template <class N, class System>
CHOKEPOINT_HD Solution<N> clear_markets(System& system, const ClearingLimits<N>& limits, N* log2_price,
                                        MarketResponse<N, System::max_markets, System::max_groups>& response) {
  using R = scalar_t<N>;
  const N tolerance = N(limits.tolerance);
  const int count = system.markets();
  const N bound = N(limits.log2_bound);
  for (int m = 0; m < count; ++m) log2_price[m] = minimum(log2_price[m], system.log2_ceiling(m));
  N step[System::max_markets];
  Solution<N> solution{N(R(0)), N(R(0)), mask_t<N>(false)};
  for (int iteration = 0;; ++iteration) {
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, limits, log2_price, response);
    solution.residual = select(solution.solved, solution.residual, residual);
    solution.solved = solution.solved | (residual < tolerance);
    if (all(solution.solved) || iteration >= limits.newton_limit) break;
    newton_step<N>(system, response, step);
    for (int m = 0; m < count; ++m) {
      const N next = clamp(log2_price[m] + damped<N>(step[m], iteration), -bound, minimum(bound, system.log2_ceiling(m)));
      log2_price[m] = select(solution.solved, log2_price[m], next);
    }
    solution.iterations += select(solution.solved, N(R(0)), N(R(1)));
  }
  for (int sweep = 0; sweep < limits.sweep_limit && !all(solution.solved); ++sweep) {
    sweep_markets<N>(system, !solution.solved, bound, log2_price, response);
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, limits, log2_price, response);
    solution.residual = select(solution.solved, solution.residual, residual);
    solution.iterations += select(solution.solved, N(R(0)), N(R(1)));
    solution.solved = solution.solved | (residual < tolerance);
  }
  return solution;
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
