#include "approximate_float.hpp"

#include "approximate_kernel.hpp"
#include "exact_kernel.cuh"

const chokepoint::gpu::ExactKernelRow chokepoint::gpu::approximate_baseline_kernel =
    ExactKernel<ConstantShape<4, 4, 3, 24, 10, true>, chokepoint::ApproximateFloat>::row();
