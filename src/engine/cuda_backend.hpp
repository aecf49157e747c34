#pragma once

#include "chokepoint/market/one_shot/system.hpp"
#include "chokepoint/scenario.hpp"

/// What the CUDA engine does besides being a Backend (backend.hpp). cuda_backend.cpp defines it, or cuda_missing.cpp in
/// builds without CUDA.
namespace chokepoint {

/// A CurveSolver (engine/curve_solver.hpp) on the first usable GPU.
/// @throws EngineError
Solution<double> clear_one_shot_on_cuda(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                                        double* position, OneShotSystem<double>::Response& response);

/// Whether no path kernel was compiled for the sizes of a scenario.
bool runs_by_generic_kernel(const Scenario& scenario);

}  // namespace chokepoint
