#pragma once

#include "chokepoint/market/solver/last_resort.hpp"

/// The solver of the coupled clearing (docs/model.md, section 5e): all log prices of a path at once, for any system of
/// markets that are gross substitutes. It contains nothing about providers or segments; a System computes, at given
/// prices, how far supply is from demand and how that responds.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Finds the prices at which every market clears, starting from `log2_price`, where the answer is left. Each path stops
/// at its own solution, whatever the others in its bundle need, so that bundling never changes a bit. On return
/// `response` belongs to the last evaluated prices, which are not the solution in every lane.
template <class N, class System>
CHOKEPOINT_HD Solution<N> clear_markets(System& system, const ClearingLimits<N>& limits, N* log2_price,
                                        MarketResponse<N, System::max_markets, System::max_groups>& response) {
  const N tolerance = N(limits.tolerance);
  const int count = system.markets();
  for (int m = 0; m < count; ++m) log2_price[m] = minimum(log2_price[m], N(system.log2_ceiling(m)));
  N step[System::max_markets];
  Solution<N> solution{N(0), N(0), mask_t<N>(false)};
  for (int iteration = 0;; ++iteration) {
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, limits, log2_price, response);
    hold_still<N>(system, limits, log2_price, response);
    solution.residual = select(solution.solved, solution.residual, residual);
    solution.solved = solution.solved | (residual < tolerance);
    if (all(solution.solved) || iteration > limits.newton_limit) break;
    if (iteration == limits.newton_limit) {
      take_last_resort<N>(system, limits, log2_price, response, solution);
      continue;
    }
    newton_step<N>(system, response, step);
    for (int m = 0; m < count; ++m) {
      const N next = within_limits(system, limits, m, log2_price[m] + damped<N>(step[m], iteration));
      log2_price[m] = select(solution.solved, log2_price[m], next);
    }
    solution.iterations += select(solution.solved, N(0), N(1));
  }
  return solution;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
