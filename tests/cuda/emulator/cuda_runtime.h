#pragma once

#include <functional>

#include "cuda_runtime_api.h"

// The words of the CUDA language.
#define __host__
#define __device__
#define __global__
#define __grid_constant__
#define __forceinline__ inline
#define __shared__ thread_local
#define __launch_bounds__(...)

struct dim3 {
  unsigned x;
};

namespace imagined {

/// Runs `kernel` once for each thread of a grid: blocks one after the other, the threads of a block in turns.
void run_grid(unsigned blocks, unsigned threads, const std::function<void()>& kernel);

std::uint64_t exchange_in_warp(std::uint64_t value, unsigned source_lane);
std::uint64_t all_in_warp(bool condition);

}  // namespace imagined

extern thread_local dim3 blockIdx, blockDim, threadIdx;

void __syncthreads();

inline int __all_sync(unsigned, bool condition) { return imagined::all_in_warp(condition) != 0; }

template <class T>
T __shfl_sync(unsigned, T value, int source) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = imagined::exchange_in_warp(bits, static_cast<unsigned>(source));
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, int distance) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  return __shfl_sync(mask, value, lane + distance < 32 ? lane + distance : lane);
}

// The threads of a device take turns, so plain operations are atomic.
template <class T>
T atomicAdd(T* to, T value) {
  const T before = *to;
  *to = before + value;
  return before;
}
template <class T>
T atomicXor(T* to, T value) {
  const T before = *to;
  *to = before ^ value;
  return before;
}
template <class T>
T atomicOr(T* to, T value) {
  const T before = *to;
  *to = before | value;
  return before;
}
template <class T>
T atomicCAS(T* to, T expected, T value) {
  const T before = *to;
  if (before == expected) *to = value;
  return before;
}
template <class T>
T atomicMin(T* to, T value) {
  const T before = *to;
  *to = value < before ? value : before;
  return before;
}
template <class T>
T atomicMax(T* to, T value) {
  const T before = *to;
  *to = value > before ? value : before;
  return before;
}

template <class Function>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, Function*) {
  attributes->localSizeBytes = 0;
  return imagined::machine.no_code;
}
