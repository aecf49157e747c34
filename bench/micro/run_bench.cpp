#include <benchmark/benchmark.h>

#include <string>

#include "micro/bench.hpp"

/// Whole runs as `chokepoint run` makes them, but for files: threads, batches, tallies, merging.
namespace chokepoint::bench {

namespace {

void run_whole(benchmark::State& state, EngineKind kind, int threads, std::uint64_t paths) {
  RunOptions options;
  options.paths = paths;
  options.engine.kind = kind;
  options.threads = threads;
  double seconds = 0;
  for (auto _ : state) {
    const RunOutcome outcome = run_paths(scenario(), options);
    seconds += outcome.seconds;
    benchmark::DoNotOptimize(outcome.all.get());
  }
  const double path_steps = static_cast<double>(state.iterations()) * static_cast<double>(paths) * scenario().months;
  state.counters["path_steps/s"] = path_steps / seconds;  // of the clock on the wall
}

void add(const char* name, EngineKind kind, int threads, std::uint64_t paths) {
  benchmark::RegisterBenchmark(name, run_whole, kind, threads, paths)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1);
}

[[maybe_unused]] const bool registered = [] {
  add("run/simd/threads:1", EngineKind::simd, 1, 16384);
  add("run/simd/threads:all", EngineKind::simd, 0, 16384);
  if (cuda_device_state().usable) add("run/cuda", EngineKind::cuda, 0, 1000000);
  return true;
}();

}  // namespace

}  // namespace chokepoint::bench
