#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "chokepoint/engine.hpp"

/// Single paths with every measure of every month, for questions that tallies cannot answer: the order of events on one
/// path, or how the same path differs between two scenarios.
namespace chokepoint {

/// The measures of some consecutive paths of one scenario. Indices of measures are those of measure_layout.hpp.
struct PathRows {
  int months = 0, measures = 0, paths = 0;
  std::ptrdiff_t stride = 0;                 ///< floats from one measure to the next; at least `paths`
  std::span<const float> values;             ///< [months][measures][stride]
  std::span<const float> residual;           ///< [months][stride]
  std::span<const std::int32_t> iterations;  ///< [months][stride]
  std::span<const std::uint8_t> unsolved;    ///< [paths] 1 where a month missed the solver's tolerance

  /// The paths' values of one measure in one month; missing_value where it is not defined.
  std::span<const float> row(int month, int measure) const {
    const auto offset = (static_cast<std::ptrdiff_t>(month) * measures + measure) * stride;
    return values.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(paths));
  }
  float at(int month, int measure, int path) const { return row(month, measure)[static_cast<std::size_t>(path)]; }
};

/// Takes the paths from `first_path` on, of every scenario that is walked, in their order: path k of one and path k of
/// another have the same path number and seed, so they share all draws that both make. Called by several threads at
/// once, in any order of batches; `thread` counts from 0 to planned_walk().threads - 1, so that each may add to a sum
/// of its own. Only sums whose order does not matter (integers, maxima) are the same for every number of threads.
using PathVisitor = std::function<void(int thread, std::uint64_t first_path, std::span<const PathRows> scenarios)>;

/// Threads, paths that each has in memory at once, and the memory of all.
/// @throws EngineError
WorkPlan planned_walk(std::span<const Scenario* const> scenarios, const RunOptions& options);

/// Walks `options.paths` paths of each scenario side by side, on the engine that resolve_walk_engine() finds; the
/// values are the same on every engine of a precision. The scenarios may differ in everything, length and regions too;
/// the caller must pair them sensibly. `control.report` counts paths of one scenario.
/// @return false if it was stopped early
/// @throws EngineError; what a visitor throws, after all threads have ended
bool walk_paths(std::span<const Scenario* const> scenarios, const RunOptions& options, const PathVisitor& visit,
                const RunControl& control = {});

}  // namespace chokepoint
