#include "exact_kernel.cuh"

const chokepoint::gpu::ExactKernelRow chokepoint::gpu::baseline_kernel =
    ExactKernel<ConstantShape<4, 4, 3, 24, 10, true>>::row();
