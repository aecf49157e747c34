#include "chokepoint/path_walk.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "chokepoint/crew.hpp"
#include "engine/block_memory.hpp"
#include "engine/memory_plan.hpp"
#include "engine/runners.hpp"
#include "machine/thread_count.hpp"

namespace chokepoint {
namespace {

/// Paths kept in memory at once by a thread: all months of all measures, some 60 kB a path and scenario.
constexpr int walk_batch = 64;

BlockRunner walk_runner(EngineChoice wanted) {
  const EngineChoice choice = resolve_engine(wanted);
  return cpu_runner({choice.kind == EngineKind::cuda ? EngineKind::simd : choice.kind, choice.instruction_set});
}

/// One thread's memory for the paths of one scenario.
class Walker {
 public:
  Walker(const LoweredScenario& scenario, const BlockRunner& runner)
      : runner_(runner), scenario_(scenario), memory_(runner, scenario, walk_batch), unsolved_(walk_batch) {
    const Sizes& sizes = scenario.sizes();
    values_.resize(static_cast<std::size_t>(sizes.months) * static_cast<std::size_t>(sizes.measures) * walk_batch);
  }

  PathRows walk(std::uint64_t first, int paths, const std::function<bool()>& stopped) {
    const Sizes& sizes = scenario_.sizes();
    const Block block = memory_.block(first, paths);
    std::fill(unsolved_.begin(), unsolved_.end(), std::uint8_t{0});
    runner_.start(block);
    for (int month = 0; month < sizes.months && !stopped(); ++month) {
      runner_.advance(block, month);
      keep(block, month, paths);
    }
    return {sizes.months, sizes.measures, paths, walk_batch, values_, {unsolved_.data(), static_cast<std::size_t>(paths)}};
  }

 private:
  void keep(const Block& block, int month, int paths) {
    const int measures = scenario_.sizes().measures;
    float* to = values_.data() + static_cast<std::ptrdiff_t>(month) * measures * walk_batch;
    for (int k = 0; k < measures; ++k) std::copy_n(block.rows + k * block.stride, paths, to + k * walk_batch);
    for (int path = 0; path < paths; ++path) {
      if (!(block.residual[path] <= scenario_.tolerance())) unsolved_[static_cast<std::size_t>(path)] = 1;
    }
  }

  const BlockRunner& runner_;
  const LoweredScenario& scenario_;
  BlockMemory memory_;
  std::vector<float> values_;
  std::vector<std::uint8_t> unsolved_;
};

class SharedWalk {
 public:
  SharedWalk(std::span<const Scenario* const> scenarios, const RunOptions& options, const PathVisitor& visit,
             const RunControl& control, const Crew& crew)
      : runner_(walk_runner(options.engine)), options_(options), visit_(visit), control_(control), crew_(crew) {
    for (const Scenario* scenario : scenarios) lowered_.emplace_back(*scenario, options.seed, runner_.is_double);
  }

  void work(int thread) {
    std::vector<Walker> walkers;
    walkers.reserve(lowered_.size());
    for (const LoweredScenario& scenario : lowered_) walkers.emplace_back(scenario, runner_);
    while (!stopped() && take_batch(thread, walkers)) {
    }
  }

  void follow() const {
    using namespace std::chrono_literals;
    while (done_ < options_.paths && !stopped()) {
      std::this_thread::sleep_for(20ms);
      if (control_.report) control_.report(done_);
    }
  }

  bool complete() const { return done_ == options_.paths; }

 private:
  bool stopped() const { return crew_.failed() || (control_.stop && control_.stop->load(std::memory_order_relaxed)); }

  bool take_batch(int thread, std::vector<Walker>& walkers) {
    const std::uint64_t offset = next_.fetch_add(walk_batch, std::memory_order_relaxed);
    if (offset >= options_.paths) return false;
    const int paths = static_cast<int>(std::min<std::uint64_t>(walk_batch, options_.paths - offset));
    const std::uint64_t first = options_.first_path + offset;
    std::vector<PathRows> rows;
    for (Walker& walker : walkers) rows.push_back(walker.walk(first, paths, [this] { return stopped(); }));
    if (stopped()) return false;  // the last months of a batch that was cut short are not there
    visit_(thread, first, rows);
    done_ += static_cast<std::uint64_t>(paths);
    return true;
  }

  BlockRunner runner_;
  const RunOptions& options_;
  const PathVisitor& visit_;
  const RunControl& control_;
  const Crew& crew_;
  std::vector<LoweredScenario> lowered_;
  std::atomic<std::uint64_t> next_{0}, done_{0};
};

}  // namespace

int walk_threads(const RunOptions& options) {
  const std::uint64_t batches = (options.paths + walk_batch - 1) / walk_batch;
  const int wanted = options.threads > 0 ? options.threads : default_threads().threads;
  return static_cast<int>(std::clamp<std::uint64_t>(batches, 1, static_cast<std::uint64_t>(wanted)));
}

std::uint64_t walk_memory(std::span<const Scenario* const> scenarios, const RunOptions& options) {
  const BlockRunner runner = walk_runner(options.engine);
  const std::uint64_t bundles = static_cast<std::uint64_t>((walk_batch + runner.lanes - 1) / runner.lanes);
  std::uint64_t of_thread = 0;
  for (const Scenario* scenario : scenarios) {
    const Sizes sizes = scenario_sizes(*scenario);
    const auto rows = static_cast<std::uint64_t>(sizes.months + 1) * static_cast<std::uint64_t>(sizes.measures);
    of_thread += rows * walk_batch * sizeof(float) + bundles * runner.state_bytes + runner.flows_bytes;
  }
  const int threads = walk_threads(options);
  return of_thread * static_cast<std::uint64_t>(threads) + stack_memory(threads);
}

bool walk_paths(std::span<const Scenario* const> scenarios, const RunOptions& options, const PathVisitor& visit,
                const RunControl& control) {
  Crew crew(walk_threads(options));
  SharedWalk walk(scenarios, options, visit, control, crew);
  crew.run([&walk](int thread) { walk.work(thread); }, [&walk] { walk.follow(); });
  return walk.complete();
}

}  // namespace chokepoint
