#include <chrono>
#include <optional>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "engine/backend.hpp"
#include "engine/memory_plan.hpp"
#include "engine/tally_layout.hpp"
#include "scenario/lower/lower.hpp"

namespace chokepoint {

namespace {

/// One run, on whatever engine.
class Run {
 public:
  Run(const Scenario& scenario, const RunOptions& options, const RunControl& control)
      : options_(options),
        control_(control),
        backend_(make_backend(options)),
        lowered_(scenario, options.seed, backend_->is_double()),
        layout_(tally_layout(scenario)) {
    if (!options.exact_measures.empty()) values_.emplace(layout_.months, options.exact_measures, options.paths);
  }

  RunOutcome take() {
    RunOutcome outcome;
    outcome.engine = options_.engine;
    outcome.all = std::make_unique<Tallies>(layout_);
    const Ledger wanted({options_.first_path, options_.paths});
    const Tallied done =
        backend_->run({lowered_, layout_, wanted, values_ ? &*values_ : nullptr, control_}, *outcome.all);
    outcome.interrupted = done.paths != wanted;
    outcome.paths = done.paths;
    outcome.threads = done.threads;
    outcome.batch = done.batch;
    outcome.devices = done.devices;
    if (!outcome.interrupted && !done.unsolved.empty()) run_again(done.unsolved, outcome);
    if (!outcome.interrupted && values_) take_exact(done.unsolved, outcome);
    return outcome;
  }

 private:
  /// Paths are pure functions of their number: those that were not solved are run once more to be tallied alone.
  void run_again(const Ledger& unsolved, RunOutcome& outcome) {
    outcome.unsolved = std::make_unique<Tallies>(layout_);
    RunControl silent;
    silent.stop = control_.stop;
    const Tallied done = backend_->run({lowered_, layout_, unsolved, nullptr, silent}, *outcome.unsolved);
    outcome.interrupted = done.paths != unsolved;
  }

  void take_exact(const Ledger& unsolved, RunOutcome& outcome) {
    std::vector<std::uint64_t> places = unsolved.numbers();
    for (std::uint64_t& place : places) place -= options_.first_path;
    const RowSorting sorting = backend_->row_sorting(options_.paths);
    take_exact_quantiles(*values_, places, sorting.threads, sorting.sort, control_.stop, outcome);
  }

  const RunOptions options_;
  const RunControl& control_;
  std::unique_ptr<Backend> backend_;
  LoweredScenario lowered_;
  TallyLayout layout_;
  std::optional<PathValues> values_;
};

/// The options with the engine that will run.
RunOptions with_run_engine(RunOptions options) {
  options.engine = resolve_engine(options.engine);
  return options;
}

}  // namespace

TallyLayout tally_layout(const Scenario& scenario) {
  const auto parameters = lower<float>(scenario, scenario.seed);
  return make_tally_layout(parameters->sizes, event_rules(parameters->events, parameters->sizes.events));
}

RunOutcome run_paths(const Scenario& scenario, const RunOptions& options, const RunControl& control) {
  const auto begin = std::chrono::steady_clock::now();
  RunOutcome outcome = Run(scenario, with_run_engine(options), control).take();
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return outcome;
}

PlannedMemory planned_memory(const Scenario& scenario, const RunOptions& options) {
  return planned_memory(scenario, options, planned_octaves);
}

PlannedMemory planned_memory(const Scenario& scenario, const RunOptions& options, double octaves) {
  const std::unique_ptr<Backend> backend = make_backend(with_run_engine(options));
  const LoweredScenario lowered(scenario, options.seed, backend->is_double());
  const TallyLayout layout = tally_layout(scenario);
  return {backend->plan_run(lowered, layout, options.paths, octaves).bytes +
              common_memory(scenario, layout, options, octaves),
          writing_memory(layout.rows())};
}

std::uint64_t common_memory(const Scenario& scenario, const TallyLayout& layout, const RunOptions& options,
                            double octaves) {
  return tally_bytes(layout, octaves) + exact_memory(scenario, options);
}

std::uint64_t exact_memory(const Scenario& scenario, const RunOptions& options) {
  return options.paths * static_cast<std::uint64_t>(scenario.months) * options.exact_measures.size() * sizeof(float);
}

}  // namespace chokepoint
