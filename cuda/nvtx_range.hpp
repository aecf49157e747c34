#pragma once

#include <nvtx3/nvToolsExt.h>

namespace chokepoint::gpu {

/// Names a phase of the host in a profiler's timeline; costs nothing outside of one.
class NvtxRange {
 public:
  explicit NvtxRange(const char* name) { nvtxRangePushA(name); }
  ~NvtxRange() { nvtxRangePop(); }
  NvtxRange(const NvtxRange&) = delete;
  NvtxRange& operator=(const NvtxRange&) = delete;
};

}  // namespace chokepoint::gpu
