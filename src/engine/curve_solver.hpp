#pragma once

#include <functional>

#include "chokepoint/engine.hpp"
#include "chokepoint/market/one_shot/system.hpp"

namespace chokepoint {

/// Runs the solver (market/solver/clearing.hpp) once on one-shot curves: starts from `position`, leaves the answer
/// there and what the system answers to it in `response`.
using CurveSolver =
    std::function<Solution<double>(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                                   double* position, OneShotSystem<double>::Response& response)>;

/// The solver on the CPU (`reference`, which `automatic` means too) or on a GPU (`cuda`); the same bits from both.
/// @throws EngineError where there is no usable GPU, or for an engine that does not compute in double
CurveSolver curve_solver(EngineKind kind = {});

}  // namespace chokepoint
