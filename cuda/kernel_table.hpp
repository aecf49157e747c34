#pragma once

#include "chokepoint/market/parameters.hpp"
#include "path_launch.hpp"

namespace chokepoint::gpu {

/// A path kernel compiled for one scenario's sizes. To add one: a row here, a file path_<name>.cu of one line, an entry
/// in exact_kernel_for (path_launch.cu).
struct ExactKernelRow {
  bool (*fits)(const Sizes& sizes);
  std::unique_ptr<PathKernel> (*make)(const Parameters<float>& parameters);
  PathKernelSize size;
};

extern const ExactKernelRow baseline_kernel;  // configs/baseline.toml
extern const ExactKernelRow smoke_kernel;     // configs/smoke.toml

}  // namespace chokepoint::gpu
