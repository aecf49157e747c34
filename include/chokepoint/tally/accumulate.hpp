#pragma once

#include "chokepoint/tally/block_counts.hpp"
#include "chokepoint/tally/block_sums.hpp"
#include "chokepoint/tally/checksum.hpp"

/// Tallies rows of measures while they are in cache. Raw pointers and plain loops only: this is compiled once for every
/// instruction set and vectorised by the compiler. All of it is integer arithmetic or exact, so every target agrees.
namespace chokepoint {

inline namespace CHOKEPOINT_TARGET {

/// Adds `paths` values of one measure in one month to rows[row].
/// @param values paths floats; missing_value, NaN and infinities allowed
inline void accumulate_row(const TallyView& view, std::int32_t row, const BinSpec& spec, const float* values,
                           int paths) {
  std::int32_t bins[tally_block];
  fetch_row(view.rows[row]);
  for (int start = 0; start < paths; start += tally_block) {
    const int size = paths - start < tally_block ? paths - start : tally_block;
    const BlockRange range = scan_block(spec, values + start, size, bins);
    const BlockPlaces places = place_block(view, row, spec, range, bins, size);
    ThreadCount* const counts = view.rows[row].counts;
    fetch_counts(bins, size, places.shift, counts);
    sum_block(values + start, size, range, view.rows[row].sums);  // while the counts are on their way
    count_block(bins, size, places, counts);
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
    const float* row = rows + measure * stride;
    accumulate_row(view, month * view.measures + measure, view.specs[measure], row, paths);
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
