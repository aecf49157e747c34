#include "micro/targets/kernels.hpp"

chokepoint::bench::TargetKernels chokepoint::bench::target_kernels_avx2() {
  return target_kernels();
}
