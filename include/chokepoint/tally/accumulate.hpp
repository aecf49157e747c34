#pragma once

#include <cstdint>

#include "chokepoint/tally/checksum.hpp"
#include "chokepoint/tally/events.hpp"
#include "chokepoint/tally/fixed_point.hpp"
#include "chokepoint/tally/histogram.hpp"

/// Tallies rows of measures while they are in cache. Raw pointers and plain loops only: this is compiled once for every
/// instruction set and vectorised by the compiler. All of it is integer arithmetic or exact, so every target agrees.
namespace chokepoint {

/// Counter of a thread's own histograms. Small, because those of all months and measures together are what the caches
/// and memory have to carry; emptied into 64-bit counts before it can overflow (ThreadTallies).
using ThreadCount = std::uint16_t;

/// Solver behaviour of many path-steps.
struct StepSums {
  std::uint64_t unsolved_steps;
  float max_residual;  ///< infinite for one that was not a number
};

/// One thread's tallies as raw memory, with the state of the chunk of paths in work.
struct TallyView {
  const HistogramSpec* specs;  ///< [measures]
  const EventRule* rules;      ///< [events]
  ThreadCount* counts;         ///< [months][bins]
  RowSums* sums;               ///< [months][measures]
  std::uint64_t* iterations;   ///< [iteration_limit + 1] path-steps by solver iterations
  StepSums* steps;
  std::uint32_t* path_hash;     ///< [chunk] ChecksumState::hash
  std::uint32_t* path_trail;    ///< [chunk] ChecksumState::trail
  std::uint8_t* path_unsolved;  ///< [chunk] 1 once a month of the path missed its tolerance
  EventState* event_states;     ///< [events][chunk]
  std::int32_t months, measures, events, iteration_limit;
  std::int32_t chunk;  ///< room for paths
  std::uint32_t bins;  ///< of a month, all measures
};

inline namespace CHOKEPOINT_TARGET {

inline constexpr int tally_block = 256;
inline constexpr int tally_crowded_bins = 12;

/// What one pass over a block of values finds beside the bins. Everything is 32 bits wide: a compiler fills its
/// registers only where all of a loop is of one width, and sums over a block of parts of up to 22 bits stay within 32.
struct BlockSums {
  std::int32_t first_bin, last_bin;
  std::int32_t high_upper, high_lower,
      low;  ///< sums of the upper and lower 16 bits of FixedPoint::high, and of its low
  std::int32_t smallest_key, largest_key;
};

/// Bins and fixed-point forms of up to tally_block values.
inline BlockSums scan_block(const HistogramSpec spec, const float* __restrict row, int paths,
                            std::int32_t* __restrict bins, std::int32_t* __restrict high) {
  std::int32_t first = 0x7fffffff, last = -1, smallest = no_smallest_key, largest = no_largest_key;
  std::int32_t high_upper = 0, high_lower = 0, low = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bin = bin_of(spec, row[path]);
    bins[path] = bin;
    first = bin < first ? bin : first;
    last = bin > last ? bin : last;
    const FixedPoint fixed = fixed_point_of(spec, row[path]);
    high[path] = fixed.high;
    high_upper += fixed.high >> 16;
    high_lower += fixed.high & 0xffff;
    low += fixed.low;
    const std::int32_t small = smallest_key(row[path]), large = largest_key(row[path]);
    smallest = small < smallest ? small : smallest;
    largest = large > largest ? large : largest;
  }
  return {first, last, high_upper, high_lower, low, smallest, largest};
}

inline std::int32_t count_equal(const std::int32_t* __restrict bins, int paths, std::int32_t bin) {
  std::int32_t equal = 0;
  for (int path = 0; path < paths; ++path) equal += bins[path] == bin ? 1 : 0;
  return equal;
}

/// Asks memory for the counts that are about to change. The histograms of a run do not fit in a cache; every fourth
/// value touches most of their lines.
template <class Count>
inline void fetch_counts(const std::int32_t* bins, int paths, const Count* counts) {
  for (int path = 0; path < paths; path += 4) __builtin_prefetch(counts + bins[path], 1);
}

/// Counts the bins of a block. Values that crowd into a few bins (flags, whatever no shock has touched yet) would make
/// every increment wait for the one before it; for them one comparison a bin, over whole registers, is faster.
template <class Count>
inline void count_block(const std::int32_t* bins, int paths, const BlockSums& block, Count* counts) {
  if (block.last_bin - block.first_bin < tally_crowded_bins) {
    for (std::int32_t bin = block.first_bin; bin <= block.last_bin; ++bin)
      counts[bin] = static_cast<Count>(counts[bin] + count_equal(bins, paths, bin));
  } else {
    for (int path = 0; path < paths; ++path) ++counts[bins[path]];
  }
}

/// Sums of the squares of up to 2^32 numbers.
inline void squares_of_block(const std::int32_t* __restrict numbers, int paths, RowSums& sums) {
  std::uint64_t upper = 0, wrapped = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int64_t number = numbers[path];
    const std::uint64_t square = static_cast<std::uint64_t>(number * number);
    upper += square >> 32;
    wrapped += square;
  }
  sums.square_high += upper;
  sums.square_low += wrapped - (upper << 32);  // the lower halves alone: exact modulo 2^64, and they fit
}

