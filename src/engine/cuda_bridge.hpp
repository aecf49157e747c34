#pragma once

#include <cstdint>
#include <vector>

#include "chokepoint/engine.hpp"

/// The GPU engine as the rest of the program sees it. Defined only in builds with CUDA.
namespace chokepoint {

/// Whether a device can be used, and which, in one line.
DeviceState cuda_bridge_state();

/// run_paths on GPUs. `devices`: indices; empty for the first usable one.
/// @throws EngineError where a device fails or does not suffice
RunOutcome run_paths_on_cuda(const Scenario& scenario, const RunOptions& options, const RunControl& control,
                             const std::vector<int>& devices = {});

/// Bytes of host memory, and of memory on one device, that a run will hold at its peak.
/// @throws EngineError where no device can be used
struct CudaMemory {
  std::uint64_t host = 0, device = 0;
  std::uint64_t batch = 0;  ///< paths
  std::string device_name;
};
CudaMemory planned_cuda_memory(const Scenario& scenario, const RunOptions& options, const std::vector<int>& devices = {});

}  // namespace chokepoint
