#include <setjmp.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "cuda_runtime.h"

namespace imagined {

long launches = 0, sorts = 0;

namespace {

constexpr unsigned warp_size = 32;
constexpr std::size_t stack_bytes = 256 * 1024;

/// A meeting point of a number of threads. Two sets of values: a thread may be at the next meeting already while others
/// still read what was brought to this one.
struct Meeting {
  unsigned members = 0, arrived = 0;
  std::uint64_t generation = 0;
  std::uint64_t values[2][warp_size] = {};
};

/// Contexts start a fiber; from then on jumps switch, since a switch of contexts costs two calls of the system.
struct Fiber {
  ucontext_t context;
  jmp_buf place;
  bool started = false;
  std::unique_ptr<char[]> stack{new char[stack_bytes]};
  unsigned number = 0;
  bool ended = false;
};

/// The block in work on this thread of the host.
struct Block {
  ucontext_t scheduler;
  jmp_buf scheduler_place;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Meeting> warps;
  Meeting whole;
  Fiber* running = nullptr;
  const std::function<void()>* kernel = nullptr;
  bool has_progressed = false;
};
thread_local Block block;

void run_fiber() {
  (*block.kernel)();
  block.running->ended = true;
  block.has_progressed = true;
  _longjmp(block.scheduler_place, 1);
}

void pause() {
  Fiber* const self = block.running;
  if (_setjmp(self->place) == 0) _longjmp(block.scheduler_place, 1);
}

/// Runs a fiber until it pauses or ends.
void resume(Fiber& fiber) {
  block.running = &fiber;
  threadIdx.x = fiber.number;
  if (_setjmp(block.scheduler_place) != 0) return;
  if (fiber.started) _longjmp(fiber.place, 1);
  fiber.started = true;
  setcontext(&fiber.context);
}

/// Waits until all members have arrived. Returns the number of the meeting.
std::uint64_t meet(Meeting& meeting) {
  const std::uint64_t mine = meeting.generation;
  block.has_progressed = true;
  if (++meeting.arrived == meeting.members) {
    meeting.arrived = 0;
    ++meeting.generation;
  }
  while (meeting.generation == mine) pause();
  return mine;
}

std::uint64_t exchange(std::uint64_t value, const std::function<std::uint64_t(const std::uint64_t*)>& read) {
  Meeting& warp = block.warps[threadIdx.x / warp_size];
  std::uint64_t* const values = warp.values[warp.generation % 2];
  values[threadIdx.x % warp_size] = value;
  meet(warp);
  return read(values);
}

void start_block(unsigned threads) {
  while (block.fibers.size() < threads) block.fibers.push_back(std::make_unique<Fiber>());
  block.warps.assign((threads + warp_size - 1) / warp_size, Meeting{});
  for (Meeting& warp : block.warps) warp.members = warp_size;
  block.whole = Meeting{};
  block.whole.members = threads;
  for (unsigned k = 0; k < threads; ++k) {
    Fiber& fiber = *block.fibers[k];
    fiber.number = k;
    fiber.ended = fiber.started = false;
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = stack_bytes;
    fiber.context.uc_link = &block.scheduler;
    makecontext(&fiber.context, run_fiber, 0);
  }
}

void run_block(unsigned threads) {
  start_block(threads);
  for (unsigned ended = 0; ended < threads;) {
    block.has_progressed = false;
    for (unsigned k = 0; k < threads; ++k) {
      Fiber& fiber = *block.fibers[k];
      if (fiber.ended) continue;
      resume(fiber);
      if (fiber.ended) ++ended;
    }
    if (!block.has_progressed) {
      std::fprintf(stderr, "emulator: threads wait for others that never come\n");
      std::abort();
    }
  }
}

}  // namespace

void run_grid(unsigned blocks, unsigned threads, const std::function<void()>& kernel) {
  __atomic_add_fetch(&launches, 1, __ATOMIC_RELAXED);
  block.kernel = &kernel;
  blockDim.x = threads;
  for (unsigned k = 0; k < blocks; ++k) {
    blockIdx.x = k;
    run_block(threads);
  }
}

std::uint64_t exchange_in_warp(std::uint64_t value, unsigned source_lane) {
  return exchange(value, [source_lane](const std::uint64_t* values) { return values[source_lane]; });
}

std::uint64_t all_in_warp(bool condition) {
  return exchange(condition ? 1 : 0, [](const std::uint64_t* values) {
    std::uint64_t all = 1;
    for (unsigned lane = 0; lane < warp_size; ++lane) all &= values[lane];
    return all;
  });
}

}  // namespace imagined

thread_local dim3 blockIdx, blockDim, threadIdx;

void __syncthreads() {
  imagined::meet(imagined::block.whole);
}

// Dynamic shared memory: the kernels' names for it.
namespace chokepoint::gpu {
thread_local std::uint32_t histogram[12288], block_iterations[12288];
}