inline void add_block(RowSums& sums, const BlockSums& block) {
  sums.high += static_cast<std::int64_t>(block.high_upper) * 65536 + block.high_lower;
  sums.low += block.low;
  sums.smallest_key = block.smallest_key < sums.smallest_key ? block.smallest_key : sums.smallest_key;
  sums.largest_key = block.largest_key > sums.largest_key ? block.largest_key : sums.largest_key;
}

/// Adds `paths` values of one measure in one month to its histogram and sums. `counts` points at bin 0 of the measure.
/// @param row paths floats; missing_value, NaN and infinities allowed
template <class Count>
inline void accumulate_row(const HistogramSpec& spec, const float* row, int paths, Count* counts, RowSums& sums) {
  std::int32_t bins[tally_block], high[tally_block];
  for (int start = 0; start < paths; start += tally_block) {
    const int size = paths - start < tally_block ? paths - start : tally_block;
    const BlockSums block = scan_block(spec, row + start, size, bins, high);
    add_block(sums, block);
    fetch_counts(bins, size, counts);
    squares_of_block(high, size, sums);  // while the counts are on their way
    count_block(bins, size, block, counts);
  }
}

/// Puts a row into the checksums of its paths.
inline void checksum_row(const float* __restrict row, int paths, std::uint32_t* __restrict path_hash,
                         std::uint32_t* __restrict path_trail) {
  for (int path = 0; path < paths; ++path) {
    const ChecksumState state = checksum_add({path_hash[path], path_trail[path]}, row[path]);
    path_hash[path] = state.hash;
    path_trail[path] = state.trail;
  }
}

/// Takes the month's value of an event's measure on every path.
inline void event_row(const EventRule& rule, const float* row, int paths, int month, EventState* states) {
  for (int path = 0; path < paths; ++path) states[path] = event_step(rule, states[path], month, row[path]);
}

/// Tallies all measures of one month of a chunk: months in order from 0, each once.
/// @param rows measures by paths, `stride` floats from one measure to the next
inline void accumulate_month(const TallyView& view, int month, const float* rows, std::int64_t stride, int paths) {
  for (int measure = 0; measure < view.measures; ++measure) {
    const HistogramSpec& spec = view.specs[measure];
    const float* row = rows + measure * stride;
    ThreadCount* counts = view.counts + static_cast<std::uint64_t>(month) * view.bins + spec.first_bin;
    accumulate_row(spec, row, paths, counts, view.sums[month * view.measures + measure]);
    checksum_row(row, paths, view.path_hash, view.path_trail);
  }
  for (int event = 0; event < view.events; ++event) {
    const EventRule& rule = view.rules[event];
    event_row(rule, rows + rule.measure * stride, paths, month, view.event_states + event * view.chunk);
  }
}

/// Tallies how the solver fared on every path of one month. Not solved: a residual above `tolerance`, or not a number.
/// @param iterations solver iterations; above the limit counts as the limit
inline void accumulate_steps(const TallyView& view, const std::int32_t* iterations, const float* residual,
                             float tolerance, int paths) {
  for (int path = 0; path < paths; ++path) {
    const bool solved = residual[path] <= tolerance;
    view.steps->unsolved_steps += solved ? 0 : 1;
    view.path_unsolved[path] |= solved ? 0 : 1;
    const float size = residual[path] <= 3.4e38F ? residual[path] : float_of(0x7f800000U);
    view.steps->max_residual = size > view.steps->max_residual ? size : view.steps->max_residual;
    const std::int32_t count = iterations[path] < 0 ? 0 : iterations[path];
    ++view.iterations[count > view.iteration_limit ? view.iteration_limit : count];
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
