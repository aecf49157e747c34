#pragma once

#include <memory>

#include "chokepoint/market/parameters.hpp"
#include "device_buffer.hpp"
#include "path_numbers.cuh"

namespace chokepoint::gpu {

/// The path kernel for one scenario, its parameters in the memory of the current device. Kernels compiled for the sizes
/// of a scenario are preferred; the generic one takes every scenario.
class PathKernel {
 public:
  virtual ~PathKernel() = default;
  /// Words of 32 bits that a path keeps between rounds.
  virtual std::size_t state_words() const = 0;
  /// Runs the months of a round on its paths. `states` is [state_words][stride].
  virtual void run(const Round& round, const Slot& slot, std::uint32_t* states, cudaStream_t stream) const = 0;
  virtual const char* name() const = 0;
};

std::unique_ptr<PathKernel> make_path_kernel(const Parameters<float>& parameters);

/// What the kernel of a scenario will take, computed without a device.
struct PathKernelSize {
  std::size_t state_words, local_bytes, parameter_bytes;
};
PathKernelSize path_kernel_size(const Parameters<float>& parameters);

/// Whether the current device has code for the kernels; an error otherwise.
cudaError_t find_kernel_code();

}  // namespace chokepoint::gpu
