#pragma once

#include "chokepoint/market/solver/clearing_step.hpp"

/// What the solver does with the paths that Newton's steps leave unsolved (docs/model.md, section 5e). A round has a
/// sweep, which converges from anywhere but slowly, and some rounds have guarded steps, which are fast near the
/// solution. No path gets worse.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

inline constexpr int guarded_steps = 20;  ///< in a round; together they cost far less than its sweep
/// Where the elasticity of demand changes a lot with the price, guarded steps can return to the same place for ever;
/// only sweeps get away from there. Of sixteen rounds four have guarded steps.
constexpr bool is_guarded(int round) {
  return round % 16 < 4;
}

/// One market at a time by bisection. With the own elasticities held fixed the residuals are an M-function of the log
/// prices, for which such sweeps converge from anywhere.
template <class N, class System, class Response>
CHOKEPOINT_HD void sweep_markets(System& system, const mask_t<N>& wanted, const N& bound, N* log2_price,
                                 Response& response) {
  using R = scalar_t<N>;
  constexpr int halvings = sizeof(R) == sizeof(double) ? 54 : 26;  // of an interval of 4, down to the digits of R
  for (int m = 0; m < system.markets(); ++m) {
    const N before = log2_price[m];
    N low = maximum(before - N(2), -bound), high = minimum(before + N(2), minimum(bound, N(system.log2_ceiling(m))));
    for (int k = 0; k < halvings; ++k) {
      log2_price[m] = (low + high) * N(0.5);
      system.evaluate(log2_price, response);
      const auto too_dear = response.residual[m] > N(0);
      high = select(too_dear, log2_price[m], high);
      low = select(too_dear, low, log2_price[m]);
    }
    const N at_ceiling = select(high >= N(system.log2_ceiling(m)), high, (low + high) * N(0.5));
    log2_price[m] = select(wanted & system.active(m), at_ceiling, before);
  }
}

/// A Newton step on the whole matrix of markets, for buyers who each want different markets: for them the mean price of
/// a group says little. Steps are in ln price.
/// @param h memory for the matrix
template <class N, class System, class Response>
CHOKEPOINT_HD void whole_step(const System& system, const Response& response,
                              N (&h)[System::max_markets][System::max_markets], N* step) {
  for (int m = 0; m < system.markets(); ++m) {
    const N inverse = reciprocal(maximum(system.whole_row(response, m, h[m]), N(0.05)));
    for (int k = 0; k < system.markets(); ++k) h[m][k] = h[m][k] * inverse;
    step[m] = -response.residual[m] * inverse;
  }
  solve_groups(h, system.markets(), step);
}

/// The same. The matrix of one path is on the stack; the system keeps that of a bundle.
template <class N, class System, class Response>
CHOKEPOINT_HD void whole_step(const System& system, const Response& response, N* step) {
  constexpr int markets = System::max_markets;
  if constexpr (lane_count<N> == 1) {
    N matrix[markets][markets];
    whole_step<N>(system, response, matrix, step);
  } else {
    whole_step<N>(system, response, system.whole_matrix(), step);
  }
}

/// Steps on the whole matrix, each cut to a quarter until it leaves a smaller residual than the best so far. Ends at
/// the best prices, with `response` for them; if no step is taken, it only measures how good the prices are.
template <class N, class System, class Response>
CHOKEPOINT_HD void take_guarded_steps(System& system, const ClearingLimits<N>& limits, int steps, N* log2_price,
                                      Response& response, Solution<N>& solution) {
  const N ln_to_log2 = N(1.4426950408889634);
  N best[System::max_markets], step[System::max_markets], fresh[System::max_markets], smallest = N(1e32);
  for (int m = 0; m < system.markets(); ++m) {
    best[m] = log2_price[m];
    step[m] = N(0);
  }
  for (int k = 0;; ++k) {
    system.evaluate(log2_price, response);
    const N residual = largest_residual<N>(system, limits, log2_price, response);
    hold_still<N>(system, limits, log2_price, response);
    const auto better = residual < smallest;
    smallest = select(better, residual, smallest);
    solution.residual = select(solution.solved, solution.residual, smallest);
    solution.solved = solution.solved | (residual < N(limits.tolerance));
    if (all(solution.solved) || k >= steps) return;
    whole_step<N>(system, response, fresh);
    for (int m = 0; m < system.markets(); ++m) {
      best[m] = select(better, log2_price[m], best[m]);
      step[m] = select(better, bounded(fresh[m] * ln_to_log2), step[m] * N(0.25));
      const N next = within_limits(system, limits, m, best[m] + step[m]);
      log2_price[m] = select(solution.solved, log2_price[m], k + 1 < steps ? next : best[m]);
    }
  }
}

/// All rounds. Works on copies of the system and of its response; the originals are evaluated again afterwards. On a
/// GPU, data indexed by a number that is unknown at compile time lie in memory, and the data of Newton's steps should
/// stay in registers.
template <class N, class System, class Response>
CHOKEPOINT_HD void take_last_resort(System system, const ClearingLimits<N>& limits, N* log2_price, Response response,
                                    Solution<N>& solution) {
  N price[System::max_markets];
  for (int m = 0; m < system.markets(); ++m) price[m] = log2_price[m];
  for (int round = 0; round < limits.sweep_limit && !all(solution.solved); ++round) {
    sweep_markets<N>(system, !solution.solved, N(limits.log2_bound), price, response);
    solution.iterations += select(solution.solved, N(0), N(1));
    take_guarded_steps<N>(system, limits, is_guarded(round) ? guarded_steps : 0, price, response, solution);
  }
  for (int m = 0; m < system.markets(); ++m) log2_price[m] = price[m];
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
