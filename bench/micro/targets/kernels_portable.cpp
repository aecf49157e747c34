#include "micro/targets/kernels.hpp"

chokepoint::bench::TargetKernels chokepoint::bench::target_kernels_portable() {
  return target_kernels();
}
