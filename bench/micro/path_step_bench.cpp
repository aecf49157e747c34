#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "chokepoint/tally/thread_tallies.hpp"
#include "engine/block_memory.hpp"
#include "engine/runners.hpp"
#include "engine/tally_layout.hpp"
#include "micro/bench.hpp"

/// The work of one thread of a run: batches of paths through all months, measured and tallied.
namespace chokepoint::bench {

namespace {

class PathWalk {
 public:
  PathWalk(EngineChoice engine, int batch)
      : runner_(cpu_runner(engine)),
        scenario_(lowered(runner_.is_double)),
        layout_(tally_layout(scenario())),
        batch_(batch),
        tallies_(layout_, std::max(batch, warming_batch)),
        memory_(runner_, scenario_, batch) {
    warm_tallies();
  }

  /// The next batch, as SharedRun::run_block takes it.
  void run_batch() {
    if (tallies_.room() < batch_) empty_tallies();
    const Block block = memory_.block(next_path_, batch_);
    tallies_.begin(next_path_, batch_);
    runner_.start(block);
    for (int month = 0; month < layout_.months; ++month) {
      runner_.advance(block, month);
      const double begin = thread_seconds();
      runner_.tally(tallies_.view(), block, month, batch_, scenario_.tolerance());
      tally_seconds_ += thread_seconds() - begin;
      iterations_.add(month, block.iterations, block.residual, batch_, scenario_.tolerance());
    }
    tallies_.end();
    next_path_ += static_cast<std::uint64_t>(batch_);
  }

  double path_steps() const { return static_cast<double>(next_path_) * layout_.months; }
  double values() const { return path_steps() * layout_.measures(); }
  double tally_seconds() const { return tally_seconds_; }
  const IterationStatistics& iterations() const { return iterations_; }
  int lanes() const { return runner_.lanes; }

 private:
  static constexpr int warming_batch = 256, warming_batches = 4;

  /// Histograms start as memory that was never touched, and the first paths of a run wait for its pages. A run is
  /// longer than a benchmark: so paths that are not timed, and other ones, touch them first.
  void warm_tallies() {
    const BlockRunner runner = cpu_runner({EngineKind::simd, available_instruction_sets().back()});
    BlockMemory memory(runner, lowered(false), warming_batch);
    for (int batch = 1; batch <= warming_batches; ++batch) {
      const std::uint64_t first_path = (std::uint64_t{1} << 40) + static_cast<std::uint64_t>(batch * warming_batch);
      const Block block = memory.block(first_path, warming_batch);
      tallies_.begin(first_path, warming_batch);
      runner.start(block);
      for (int month = 0; month < layout_.months; ++month) {
        runner.advance(block, month);
        runner.tally(tallies_.view(), block, month, warming_batch, lowered(false).tolerance());
      }
      tallies_.end();
    }
  }

  void empty_tallies() {
    if (!emptied_) emptied_ = std::make_unique<Tallies>(layout_);
    tallies_.flush(*emptied_);
  }

  BlockRunner runner_;
  const LoweredScenario& scenario_;
  TallyLayout layout_;
  int batch_;
  ThreadTallies tallies_;
  BlockMemory memory_;
  TalliesPointer emptied_;
  std::uint64_t next_path_ = 0;
  double tally_seconds_ = 0;
  IterationStatistics iterations_;
};

void report_iterations(benchmark::State& state, const IterationStatistics& iterations) {
  state.counters["newton_mean"] = iterations.mean();
  if (iterations.slowest_of_16() > 0) state.counters["newton_slowest_of_16"] = iterations.slowest_of_16();
  if (iterations.slowest_of_32() > 0) state.counters["newton_slowest_of_32"] = iterations.slowest_of_32();
  state.counters["newton_p99"] = iterations.quantile(0.99);
  state.counters["newton_max"] = iterations.largest();
  state.counters["newton_month_0"] = iterations.month_0();
  state.counters["unsolved"] = iterations.unsolved();
}

void run_paths_of_one_thread(benchmark::State& state, EngineChoice engine, int batch) {
  PathWalk walk(engine, batch);
  const double begin = thread_seconds();
  for (auto _ : state) walk.run_batch();
  const double seconds = thread_seconds() - begin;
  const double rate = walk.path_steps() / seconds;
  state.counters["path_steps/s"] = rate;
  state.counters["clearings/s"] = rate;  // one a path-step
  state.counters["path_steps"] = walk.path_steps();
  state.counters["tally_ns/value"] = walk.tally_seconds() / walk.values() * 1e9;
  state.counters["tally_%"] = walk.tally_seconds() / seconds * 100;
  report_iterations(state, walk.iterations());
  if (engine.kind == EngineKind::reference) return;  // counted is the float model
  // Of the peak of its own instruction set. The tally's integers are in the time but not among the operations; `model`
  // is without both.
  const double peak = fma_peak_of(engine), flops = step_operations(1).flops();
  const double without_tally = walk.path_steps() / (seconds - walk.tally_seconds());
  state.counters["flops"] = flops;
  state.counters["fma_peak_%"] = rate * flops / peak * 100;
  state.counters["model_fma_peak_%"] = without_tally * flops / peak * 100;
  if (engine.kind != EngineKind::simd) return;  // a compiler finds vectors in scalar code: several operations a slot
  // All operations that a bundle executes, against what the ports that do multiply-adds can take.
  const double operations = step_operations(walk.lanes()).vector_operations();
  state.counters["vector_operations"] = operations;
  state.counters["port_slots_%"] = rate * operations / (peak / 2) * 100;
  state.counters["model_port_slots_%"] = without_tally * operations / (peak / 2) * 100;
}

/// Whole rows and bundles: 256 as in a run; fewer for engines that take long.
[[maybe_unused]] const bool registered = [] {
  for (const EngineChoice engine : cpu_engines()) {
    const int batch = engine.kind == EngineKind::simd ? 256 : 32;
    const std::string name = "path_step/" + engine_name(engine);
    benchmark::RegisterBenchmark(name.c_str(), run_paths_of_one_thread, engine, batch)->Unit(benchmark::kMillisecond);
  }
  const EngineChoice fastest{EngineKind::simd, available_instruction_sets().back()};
  for (const int batch : {16, 64, 1024}) {
    const std::string name = "path_step/" + engine_name(fastest) + "/batch:" + std::to_string(batch);
    benchmark::RegisterBenchmark(name.c_str(), run_paths_of_one_thread, fastest, batch)->Unit(benchmark::kMillisecond);
  }
  return true;
}();

/// The tally alone, on rows fresh in the cache as in a run: only its time counts.
void run_tally(benchmark::State& state, EngineChoice engine) {
  PathWalk walk(engine, 256);
  double before = 0;
  for (auto _ : state) {
    walk.run_batch();
    state.SetIterationTime(walk.tally_seconds() - before);
    before = walk.tally_seconds();
  }
  state.counters["ns/value"] = walk.tally_seconds() / walk.values() * 1e9;
  state.counters["values/s"] = walk.values() / walk.tally_seconds();
}

[[maybe_unused]] const bool tally_registered = [] {
  for (const InstructionSet set : available_instruction_sets()) {
    const EngineChoice engine{EngineKind::simd, set};
    benchmark::RegisterBenchmark(("tally/" + std::string(name_of(set))).c_str(), run_tally, engine)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(8);
  }
  return true;
}();

}  // namespace

}  // namespace chokepoint::bench
