#pragma once

#include <cstdint>
#include <vector>

#include "chokepoint/tally/layout.hpp"

namespace chokepoint {

/// What is counted once for a run, and not for each measure and month.
struct RunTotals {
  std::uint64_t paths = 0;
  std::uint64_t unsolved_paths = 0;                  ///< paths with a month that missed its tolerance
  std::uint64_t unsolved_steps = 0;                  ///< path-months that missed their tolerance
  std::uint64_t checksum_sum = 0, checksum_xor = 0;  ///< of the checksums of the paths, modulo 2^64
  float max_residual = 0;                            ///< infinite where one was not a number
  std::vector<std::uint64_t> iterations;             ///< [iteration_limit + 1] path-months by solver iterations
  std::vector<std::uint64_t>
      first_passage;                    ///< [events][event_slots] paths by month of first passage, never, undefined
  std::vector<std::uint64_t> recovery;  ///< [events][event_slots] paths that passed, by months until the condition
                                        ///< failed again, not within the horizon, undefined

  RunTotals() = default;
  explicit RunTotals(const TallyLayout& layout);
};

/// Vectors must have one layout's sizes.
void add(RunTotals& totals, const RunTotals& other);

}  // namespace chokepoint
