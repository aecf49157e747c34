#pragma once

#include <cuda_runtime.h>

#include <cstdint>

/// Sums, extremes and counts over the threads of a warp. Integers only, so their order never matters. Every thread of
/// the warp must call them together.
namespace chokepoint::gpu {

constexpr unsigned whole_warp = 0xffffffffu;

__device__ inline unsigned lane_in_warp() {
  return threadIdx.x & 31u;
}

template <class Integer>
__device__ Integer warp_sum(Integer value) {
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_down_sync(whole_warp, value, distance);
  return value;  // in lane 0
}

__device__ inline unsigned long long warp_xor(unsigned long long value) {
  for (int distance = 16; distance > 0; distance /= 2) value ^= __shfl_down_sync(whole_warp, value, distance);
  return value;  // in lane 0
}

__device__ inline unsigned long long warp_or(unsigned long long value) {
  for (int distance = 16; distance > 0; distance /= 2) value |= __shfl_down_sync(whole_warp, value, distance);
  return value;  // in lane 0
}

__device__ inline std::int32_t warp_minimum(std::int32_t value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    const std::int32_t other = __shfl_down_sync(whole_warp, value, distance);
    value = other < value ? other : value;
  }
  return value;  // in lane 0
}

__device__ inline std::int32_t warp_maximum(std::int32_t value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    const std::int32_t other = __shfl_down_sync(whole_warp, value, distance);
    value = other > value ? other : value;
  }
  return value;  // in lane 0
}

/// Counts one in `counters[place]`, nothing where place < 0. Where the whole warp means one place (flags, whatever no
/// shock has touched yet), one addition does for all: 32 additions to one address would wait for each other.
template <class Counter>
__device__ void warp_count(Counter* counters, std::int32_t place) {
  const std::int32_t first = __shfl_sync(whole_warp, place, 0);
  if (__all_sync(whole_warp, place == first)) {
    if (lane_in_warp() == 0 && place >= 0) atomicAdd(&counters[place], Counter{32});
  } else if (place >= 0) {
    atomicAdd(&counters[place], Counter{1});
  }
}

}  // namespace chokepoint::gpu
