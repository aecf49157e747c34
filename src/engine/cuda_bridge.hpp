#pragma once

#include "chokepoint/engine.hpp"
#include "chokepoint/market/one_shot.hpp"

/// The GPU engine as the rest of the program sees it. Defined only in builds with CUDA.
namespace chokepoint {

/// Whether a device can be used, and which, in one line.
DeviceState cuda_bridge_state();

/// run_paths on options.devices.
/// @throws EngineError where a device fails, is not there or does not suffice
RunOutcome run_paths_on_cuda(const Scenario& scenario, const RunOptions& options, const RunControl& control);

/// A OneShotSolver (engine/one_shot_solver.hpp) on the first usable GPU.
/// @throws EngineError
Solution<double> clear_one_shot_on_cuda(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                                        double* position, OneShotSystem<double>::Response& response);

/// Whether the path kernel of a scenario is one that was compiled for its sizes.
bool has_cuda_kernel_of_its_sizes(const Scenario& scenario);

/// planned_devices (engine.hpp) of a build with CUDA.
CudaPlan planned_cuda_devices(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
