#pragma once

#include <cuda_runtime.h>

#include "cuda_check.hpp"

/// The only kernel launcher of the project. A task is a trivially copyable struct with `static constexpr int threads`
/// (a block), `blocks_per_multiprocessor` (what the compiler must leave room for) and a device `operator()()`.
namespace chokepoint::gpu {

/// The task travels in the kernel's parameter space: what it holds is read as constants, without a load.
template <class Task>
__global__ void __launch_bounds__(Task::threads, Task::blocks_per_multiprocessor)
    run_task(const __grid_constant__ Task task) {
  task();
}

/// @param shared_bytes dynamic shared memory of a block
/// @throws Failure; what goes wrong later, on the device, is reported by the next wait
template <class Task>
void launch(const Task& task, unsigned blocks, std::size_t shared_bytes, cudaStream_t stream) {
  if (blocks == 0) return;
  run_task<Task><<<blocks, Task::threads, shared_bytes, stream>>>(task);
  check(cudaGetLastError(), Task::name);
}

/// Blocks that give every one of `items` a thread.
template <class Task>
unsigned blocks_for(std::int64_t items) {
  return static_cast<unsigned>((items + Task::threads - 1) / Task::threads);
}

/// Number of this thread in the grid.
__device__ inline std::int64_t thread_number() {
  return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

}  // namespace chokepoint::gpu
