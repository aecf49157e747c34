#pragma once

#include "chokepoint/tally/checksum.hpp"
#include "chokepoint/tally/events.hpp"
#include "launch.cuh"
#include "path_numbers.cuh"
#include "warp.cuh"

/// What is tallied a path rather than a value: checksums, first passages, how the solver fared. One thread a path.
namespace chokepoint::gpu {

/// Counters of a run. Device code adds to them atomically.
struct DeviceTotals {
  unsigned long long unsolved_paths, unsolved_steps, checksum_sum, checksum_xor;
  std::int32_t max_residual_bits;  ///< of a float that is not negative, so they are in its order
};

/// What is remembered of the paths of a batch between rounds.
struct PathMemory {
  ChecksumState* checksums;  ///< [stride]
  EventState* events;        ///< [events][stride]
  std::uint8_t* unsolved;    ///< [stride]
};

struct PathTallyTask {
  static constexpr int threads = 128;
  static constexpr int blocks_per_multiprocessor = 8;
  static constexpr const char* name = "the tally kernel of paths";

  Round round;
  Slot slot;
  PathMemory memory;
  const EventRule* rules;
  std::int32_t events, iteration_limit;
  float tolerance;
  DeviceTotals* totals;
  unsigned long long* iterations;     ///< [iteration_limit + 1]
  unsigned long long* first_passage;  ///< [events][event_slots]
  unsigned long long* recovery;       ///< [events][event_slots]
  unsigned long long* unsolved;       ///< [1 + stride] the number of unsolved paths of the batch, then their numbers

  /// Dynamic shared memory of a block: the solver iterations that its threads count.
  std::size_t shared_bytes() const { return (static_cast<std::size_t>(iteration_limit) + 1) * sizeof(std::uint32_t); }

  __device__ void operator()() const {
    const std::int64_t k = thread_number();
    const bool exists = k < round.paths;
    tally_events(k, exists);
    const bool missed = tally_solver(k, exists);
    tally_checksum(k, exists);
    if (exists) remember_solver(k, missed);
  }

 private:
  __device__ bool is_first_round() const { return round.month_begin == 0; }

  __device__ float value(std::int64_t k, int month, int measure) const {
    const std::int64_t row = static_cast<std::int64_t>(month - round.month_begin) * round.measures + measure;
    return slot.rows[row * round.stride + k];
  }

  __device__ void tally_checksum(std::int64_t k, bool exists) const {
    ChecksumState state{0, 0};
    if (exists) state = is_first_round() ? checksum_start(round.numbers[k]) : memory.checksums[k];
    const std::int64_t rows = static_cast<std::int64_t>(round.month_end - round.month_begin) * round.measures;
    for (std::int64_t row = 0; exists && row < rows; ++row)
      state = checksum_add(state, slot.rows[row * round.stride + k]);
    if (round.month_end < round.months) {
      if (exists) memory.checksums[k] = state;
      return;
    }
    const unsigned long long checksum = exists ? checksum_finish(state) : 0;
    const unsigned long long sum = warp_sum(checksum), all = warp_xor(checksum);
    if (lane_in_warp() != 0) return;
    atomicAdd(&totals->checksum_sum, sum);
    atomicXor(&totals->checksum_xor, all);
  }

  __device__ void tally_events(std::int64_t k, bool exists) const {
    for (int event = 0; event < events; ++event) {
      const EventRule rule = rules[event];
      EventState state = event_start();
      EventState& rest = memory.events[event * round.stride + (exists ? k : 0)];
      if (exists && !is_first_round()) state = rest;
      for (int month = round.month_begin; exists && month < round.month_end; ++month) {
        state = event_step(rule, state, month, value(k, month, rule.measure));
      }
      if (round.month_end < round.months) {
        if (exists) rest = state;
      } else {
        count_event(state, event, exists);
      }
    }
  }

  /// The same counters as ThreadTallies: month of first passage, months until recovery, never, undefined.
  __device__ void count_event(const EventState& state, int event, bool exists) const {
    const std::int32_t row = event * event_slots(round.months);
    const bool passed = exists && state.first_month >= 0;
    warp_count(first_passage, exists ? row + event_slot(round.months, state.first_month, 0) : -1);
    warp_count(recovery, passed ? row + event_slot(round.months, state.recovery_month, state.first_month) : -1);
  }

  /// Counts iterations and unsolved months. True where the path has missed its tolerance, in this round or before.
  __device__ bool tally_solver(std::int64_t k, bool exists) const {
    extern __shared__ std::uint32_t block_iterations[];
    for (int i = static_cast<int>(threadIdx.x); i <= iteration_limit; i += threads) block_iterations[i] = 0;
    __syncthreads();
    unsigned unsolved_steps = 0;
    float worst = 0.0f;
    for (int month = round.month_begin; month < round.month_end; ++month) {
      const std::int64_t at = static_cast<std::int64_t>(month - round.month_begin) * round.stride + k;
      warp_count(block_iterations, exists ? bounded(slot.iterations[at]) : -1);
      const float residual = exists ? slot.residual[at] : 0.0f;
      unsolved_steps += exists && !(residual <= tolerance) ? 1u : 0u;
      const float size = residual <= 3.4e38F ? residual : float_of(0x7f800000U);  // as accumulate_steps
      worst = size > worst ? size : worst;
    }
    add_solver(unsolved_steps, worst);
    __syncthreads();
    for (int i = static_cast<int>(threadIdx.x); i <= iteration_limit; i += threads) {
      if (block_iterations[i] != 0) atomicAdd(&iterations[i], static_cast<unsigned long long>(block_iterations[i]));
    }
    return unsolved_steps != 0 || (exists && !is_first_round() && memory.unsolved[k] != 0);
  }

  __device__ std::int32_t bounded(std::int32_t count) const {
    const std::int32_t positive = count < 0 ? 0 : count;
    return positive > iteration_limit ? iteration_limit : positive;
  }

  __device__ void add_solver(unsigned unsolved_steps, float worst) const {
    const unsigned steps = warp_sum(unsolved_steps);
    const std::int32_t bits = warp_maximum(static_cast<std::int32_t>(bits_of(worst)));
    if (lane_in_warp() != 0) return;
    if (steps != 0) atomicAdd(&totals->unsolved_steps, static_cast<unsigned long long>(steps));
    atomicMax(&totals->max_residual_bits, bits);
  }

  __device__ void remember_solver(std::int64_t k, bool missed) const {
    if (round.month_end < round.months) {
      memory.unsolved[k] = missed ? 1 : 0;
    } else if (missed) {
      atomicAdd(&totals->unsolved_paths, 1ull);
      unsolved[1 + atomicAdd(unsolved, 1ull)] = round.numbers[k];
    }
  }
};

}  // namespace chokepoint::gpu
