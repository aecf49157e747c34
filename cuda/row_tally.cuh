#pragma once

#include "chokepoint/tally/fixed_point.hpp"
#include "launch.cuh"
#include "path_numbers.cuh"
#include "warp.cuh"

/// Second pass over the measures that the path kernel left in memory. One block takes one measure of one month: its
/// histogram lives in shared memory, its sums in registers, and both reach global memory once a round. A counter in
/// global memory per value would be far slower (docs/gpu.md).
namespace chokepoint::gpu {

/// Device arrays of a run's tallies, as Tallies takes them.
struct DeviceTallies {
  const HistogramSpec* specs;  ///< [measures]
  std::uint32_t* counts;       ///< [months][bins]
  RowSums* sums;               ///< [months][measures]
  std::uint32_t bins;          ///< of a month
};

// CUDA's 64-bit atomics are declared for unsigned long long; two's complement makes them right for signed sums too.
template <class Integer>
__device__ void add_atomically(Integer* to, Integer value) {
  static_assert(sizeof(Integer) == sizeof(unsigned long long));
  atomicAdd(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(value));
}

/// Adds the sums that the threads of a warp hold.
__device__ inline void add_warp_sums(RowSums* to, const RowSums& mine) {
  const std::int64_t high = warp_sum<long long>(mine.high), low = warp_sum<long long>(mine.low);
  const std::uint64_t square_high = warp_sum<unsigned long long>(mine.square_high);
  const std::uint64_t square_low = warp_sum<unsigned long long>(mine.square_low);
  const std::int32_t smallest = warp_minimum(mine.smallest_key), largest = warp_maximum(mine.largest_key);
  if (lane_in_warp() != 0) return;
  add_atomically(&to->high, high);
  add_atomically(&to->low, low);
  add_atomically(&to->square_high, square_high);
  add_atomically(&to->square_low, square_low);
  atomicMin(&to->smallest_key, smallest);
  atomicMax(&to->largest_key, largest);
}

struct RowTallyTask {
  static constexpr int threads = 256;
  static constexpr int blocks_per_multiprocessor = 4;
  static constexpr const char* name = "the tally kernel of measures";

  Round round;
  Slot slot;
  DeviceTallies tallies;

  static unsigned blocks(const Round& round) {
    return static_cast<unsigned>((round.month_end - round.month_begin) * round.measures);
  }

  __device__ void operator()() const {
    extern __shared__ std::uint32_t histogram[];
    const int measure = static_cast<int>(blockIdx.x) % round.measures;
    const int month = round.month_begin + static_cast<int>(blockIdx.x) / round.measures;
    const HistogramSpec spec = tallies.specs[measure];
    for (std::uint32_t bin = threadIdx.x; bin < spec.bins; bin += threads) histogram[bin] = 0;
    __syncthreads();
    const RowSums mine = tally_values(spec, slot.rows + static_cast<std::int64_t>(blockIdx.x) * round.stride, histogram);
    add_warp_sums(&tallies.sums[static_cast<std::int64_t>(month) * round.measures + measure], mine);
    __syncthreads();
    hand_over(spec, histogram, tallies.counts + static_cast<std::int64_t>(month) * tallies.bins + spec.first_bin);
  }

 private:
  __device__ RowSums tally_values(const HistogramSpec& spec, const float* row, std::uint32_t* histogram) const {
    RowSums mine{0, 0, 0, 0, no_smallest_key, no_largest_key};
    for (std::int32_t start = 0; start < round.paths; start += threads) {
      const std::int32_t path = start + static_cast<std::int32_t>(threadIdx.x);
      const bool exists = path < round.paths;
      const float value = exists ? row[path] : missing_value;  // which adds nothing to sums
      warp_count(histogram, exists ? bin_of(spec, value) : -1);
      add_value(mine, spec, value);
    }
    return mine;
  }

  /// Other blocks, of a batch in another stream, may count the same bins at the same time.
  __device__ void hand_over(const HistogramSpec& spec, const std::uint32_t* histogram, std::uint32_t* counts) const {
    for (std::uint32_t bin = threadIdx.x; bin < spec.bins; bin += threads) {
      if (histogram[bin] != 0) atomicAdd(&counts[bin], histogram[bin]);
    }
  }
};

}  // namespace chokepoint::gpu
