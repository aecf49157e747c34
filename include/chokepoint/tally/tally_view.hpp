#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/tally/events.hpp"
#include "chokepoint/tally/exact_sum.hpp"
#include "chokepoint/tally/octave_set.hpp"

/// One thread's tallies as raw memory.
namespace chokepoint {

/// Counter of a thread's own histograms. Small, because those of all months and measures together are what the caches
/// and memory have to carry; emptied into 64-bit counts before it can overflow (ThreadTallies).
using ThreadCount = std::uint16_t;

/// Solver behaviour of many path-steps.
struct StepSums {
  std::uint64_t unsolved_steps;
  float max_residual;  ///< infinite for one that was not a number
};

/// What a thread has of one measure in one month.
struct TallyRow {
  OctaveSet octaves;    ///< that the counts have room for
  ThreadCount* counts;  ///< special bins, then octaves
  RowSums sums;
};

/// One thread's tallies as raw memory, with the state of the chunk of paths in work.
struct TallyView {
  const BinSpec* specs;       ///< [measures]
  const EventRule* rules;     ///< [events]
  TallyRow* rows;             ///< [months][measures]
  std::uint64_t* iterations;  ///< [iteration_limit + 1] path-steps by solver iterations
  StepSums* steps;
  std::uint32_t* path_hash;     ///< [chunk] ChecksumState::hash
  std::uint32_t* path_trail;    ///< [chunk] ChecksumState::trail
  std::uint8_t* path_unsolved;  ///< [chunk] 1 once a month of the path missed its tolerance
  EventState* event_states;     ///< [events][chunk]
  std::int32_t months, measures, events, iteration_limit;
  std::int32_t chunk;  ///< room for paths
  void* owner;         ///< of the rows
  /// Makes room for more octaves in rows[row]. May throw std::bad_alloc.
  void (*grow)(void* owner, std::int32_t row, const OctaveSet& octaves);
};

}  // namespace chokepoint
