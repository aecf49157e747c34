#pragma once

#include "chokepoint/numeric/elementary.hpp"

/// The solver of the coupled clearing (docs/model.md, section 5): all log prices of a path at once, for any system of
/// markets that are gross substitutes. It knows neither providers nor segments; a System tells it, at given prices,
/// how far supply is from demand and how that responds.
namespace chokepoint {

/// What a System answers at given prices, one entry a market.
template <class N, int Markets>
struct MarketResponse {
  N residual[Markets];  ///< supply / demand - 1
  N slope[Markets];     ///< d residual / d ln own price
  N coupling[Markets];  ///< minus the sum of d residual / d ln price over all other markets
  N weight[Markets];    ///< demand, kH100e: how strongly a market stands for the others' prices
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
};

/// Residual that counts: an empty market has none, and a market short of supply at its price ceiling is rationed.
template <class N>
CHOKEPOINT_INLINE N open_residual(const N& residual, const N& log2_price, const N& log2_ceiling, const N& active) {
  using R = scalar_t<N>;
  const auto rationed = (log2_price >= log2_ceiling) & (residual < N(R(0)));
  return select(rationed | (active < N(R(0.5))), N(R(0)), residual);
}

template <class N, class System, class Response>
CHOKEPOINT_HD N largest_residual(const System& system, const N* log2_price, Response& response) {
  N largest = N(scalar_t<N>(0));
  for (int m = 0; m < system.markets(); ++m) {
    response.residual[m] =
        open_residual<N>(response.residual[m], log2_price[m], system.log2_ceiling(m), system.active(m));
    largest = maximum(largest, absolute(response.residual[m]));
  }
  return largest;
}

/// One Newton step on a Jacobian in which the markets of a group (a region) lean on each other through their mean price:
/// diagonal plus rank one per group, solved by the Sherman-Morrison formula. Returns steps in ln price.
template <class N, class System, class Response>
CHOKEPOINT_HD void newton_step(const System& system, const Response& response, N* step) {
  using R = scalar_t<N>;
  const N zero = N(R(0)), one = N(R(1));
  for (int g = 0; g < system.groups(); ++g) {
    const int begin = system.group_begin(g), end = system.group_begin(g + 1);
    N total = zero;
    for (int m = begin; m < end; ++m) total += response.weight[m];
    const N per_total = reciprocal(maximum(total, N(R(1e-20))));
    N weighted_step = zero, weighted_pull = zero;
    N pull[System::max_group];
    for (int m = begin; m < end; ++m) {
      const N v = response.weight[m] * per_total;
      // The row of an own price counts itself in the group's mean, so the diagonal takes that part back.
      const N others = maximum(one - v, N(R(0.05)));
      const N share = response.coupling[m] * reciprocal(others);
      const N diagonal = maximum(fma(share, v, response.slope[m]), N(R(0.05)));
      const N inverse = reciprocal(diagonal);
      step[m] = -response.residual[m] * inverse;
      pull[m - begin] = share * inverse;
      weighted_step = fma(v, step[m], weighted_step);
      weighted_pull = fma(v, pull[m - begin], weighted_pull);
    }
    const N common = weighted_step * reciprocal(maximum(one - weighted_pull, N(R(0.1))));
    for (int m = begin; m < end; ++m) step[m] = fma(pull[m - begin], common, step[m]);
  }
}

/// Full steps at first; halved and three-quarter steps in turn once a solve takes long, which breaks cycles between
/// kinks. The size of a step in log2 price is bounded.
template <class N>
CHOKEPOINT_INLINE N damped(const N& step, int iteration) {
  using R = scalar_t<N>;
  const R size = iteration < 8 ? R(1) : (iteration & 1) ? R(0.75) : R(0.5);
  const R ln_to_log2 = R(1.4426950408889634);
  return clamp(step * N(size * ln_to_log2), N(R(-1.5)), N(R(1.5)));
}

/// Last resort, for the paths that Newton leaves unsolved: one market at a time by bisection, in sweeps. The residuals
/// are an M-function of the log prices, so the sweeps converge from anywhere.
template <class N, class System, class Response>
CHOKEPOINT_HD void sweep_markets(System& system, const mask_t<N>& wanted, N* log2_price, Response& response) {
  using R = scalar_t<N>;
  for (int m = 0; m < system.markets(); ++m) {
    const N before = log2_price[m];
    N low = before - N(R(2)), high = minimum(before + N(R(2)), system.log2_ceiling(m));
    for (int k = 0; k < 26; ++k) {
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
                                        MarketResponse<N, System::max_markets>& response) {
  using R = scalar_t<N>;
  const N tolerance = N(limits.tolerance);
  const int count = system.markets();
  for (int m = 0; m < count; ++m) log2_price[m] = minimum(log2_price[m], system.log2_ceiling(m));
  N step[System::max_markets];
  Solution<N> solution{N(R(0)), N(R(0)), mask_t<N>(false)};
  for (int iteration = 0;; ++iteration) {
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, log2_price, response);
    solution.residual = select(solution.solved, solution.residual, residual);
    solution.solved = solution.solved | (residual < tolerance);
    if (all(solution.solved) || iteration >= limits.newton_limit) break;
    newton_step<N>(system, response, step);
    for (int m = 0; m < count; ++m) {
      const N next = minimum(log2_price[m] + damped<N>(step[m], iteration), system.log2_ceiling(m));
      log2_price[m] = select(solution.solved, log2_price[m], next);
    }
    solution.iterations += select(solution.solved, N(R(0)), N(R(1)));
  }
  for (int sweep = 0; sweep < limits.sweep_limit && !all(solution.solved); ++sweep) {
    sweep_markets<N>(system, !solution.solved, log2_price, response);
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, log2_price, response);
    solution.residual = select(solution.solved, solution.residual, residual);
    solution.iterations += select(solution.solved, N(R(0)), N(R(1)));
    solution.solved = solution.solved | (residual < tolerance);
  }
  return solution;
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
