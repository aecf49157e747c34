#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "chokepoint/tally/exact_sum.hpp"

/// Where the counts of a run's histograms lie on a device: octaves, taken from one pool as they occur. No measure says
/// in advance how many it needs.
namespace chokepoint::gpu {

/// How full the pool is. More may be wanted than there is: the counts of those octaves are lost, and so is the run.
struct PoolState {
  std::uint32_t claimed;
  std::uint32_t exhausted;
};

struct OctavePool {
  std::uint32_t* counts;  ///< [capacity][bins of an octave], zero before they are claimed
  PoolState* state;
  std::uint32_t capacity;

  /// The octave's number in the pool, counted from 1, claimed where the entry of the directory has none yet; 0 where
  /// the pool is exhausted. Of two blocks that claim at once one claims in vain: that octave stays empty.
  __device__ std::uint32_t claim(std::uint32_t& entry) const {
    const std::uint32_t known = atomicAdd(&entry, 0u);
    if (known != 0) return known;
    const std::uint32_t fresh = atomicAdd(&state->claimed, 1u) + 1;
    if (fresh > capacity) {
      state->exhausted = 1;
      return 0;
    }
    const std::uint32_t before = atomicCAS(&entry, 0u, fresh);
    return before != 0 ? before : fresh;
  }

  __device__ std::uint32_t* counts_of(std::uint32_t claimed) const {
    return counts + (static_cast<std::size_t>(claimed - 1) << histogram_mantissa_bits);
  }
};

/// Device arrays of a run's tallies.
struct DeviceTallies {
  OctavePool pool;
  std::uint32_t* directory;  ///< [rows][octave_numbers] as OctavePool::claim numbers them, 0 for none
  std::uint32_t* special;    ///< [rows][special_bins]
  RowSums* sums;             ///< [rows]
};

}  // namespace chokepoint::gpu
