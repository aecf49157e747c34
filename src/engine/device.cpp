#include "chokepoint/engine.hpp"

#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"
#endif

namespace chokepoint {

DeviceState cuda_device_state() {
#if CHOKEPOINT_HAS_CUDA
  return cuda_bridge_state();
#else
  return {false, "this build has no CUDA part (no nvcc was found when it was built)"};
#endif
}

std::optional<CudaPlan> planned_devices(const Scenario& scenario, const RunOptions& options) {
#if CHOKEPOINT_HAS_CUDA
  return planned_cuda_devices(scenario, options);
#else
  (void)scenario, (void)options;
  return std::nullopt;
#endif
}

}  // namespace chokepoint
