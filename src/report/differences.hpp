#pragma once

#include <span>
#include <vector>

#include "chokepoint/comparison.hpp"
#include "output/json_text.hpp"
#include "report/figures.hpp"

/// How the results of a report differ from the first of them, path by path.
namespace chokepoint {

/// Most paths that are walked again for a page: the mean of a paired difference needs few.
inline constexpr std::uint64_t most_paired_paths = 4000;

/// Walks paths of all results again, side by side, with the seed of the first.
/// @param options engine, threads and devices
/// @throws EngineError, std::bad_alloc
Comparison compare_results(std::span<const LabelledResult> results, RunOptions options);

/// Fans of the differences by month.
std::vector<Figure> difference_figures(std::span<const LabelledResult> results, const Comparison& comparison);
std::vector<std::string> difference_figure_ids();

/// Mean differences with their intervals, and the shares of paths on which the measure is higher or lower, in the month
/// in which the mean difference is largest and in the last one.
Json difference_rows(std::span<const LabelledResult> results, const Comparison& comparison);

}  // namespace chokepoint
