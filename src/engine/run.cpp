#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "chokepoint/crew.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/tally/thread_tallies.hpp"
#include "engine/block_memory.hpp"
#include "engine/exact_quantiles.hpp"
#include "engine/memory_plan.hpp"
#include "engine/runners.hpp"
#include "machine/thread_count.hpp"
#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"
#endif

namespace chokepoint {

namespace {

/// Paths that a thread carries through the months together: enough to fill a row of a histogram while it is in cache,
/// few enough that their states stay in the second-level cache.
constexpr int usual_batch = 512;
constexpr int largest_batch = 65535;

/// What the threads of a run share. Work is handed out by a counter: which thread runs which batch never matters.
class SharedRun {
 public:
  SharedRun(const LoweredScenario& scenario, const TallyLayout& layout, const RunOptions& options,
            const RunControl& control, BlockRunner runner, int batch, const Crew& crew)
      : scenario_(scenario), options_(options), control_(control), runner_(runner), batch_(batch), crew_(crew),
        layout_(layout),
        all_(std::make_unique<Tallies>(layout)) {
    if (!options.exact_measures.empty()) values_.emplace(layout.months, options.exact_measures, options.paths);
  }

  /// The work of one thread.
  void work() {
    ThreadTallies tallies(layout_, batch_);
    BlockMemory memory(runner_, scenario_, batch_);
    while (!stopped() && take_batch(tallies, memory)) {
    }
    // A batch that was cut short has counted part of its paths' months: such tallies are of no use to anybody.
    if (!stopped()) flush(tallies);
  }

  bool finished() const { return done_ >= options_.paths || stopped(); }
  std::uint64_t done() const { return done_; }
  bool interrupted() const { return done_ < options_.paths; }

  /// After all threads have ended.
  void hand_over(RunOutcome& outcome) {
    outcome.interrupted = interrupted();
    if (!unsolved_paths_.empty() && !outcome.interrupted) outcome.unsolved = run_again(unsolved_paths_);
    outcome.interrupted = outcome.interrupted || stopped();
    if (values_ && !outcome.interrupted) take_exact(outcome);
    outcome.all = std::move(all_);
  }

 private:
  bool stopped() const { return crew_.failed() || (control_.stop && control_.stop->load(std::memory_order_relaxed)); }

  bool take_batch(ThreadTallies& tallies, BlockMemory& memory) {
    const std::uint64_t offset = next_.fetch_add(static_cast<std::uint64_t>(batch_), std::memory_order_relaxed);
    if (offset >= options_.paths) return false;
    const int paths = static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(batch_), options_.paths - offset));
    if (tallies.room() < paths) flush(tallies);
    const std::uint64_t first = options_.first_path + offset;
    if (!run_block(tallies, memory, first, paths, values_ ? &*values_ : nullptr)) return false;
    for (int k = 0; k < paths; ++k) {
      if (tallies.unsolved(k)) remember_unsolved(first + static_cast<std::uint64_t>(k));
    }
    done_ += static_cast<std::uint64_t>(paths);
    return true;
  }

  /// False where the run was stopped within the block; its thread's tallies are then of no use.
  /// @param values where those of this block are kept too, or null
  bool run_block(ThreadTallies& tallies, BlockMemory& memory, std::uint64_t first, int paths, PathValues* values) {
    const Block block = memory.block(first, paths);
    tallies.begin(first, paths);
    runner_.start(block);
    for (int month = 0; month < layout_.months; ++month) {
      if (stopped()) return false;
      runner_.advance(block, month);
      if (values) values->keep(month, block.rows, block.stride, first - options_.first_path, paths);
      runner_.tally(tallies.view(), block, month, paths, scenario_.tolerance());
    }
    tallies.end();
    return true;
  }

  void remember_unsolved(std::uint64_t path) {
    const std::lock_guard lock(mutex_);
    unsolved_paths_.push_back(path);
  }

  void flush(ThreadTallies& tallies) {
    const std::lock_guard lock(mutex_);
    tallies.flush(*all_);
  }

  /// Paths are pure functions of their number: those that were not solved are run once more to be tallied alone.
  std::unique_ptr<Tallies> run_again(const std::vector<std::uint64_t>& paths) {
    auto out = std::make_unique<Tallies>(layout_);
    ThreadTallies tallies(layout_, 1);
    BlockMemory memory(runner_, scenario_, 1);
    for (const std::uint64_t path : paths) {
      if (tallies.room() < 1) tallies.flush(*out);
      run_block(tallies, memory, path, 1, nullptr);
    }
    tallies.flush(*out);
    return out;
  }

