#include "micro/targets/kernels.hpp"

chokepoint::bench::TargetKernels chokepoint::bench::target_kernels_avx512() {
  return target_kernels();
}
