#pragma once

#include <vector>

#include "chokepoint/market/one_shot/system.hpp"

/// One-shot markets on a GPU.
namespace chokepoint::gpu {

/// One run of the solver on one-shot curves.
struct OneShotSolve {
  ClearingLimits<double> limits;
  double position[one_shot_markets];  ///< where it starts; then the answer
  Solution<double> solution;
  OneShotSystem<double>::Response response;  ///< at the answer
};

/// Runs the solver of market/solver/clearing.hpp on the first usable device, one thread for each of `curves`.
/// @throws Failure
void clear_one_shot(const std::vector<OneShotMarkets<double>>& curves, std::vector<OneShotSolve>& solves);

}  // namespace chokepoint::gpu