  void take_exact(RunOutcome& outcome) {
    std::vector<std::uint64_t> unsolved;
    for (const std::uint64_t path : unsolved_paths_) unsolved.push_back(path - options_.first_path);
    take_exact_quantiles(*values_, unsolved, outcome.threads, sort_row, control_.stop, outcome);
  }

  const LoweredScenario& scenario_;
  const RunOptions& options_;
  const RunControl& control_;
  BlockRunner runner_;
  int batch_;
  const Crew& crew_;
  TallyLayout layout_;
  std::unique_ptr<Tallies> all_;
  std::vector<std::uint64_t> unsolved_paths_;
  std::optional<PathValues> values_;
  std::atomic<std::uint64_t> next_{0}, done_{0};
  std::mutex mutex_;
};

int usable_threads(int wanted, std::uint64_t paths, int batch) {
  const std::uint64_t batches = (paths + static_cast<std::uint64_t>(batch) - 1) / static_cast<std::uint64_t>(batch);
  const int threads = wanted > 0 ? wanted : default_threads().threads;
  return static_cast<int>(std::clamp<std::uint64_t>(batches, 1, static_cast<std::uint64_t>(threads)));
}

void follow(SharedRun& run, const RunControl& control) {
  using namespace std::chrono_literals;
  while (!run.finished()) {
    std::this_thread::sleep_for(20ms);
    if (control.report) control.report(run.done());
  }
}

}  // namespace

TallyLayout tally_layout(const Scenario& scenario) {
  const auto parameters = lower<float>(scenario, scenario.seed);
  return make_tally_layout(parameters->sizes, event_rules(parameters->events, parameters->sizes.events));
}

RunOutcome run_paths(const Scenario& scenario, const RunOptions& options, const RunControl& control) {
  const auto begin = std::chrono::steady_clock::now();
  RunOutcome outcome;
  outcome.engine = resolve_engine(options.engine);
#if CHOKEPOINT_HAS_CUDA
  if (outcome.engine.kind == EngineKind::cuda) {
    const EngineChoice engine = outcome.engine;
    outcome = run_paths_on_cuda(scenario, options, control);
    outcome.engine = engine;
    return outcome;
  }
#endif
  const BlockRunner runner = cpu_runner(outcome.engine);
  outcome.batch = std::clamp(options.batch > 0 ? options.batch : usual_batch, 1, largest_batch);
  outcome.threads = usable_threads(options.threads, options.paths, outcome.batch);
  const LoweredScenario lowered(scenario, options.seed, runner.is_double);
  Crew crew(outcome.threads);
  SharedRun run(lowered, tally_layout(scenario), options, control, runner, outcome.batch, crew);
  crew.run([&run](int) { run.work(); }, [&run, &control] { follow(run, control); });
  run.hand_over(outcome);
  if (control.report) control.report(run.done());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return outcome;
}

std::uint64_t planned_memory(const Scenario& scenario, const RunOptions& options) {
  const EngineChoice engine = resolve_engine(options.engine);
#if CHOKEPOINT_HAS_CUDA
  if (engine.kind == EngineKind::cuda) return planned_cuda_devices(scenario, options).host_bytes;
#endif
  const BlockRunner runner = cpu_runner(engine);
  const TallyLayout layout = tally_layout(scenario);
  const int batch = std::clamp(options.batch > 0 ? options.batch : usual_batch, 1, largest_batch);
  const std::uint64_t bundles = static_cast<std::uint64_t>((batch + runner.lanes - 1) / runner.lanes);
  const std::uint64_t rows = bundles * static_cast<std::uint64_t>(runner.lanes) * layout.specs.size() * sizeof(float);
  const std::uint64_t per_thread = bundles * runner.state_bytes + runner.flows_bytes + rows + thread_tally_bytes(layout);
  const int threads = usable_threads(options.threads, options.paths, batch);
  return tally_bytes(layout) + per_thread * static_cast<std::uint64_t>(threads) + stack_memory(threads) +
         writing_memory(layout) +
         exact_memory(scenario, options);
}

std::uint64_t exact_memory(const Scenario& scenario, const RunOptions& options) {
  return options.paths * static_cast<std::uint64_t>(scenario.months) * options.exact_measures.size() * sizeof(float);
}

}  // namespace chokepoint
