#include "exact_kernel.cuh"

const chokepoint::gpu::ExactKernelRow chokepoint::gpu::smoke_kernel =
    ExactKernel<ConstantShape<2, 2, 2, 5, 3, true>>::row();
