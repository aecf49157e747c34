#include "engine/curve_solver.hpp"

#include "chokepoint/one_shot.hpp"
#include "engine/backend.hpp"
#include "engine/cuda_backend.hpp"

namespace chokepoint {

namespace {

Solution<double> solve_on_cpu(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                              double* position, OneShotSystem<double>::Response& response) {
  OneShotSystem<double> system(curves);
  return clear_markets<double>(system, limits, position, response);
}

}  // namespace

bool clears_one_shot_markets(EngineKind kind) {
  return kind == EngineKind::automatic || kind == EngineKind::reference || kind == EngineKind::cuda;
}

CurveSolver curve_solver(EngineKind kind) {
  if (!clears_one_shot_markets(kind))
    throw EngineError("one-shot markets are cleared in double: by engine reference or cuda");
  if (!runs_on_gpu(kind)) return solve_on_cpu;
  check_gpu_usable(name_of(EngineKind::reference));
  return clear_one_shot_on_cuda;
}

}  // namespace chokepoint
