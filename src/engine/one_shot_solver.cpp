#include "engine/one_shot_solver.hpp"

#include <fmt/format.h>

#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"
#endif

namespace chokepoint {

namespace {

Solution<double> solve_on_cpu(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                              double* position, OneShotSystem<double>::Response& response) {
  OneShotSystem<double> system(curves);
  return clear_markets<double>(system, limits, position, response);
}

}  // namespace

OneShotSolver one_shot_solver(EngineKind kind) {
  if (kind == EngineKind::automatic || kind == EngineKind::reference) return solve_on_cpu;
  if (kind != EngineKind::cuda) throw EngineError("one-shot markets are cleared in double: by engine reference or cuda");
  const DeviceState device = cuda_device_state();
  if (!device.usable)
    throw EngineError(fmt::format("--engine cuda cannot run here: {}. Use --engine reference, or see `chokepoint doctor`",
                                  device.description));
#if CHOKEPOINT_HAS_CUDA
  return clear_one_shot_on_cuda;
#else
  return solve_on_cpu;  // not reached: without CUDA no device is usable
#endif
}

}  // namespace chokepoint
