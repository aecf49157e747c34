#include <algorithm>

#include "chokepoint/gpu/shared_paths.hpp"
#include "chokepoint/market/limits.hpp"
#include "chokepoint/tally/thread_tallies.hpp"
#include "engine/backend.hpp"
#include "engine/block_memory.hpp"
#include "engine/memory_plan.hpp"
#include "engine/runners.hpp"
#include "machine/thread_count.hpp"
#include "scenario/sizes.hpp"

/// The engines of the CPU: threads that carry blocks of paths through the months with a BlockRunner.
namespace chokepoint {

namespace {

/// Paths that a thread carries through the months together: enough to fill a row of a histogram while it is in cache,
/// few enough that their states stay in the second-level cache.
constexpr int usual_batch = 512;
constexpr int largest_batch = 65535;

/// Paths kept in memory at once by a thread that walks: all months of all measures, some 60 kB a path and scenario.
constexpr int walk_batch = 64;

/// One thread of a run.
class TallyThread {
 public:
  TallyThread(const BlockRunner& runner, const TallyTask& task, int batch, SharedPaths& shared, Tallied& tallied,
              Tallies& to)
      : runner_(runner),
        task_(task),
        batch_(batch),
        shared_(shared),
        tallied_(tallied),
        to_(to),
        tallies_(task.layout, batch),
        memory_(runner, task.scenario, batch) {}

  void work() {
    for (PathRange block = take(); !block.empty(); block = take()) {
      if (tallies_.room() < static_cast<int>(block.count)) flush();
      // A block that was cut short has counted part of its paths' months: such tallies are of no use to anybody.
      if (!run_block(block)) return;
      counted_.add(block);
      for (int k = 0; k < static_cast<int>(block.count); ++k)
        if (tallies_.unsolved(k)) unsolved_.add({block.first + static_cast<std::uint64_t>(k), 1});
      shared_.add_done(block.count);
    }
    flush();
  }

 private:
  PathRange take() { return shared_.take(static_cast<std::uint64_t>(batch_)); }

  /// False where the run has ended within the block.
  bool run_block(PathRange range) {
    const int paths = static_cast<int>(range.count);
    const Block block = memory_.block(range.first, paths);
    tallies_.begin(range.first, paths);
    runner_.start(block);
    for (int month = 0; month < task_.layout.months; ++month) {
      if (shared_.ended()) return false;
      runner_.advance(block, month);
      if (task_.values)
        task_.values->keep(month, block.rows, block.stride, range.first - task_.paths.span().first, paths);
      runner_.tally(tallies_.view(), block, month, paths, task_.scenario.tolerance());
    }
    tallies_.end();
    return true;
  }

  void flush() {
    shared_.finish(counted_, [this] {
      tallies_.flush(to_);
      tallied_.unsolved.merge(unsolved_);
    });
    counted_ = unsolved_ = {};
  }

  const BlockRunner& runner_;
  const TallyTask& task_;
  int batch_;
  SharedPaths& shared_;
  Tallied& tallied_;
  Tallies& to_;
  ThreadTallies tallies_;
  BlockMemory memory_;
  Ledger counted_, unsolved_;  ///< since the last flush
};

class CpuWalker : public PathWalker {
 public:
  CpuWalker(const LoweredScenario& scenario, const BlockRunner& runner, int batch)
      : runner_(runner), scenario_(scenario), batch_(batch), memory_(runner, scenario, batch) {
    const auto months = static_cast<std::size_t>(scenario.sizes().months), paths = static_cast<std::size_t>(batch);
    values_.resize(months * static_cast<std::size_t>(scenario.sizes().measures) * paths);
    residual_.resize(months * paths);
    iterations_.resize(months * paths);
    unsolved_.resize(paths);
  }

  PathRows walk(PathRange range, const std::function<bool()>& ended) override {
    const Sizes& sizes = scenario_.sizes();
    const int paths = static_cast<int>(range.count);
    const Block block = memory_.block(range.first, paths);
    std::fill(unsolved_.begin(), unsolved_.end(), std::uint8_t{0});
    runner_.start(block);
    for (int month = 0; month < sizes.months && !ended(); ++month) {
      runner_.advance(block, month);
      keep(block, month, paths);
    }
    return {sizes.months, sizes.measures, paths,       batch_,
            values_,      residual_,      iterations_, {unsolved_.data(), static_cast<std::size_t>(paths)}};
  }

