#pragma once

#include <functional>
#include <span>

#include "chokepoint/engine.hpp"
#include "tally/path_values.hpp"

namespace chokepoint {

/// Sorts floats in rising order, none of them NaN or a negative zero.
using RowSorter = std::function<void(std::span<float>)>;

/// On the CPU.
void sort_row(std::span<float> row);

/// Sorts the values of a run and reads its exact quantiles, with and without the unsolved paths, into the outcome.
/// Sorting makes the order of the paths irrelevant, so no engine, split or sorter changes a bit.
/// @param unsolved offsets within the run of the paths with an unsolved month
/// @param threads that sort rows, each calling `sort`
/// @param stop ends it between two rows, the outcome marked as interrupted; may be null
/// @throws what `sort` throws
void take_exact_quantiles(PathValues& values, const std::vector<std::uint64_t>& unsolved, int threads,
                          const RowSorter& sort, const std::atomic<bool>* stop, RunOutcome& outcome);

}  // namespace chokepoint
