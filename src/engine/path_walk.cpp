#include "chokepoint/path_walk.hpp"

#include <list>
#include <memory>
#include <vector>

#include "chokepoint/gpu/shared_paths.hpp"
#include "engine/backend.hpp"

namespace chokepoint {
namespace {

/// The options with the engine that will walk.
RunOptions with_walk_engine(RunOptions options) {
  options.engine = resolve_walk_engine(options.engine);
  return options;
}

/// What the threads of a walk share.
struct Walk {
  const Backend& backend;
  std::list<LoweredScenario> scenarios;
  int batch;
  const PathVisitor& visit;
  SharedPaths& shared;

  /// The work of one thread.
  void work(int thread) const {
    std::vector<std::unique_ptr<PathWalker>> walkers;
    for (const LoweredScenario& scenario : scenarios) walkers.push_back(backend.walker(scenario, batch, thread));
    for (PathRange paths = take(); !paths.empty(); paths = take()) {
      std::vector<PathRows> rows;
      for (const auto& walker : walkers) rows.push_back(walker->walk(paths, [this] { return shared.ended(); }));
      if (shared.ended()) return;  // the last months of a batch that was cut short are not there
      visit(thread, paths.first, rows);
      shared.add_done(paths.count);
      shared.finish(Ledger(paths));
    }
  }

  PathRange take() const { return shared.take(static_cast<std::uint64_t>(batch)); }
};

}  // namespace

WorkPlan planned_walk(std::span<const Scenario* const> scenarios, const RunOptions& options) {
  return make_backend(with_walk_engine(options))->plan_walk(scenarios, options.paths);
}

bool walk_paths(std::span<const Scenario* const> scenarios, const RunOptions& options, const PathVisitor& visit,
                const RunControl& control) {
  const std::unique_ptr<Backend> backend = make_backend(with_walk_engine(options));
  const WorkPlan plan = backend->plan_walk(scenarios, options.paths);
  SharedPaths shared(Ledger({options.first_path, options.paths}), plan.threads, control.stop, control.report);
  Walk walk{*backend, {}, plan.batch, visit, shared};
  for (const Scenario* scenario : scenarios) walk.scenarios.emplace_back(*scenario, options.seed, backend->is_double());
  shared.run([&walk](int thread) { walk.work(thread); });
  return shared.is_complete();
}

ReplayedPath replay_path(const Scenario& scenario, std::uint64_t seed, std::uint64_t path, EngineChoice engine,
                         bool with_noise) {
  RunOptions options;
  options.engine = engine;
  const std::unique_ptr<Backend> backend = make_backend(with_walk_engine(options));
  const LoweredScenario lowered(scenario, seed, backend->is_double(), with_noise);
  const std::unique_ptr<PathWalker> walker = backend->walker(lowered, 1, 0);
  const PathRows rows = walker->walk({path, 1}, [] { return false; });
  ReplayedPath out{rows.months,
                   rows.measures,
                   {rows.values.begin(), rows.values.end()},
                   {rows.residual.begin(), rows.residual.end()},
                   {}};
  for (const std::int32_t iterations : rows.iterations) out.iterations.push_back(static_cast<float>(iterations));
  return out;
}

}  // namespace chokepoint
