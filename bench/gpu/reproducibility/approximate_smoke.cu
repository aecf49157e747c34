#include "approximate_float.hpp"

#include "approximate_kernel.hpp"
#include "exact_kernel.cuh"

const chokepoint::gpu::ExactKernelRow chokepoint::gpu::approximate_smoke_kernel =
    ExactKernel<ConstantShape<2, 2, 2, 5, 3, true>, chokepoint::ApproximateFloat>::row();
