#pragma once

#include "kernel_table.hpp"

/// The path kernels of cuda/, with the same sizes, of ApproximateFloat instead of float.
namespace chokepoint::gpu {

extern const ExactKernelRow approximate_baseline_kernel;
extern const ExactKernelRow approximate_smoke_kernel;

}  // namespace chokepoint::gpu
