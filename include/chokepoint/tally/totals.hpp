#pragma once

#include <cstdint>
#include <vector>

#include "chokepoint/tally/fixed_point.hpp"
#include "chokepoint/tally/layout.hpp"

namespace chokepoint {

__extension__ typedef __int128 Integer128;  // C++ has no name for it

/// Sums over all paths of one measure in one month. Room for 2^40 paths and far beyond: |high| < 2^71, square < 2^102.
struct Moments {
  Integer128 high = 0, low = 0;                                               ///< sums of the parts of FixedPoint
  Integer128 square = 0;                                                      ///< sum of high * high
  std::int32_t smallest_key = no_smallest_key, largest_key = no_largest_key;  ///< order_key of the extremes
};

inline bool operator==(const Moments& a, const Moments& b) {
  return a.high == b.high && a.low == b.low && a.square == b.square && a.smallest_key == b.smallest_key &&
         a.largest_key == b.largest_key;
}

void add(Moments& moments, const RowSums& sums);
void add(Moments& moments, const Moments& other);
/// Takes the sums of a part out again. The extremes stay: they bound what is left, no longer tightly.
void subtract(Moments& moments, const Moments& part);

/// What is counted once a run rather than once a measure and month.
struct RunTotals {
  std::uint64_t paths = 0;
  std::uint64_t unsolved_paths = 0;                  ///< paths with a month that missed its tolerance
  std::uint64_t unsolved_steps = 0;                  ///< path-months that missed their tolerance
  std::uint64_t checksum_sum = 0, checksum_xor = 0;  ///< of the checksums of the paths, modulo 2^64
  float max_residual = 0;                            ///< infinite where one was not a number
  std::vector<std::uint64_t> iterations;             ///< [iteration_limit + 1] path-months by solver iterations
  std::vector<std::uint64_t> first_passage;  ///< [events][event_slots] paths by month of first passage, never, undefined
  std::vector<std::uint64_t> recovery;       ///< [events][event_slots] paths that passed, by months until the condition
                                             ///< failed again, not within the horizon, undefined

  RunTotals() = default;
  explicit RunTotals(const TallyLayout& layout);
};

/// Vectors must have one layout's sizes.
void add(RunTotals& totals, const RunTotals& other);

}  // namespace chokepoint
