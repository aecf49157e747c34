#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace chokepoint::gpu {

/// Which paths a batch holds: a range, or a list.
struct PathNumbers {
  std::uint64_t first;
  const std::uint64_t* listed;  ///< null for a range

  __device__ std::uint64_t operator[](std::int64_t k) const {
    return listed ? listed[k] : first + static_cast<std::uint64_t>(k);
  }
};

/// The part of a run that one round of kernels treats: some paths over some months.
struct Round {
  PathNumbers numbers;
  std::int32_t paths;
  std::int32_t month_begin, month_end;
  std::int32_t months;  ///< of the whole run
  std::int32_t measures;
  std::int64_t stride;  ///< paths that a batch has room for
};

/// What the path kernel leaves for the tally kernels: one slot, for the months of a round.
struct Slot {
  float* rows;               ///< [months of the round][measures][stride]
  float* residual;           ///< [months of the round][stride]
  std::int32_t* iterations;  ///< [months of the round][stride]
};

}  // namespace chokepoint::gpu
