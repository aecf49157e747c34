#pragma once

#include <algorithm>
#include <cstddef>

#include "cuda_runtime_api.h"

/// CUB's sort as the engine calls it: asked without scratch it says how much it needs; the sorted keys end in either of
/// two arrays, here always in the other one.
namespace cub {

template <class T>
struct DoubleBuffer {
  DoubleBuffer(T* first, T* second) : d_buffers{first, second} {}
  T* Current() const { return d_buffers[selector]; }
  T* Alternate() const { return d_buffers[selector ^ 1]; }
  T* d_buffers[2];
  int selector = 0;
};

struct DeviceRadixSort {
  template <class T>
  static cudaError_t SortKeys(void* memory, std::size_t& bytes, DoubleBuffer<T>& keys, std::size_t count, int begin_bit,
                              int end_bit, cudaStream_t) {
    if (!memory) {
      bytes = imagined::machine.sort_scratch;
      return imagined::machine.sorting;
    }
    if (bytes < imagined::machine.sort_scratch || begin_bit != 0 || end_bit != 8 * sizeof(T))
      return cudaErrorLaunchFailure;
    std::memset(memory, 0x5a, bytes);
    std::copy_n(keys.Current(), count, keys.Alternate());
    std::sort(keys.Alternate(), keys.Alternate() + count);
    keys.selector ^= 1;
    ++imagined::sorts;
    return cudaGetLastError();
  }
};

}  // namespace cub
