#pragma once

#include "micro/kernels.hpp"

namespace chokepoint::bench {

/// The kernels of an instruction set that this machine runs.
inline TargetKernels target_kernels(InstructionSet set) {
#if CHOKEPOINT_X86
  if (set == InstructionSet::avx2) return target_kernels_avx2();
  if (set == InstructionSet::avx512) return target_kernels_avx512();
#endif
  (void)set;
  return target_kernels_portable();
}

}  // namespace chokepoint::bench
