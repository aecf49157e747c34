#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "chokepoint/engine.hpp"
#include "chokepoint/ledger.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/tally/layout.hpp"
#include "engine/lowered.hpp"
#include "tally/exact_quantiles.hpp"
#include "tally/path_values.hpp"

/// The interface of an engine to the rest of the program. docs/architecture.md says how to add an engine.
namespace chokepoint {

/// Paths of one scenario that are to be tallied.
struct TallyTask {
  const LoweredScenario& scenario;
  const TallyLayout& layout;
  const Ledger& paths;
  PathValues* values = nullptr;  ///< keeps its measures of every path, which then are one range; null for none
  RunControl control = {};
};

/// The part of the task that has been tallied.
struct Tallied {
  Ledger paths;                ///< fewer than the task's where it was stopped
  Ledger unsolved = {};        ///< those of them with an unsolved month
  int threads = 0, batch = 0;  ///< as in RunOutcome
  std::string devices = {};
};

/// The function that sorts the values of a run, one row at a time.
struct RowSorting {
  RowSorter sort;
  int threads;  ///< that may call it at once
};

/// One thread's memory for paths of one scenario. Made, used and destroyed by that thread.
class PathWalker {
 public:
  virtual ~PathWalker() = default;
  /// All months of some paths, no more than it was made for. The rows last until the next call.
  /// @param ended is asked now and then whether nobody waits any more: the rows are then of no use
  virtual PathRows walk(PathRange paths, const std::function<bool()>& ended) = 0;
};

/// Every method throws EngineError where the engine cannot do it.
class Backend {
 public:
  virtual ~Backend() = default;

  /// The precision that `LoweredScenario` must have: double or float.
  virtual bool is_double() const = 0;

  /// The memory that `run` takes in addition to common_memory().
  /// @param octaves that a measure takes in a month, as the mean over all measures and months
  virtual WorkPlan plan_run(const LoweredScenario& scenario, const TallyLayout& layout, std::uint64_t paths,
                            double octaves) const = 0;
  /// Adds the paths of a task to `tallies`, each once: the same integers from every engine of a precision.
  virtual Tallied run(const TallyTask& task, Tallies& tallies) const = 0;
  virtual RowSorting row_sorting(std::uint64_t length) const = 0;

  /// The memory, threads and batch for walking these scenarios side by side.
  virtual WorkPlan plan_walk(std::span<const Scenario* const> scenarios, std::uint64_t paths) const = 0;
  /// @param batch the most paths at once
  /// @param thread of the walk, counted from 0
  virtual std::unique_ptr<PathWalker> walker(const LoweredScenario& scenario, int batch, int thread) const = 0;
};

/// The engine of `options.engine`, which has been resolved, with the threads, batch and devices of the options.
std::unique_ptr<Backend> make_backend(const RunOptions& options);

/// Main memory that paths take on every engine while they run: merged tallies, the values of exact measures.
std::uint64_t common_memory(const Scenario& scenario, const TallyLayout& layout, const RunOptions& options,
                            double octaves);

/// @param instead the engine that does the same work without one
/// @throws EngineError where no GPU can be used
void check_gpu_usable(std::string_view instead);

}  // namespace chokepoint