 private:
  void keep(const Block& block, int month, int paths) {
    const int measures = scenario_.sizes().measures;
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(month) * batch_;
    float* const to = values_.data() + at * measures;
    for (int k = 0; k < measures; ++k) std::copy_n(block.rows + k * block.stride, paths, to + k * batch_);
    std::copy_n(block.residual, paths, residual_.data() + at);
    std::copy_n(block.iterations, paths, iterations_.data() + at);
    for (int path = 0; path < paths; ++path)
      if (!(block.residual[path] <= scenario_.tolerance())) unsolved_[static_cast<std::size_t>(path)] = 1;
  }

  const BlockRunner& runner_;
  const LoweredScenario& scenario_;
  int batch_;
  BlockMemory memory_;
  std::vector<float> values_, residual_;
  std::vector<std::int32_t> iterations_;
  std::vector<std::uint8_t> unsolved_;
};

class CpuBackend : public Backend {
 public:
  explicit CpuBackend(const RunOptions& options)
      : runner_(cpu_runner(options.engine)),
        threads_(options.threads),
        batch_(std::clamp(options.batch > 0 ? options.batch : usual_batch, 1, largest_batch)) {}

  bool is_double() const override { return runner_.is_double; }

  WorkPlan plan_run(const LoweredScenario&, const TallyLayout& layout, std::uint64_t paths,
                    double octaves) const override {
    const std::uint64_t rows =
        bundles(batch_) * static_cast<std::uint64_t>(runner_.lanes) * layout.specs.size() * sizeof(float);
    return plan(batch_, paths, state_bytes(batch_) + rows + thread_tally_bytes(layout, octaves));
  }

  Tallied run(const TallyTask& task, Tallies& tallies) const override {
    std::uint64_t longest = 1, blocks = 0;
    for (const PathRange& range : task.paths.ranges()) {
      longest = std::max(longest, range.count);
      blocks += blocks_of(range.count, batch_);
    }
    Tallied out{{}, {}, usable_threads(blocks), batch_, {}};
    SharedPaths shared(task.paths, out.threads, task.control.stop, task.control.report);
    const int batch = static_cast<int>(std::min(longest, static_cast<std::uint64_t>(batch_)));
    shared.run([&](int) { TallyThread(runner_, task, batch, shared, out, tallies).work(); });
    out.paths = shared.finished();
    return out;
  }

  RowSorting row_sorting(std::uint64_t) const override { return {sort_row, wanted_threads()}; }

  WorkPlan plan_walk(std::span<const Scenario* const> scenarios, std::uint64_t paths) const override {
    std::uint64_t of_thread = 0;
    for (const Scenario* scenario : scenarios) {
      const Sizes sizes = scenario_sizes(*scenario);
      const auto rows = static_cast<std::uint64_t>(sizes.months + 1) * static_cast<std::uint64_t>(sizes.measures + 2);
      of_thread += rows * walk_batch * sizeof(float) + state_bytes(walk_batch);
    }
    return plan(walk_batch, paths, of_thread);
  }

  std::unique_ptr<PathWalker> walker(const LoweredScenario& scenario, int batch, int) const override {
    return std::make_unique<CpuWalker>(scenario, runner_, batch);
  }

 private:
  static std::uint64_t blocks_of(std::uint64_t paths, int batch) {
    return (paths + static_cast<std::uint64_t>(batch) - 1) / static_cast<std::uint64_t>(batch);
  }
  std::uint64_t bundles(int batch) const {
    return static_cast<std::uint64_t>((batch + runner_.lanes - 1) / runner_.lanes);
  }
  std::uint64_t state_bytes(int batch) const { return bundles(batch) * runner_.state_bytes + runner_.flows_bytes; }
  int wanted_threads() const { return threads_ > 0 ? threads_ : default_threads().threads; }
  int usable_threads(std::uint64_t blocks) const {
    return static_cast<int>(std::clamp<std::uint64_t>(blocks, 1, static_cast<std::uint64_t>(wanted_threads())));
  }
  WorkPlan plan(int batch, std::uint64_t paths, std::uint64_t bytes_of_thread) const {
    const int threads = usable_threads(blocks_of(paths, batch));
    return {threads, batch, bytes_of_thread * static_cast<std::uint64_t>(threads) + stack_memory(threads)};
  }

  BlockRunner runner_;
  int threads_, batch_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(const RunOptions& options) {
  return std::make_unique<CpuBackend>(options);
}

}  // namespace chokepoint
