#include "engine/backend.hpp"
#include "engine/cuda_backend.hpp"

/// What takes the place of cuda_backend.cpp in builds without CUDA: no device is ever usable.
namespace chokepoint {

namespace {

constexpr char missing[] = "this build has no CUDA part; `make build` adds it where nvcc is installed";

}  // namespace

DeviceState cuda_device_state() {
  return {false, missing};
}

std::unique_ptr<Backend> make_cuda_backend(const RunOptions&) {
  throw EngineError(missing);
}

std::optional<CudaPlan> planned_devices(const Scenario&, const RunOptions&) {
  return std::nullopt;
}

bool runs_by_generic_kernel(const Scenario&) {
  return false;
}

Solution<double> clear_one_shot_on_cuda(const OneShotMarkets<double>&, const ClearingLimits<double>&, double*,
                                        OneShotSystem<double>::Response&) {
  throw EngineError(missing);
}

}  // namespace chokepoint
