#pragma once

#include <string>
#include <vector>

#include "machine/surroundings.hpp"

namespace chokepoint {

/// The default number of threads: as many as this process may keep processors busy.
struct ThreadChoice {
  int threads = 1;
  std::string source;                ///< what decided it, in words
  std::vector<std::string> ignored;  ///< variables that say no number, in words
};

/// The least of the processors that this process may run on, the share of them that its control groups have (`cpu.max`,
/// `cpu.cfs_quota_us`, rounded up), SLURM_CPUS_PER_TASK and OMP_NUM_THREADS.
ThreadChoice default_threads(const Surroundings& around = {});

}  // namespace chokepoint
