#pragma once

#include "chokepoint/market/step.hpp"
#include "launch.cuh"
#include "memory_plan.hpp"
#include "path_numbers.cuh"

/// The model on the device: one path a thread, months in a loop. The state of a path is a local array of its thread,
/// which the hardware interleaves by thread, so that every access of a warp is one line; between rounds it rests in
/// global memory, word by word, paths side by side.
namespace chokepoint::gpu {

/// Where a kernel finds its parameters: behind a pointer, or among its own arguments, which are constants.
template <class P>
struct InMemory {
  using Block = P;
  const P* block;
  __device__ const P& operator()() const { return *block; }
};

template <class P>
struct InConstants {
  using Block = P;
  P block;
  __device__ const P& operator()() const { return block; }
};

/// @tparam N float; bench/gpu/reproducibility has another kind of number of the same size
template <class Source, class N = float>
struct PathTask {
  using P = typename Source::Block;
  using StateType = State<N, typename P::ShapeType>;
  using FlowsType = Flows<N, typename P::ShapeType>;
  static constexpr int threads = 128;
  static constexpr int blocks_per_multiprocessor = 3;  // 168 registers a thread: docs/gpu.md
  static_assert(threads * blocks_per_multiprocessor == path_threads_per_multiprocessor);
  static constexpr const char* name = "the path kernel";
  static constexpr int state_words = sizeof(StateType) / sizeof(std::uint32_t);
  static_assert(sizeof(StateType) % sizeof(std::uint32_t) == 0);
  /// Local memory of a thread: its state and flows, the clearing and the copies of it that its last resort, with the
  /// matrix, and settlement work on, and room for what the compiler adds.
  static constexpr int markets = P::ShapeType::markets;
  static constexpr std::size_t clearing_bytes =
      sizeof(RentalSystem<N, P>) + sizeof(MarketResponse<N, markets, P::ShapeType::regions>);
  static constexpr std::size_t local_bytes =
      (sizeof(StateType) + sizeof(FlowsType) + 3 * clearing_bytes + markets * markets * sizeof(N)) * 5 / 4;

  Source parameters;
  Round round;
  std::uint32_t* states;  ///< [state_words][stride]
  Slot slot;

  // Parameters are constants only where none of this is a call.
  __device__ __forceinline__ void operator()() const {
    const std::int64_t k = thread_number();
    if (k >= round.paths) return;
    const P& p = parameters();
    StateType state;
    FlowsType flows;
    if (round.month_begin == 0) {
      start_path<N>(p, state);
    } else {
      load(state, k);
    }
    for (int month = round.month_begin; month < round.month_end; ++month) run_month(p, month, k, state, flows);
    if (round.month_end < round.months) store(state, k);
  }

 private:
  __device__ __forceinline__ void run_month(const P& p, int month, std::int64_t k, StateType& state,
                                            FlowsType& flows) const {
    const Draws<N> draws(p.seeds, round.numbers[k], static_cast<std::uint32_t>(month));
    advance_month<N>(p, month, draws, state, flows);
    const std::int64_t m = month - round.month_begin;
    measure<N>(p, month, state, flows, slot.rows + m * round.measures * round.stride + k, round.stride);
    chokepoint::store<N>(slot.residual + m * round.stride + k, flows.residual);
    slot.iterations[m * round.stride + k] = static_cast<std::int32_t>(flows.iterations);
  }

  /// A word of any type. memcpy would do, but compiles to bytes.
  typedef std::uint32_t __attribute__((may_alias)) AnyWord;

  __device__ void load(StateType& state, std::int64_t k) const {
    auto* const words = static_cast<AnyWord*>(static_cast<void*>(&state));
    const std::uint32_t* from = states + k;
    for (int w = 0; w < state_words; ++w, from += round.stride) words[w] = *from;
  }

  __device__ void store(const StateType& state, std::int64_t k) const {
    const auto* const words = static_cast<const AnyWord*>(static_cast<const void*>(&state));
    std::uint32_t* to = states + k;
    for (int w = 0; w < state_words; ++w, to += round.stride) *to = words[w];
  }
};

}  // namespace chokepoint::gpu
