#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "engine/block_memory.hpp"
#include "engine/runners.hpp"
#include "micro/bench.hpp"
#include "micro/target_tables.hpp"

/// One clearing of the rental markets by itself, from last month's prices, in months of real paths.
namespace chokepoint::bench {

namespace {

class AlignedBytes {
 public:
  AlignedBytes(std::size_t size, const void* from) : bytes_(static_cast<std::byte*>(::operator new(size, alignment))) {
    std::memcpy(bytes_.get(), from, size);
  }
  std::byte* get() const { return bytes_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Release {
    void operator()(std::byte* bytes) const { ::operator delete(bytes, alignment); }
  };
  std::unique_ptr<std::byte, Release> bytes_;
};

/// A month just cleared, and what it started from.
struct ClearedMonth {
  int month;
  AlignedBytes before, state, flows;
  std::vector<std::int32_t> iterations;
};

/// The sampled months of the bundle that starts with this path.
void walk_bundle(const BlockRunner& runner, std::uint64_t first_path, std::vector<ClearedMonth>& cleared,
                 IterationStatistics& statistics) {
  const LoweredScenario& scenario = lowered(runner.is_double);
  BlockMemory memory(runner, scenario, runner.lanes);
  const Block block = memory.block(first_path, runner.lanes);
  runner.start(block);
  for (int month = 0; month < scenario.sizes().months; ++month) {
    AlignedBytes before(runner.state_bytes, block.states);
    runner.advance(block, month);
    if (!is_sampled(month)) continue;
    cleared.push_back({month, std::move(before), AlignedBytes(runner.state_bytes, block.states),
                       AlignedBytes(runner.flows_bytes, block.flows),
                       std::vector<std::int32_t>(block.iterations, block.iterations + runner.lanes)});
    statistics.add(month, block.iterations, block.residual, runner.lanes, scenario.tolerance());
  }
}

ClearingKernels clearing_kernels(EngineChoice engine) {
  const TargetKernels kernels = target_kernels(engine.instruction_set);
  if (engine.kind == EngineKind::reference) return kernels.reference_clearing;
  return engine.kind == EngineKind::scalar ? kernels.scalar_clearing : kernels.simd_clearing;
}

void run_clearings(benchmark::State& state, EngineChoice engine) {
  const BlockRunner runner = cpu_runner(engine);
  const ClearingKernels kernels = clearing_kernels(engine);
  const void* const parameters = lowered(runner.is_double).data();
  IterationStatistics statistics;
  std::vector<ClearedMonth> months;
  for (int path = 0; path < sampled_paths; path += runner.lanes) {
    walk_bundle(runner, static_cast<std::uint64_t>(path), months, statistics);
  }
  const auto clear = [&](const ClearedMonth& m) {
    kernels.clear(parameters, m.month, m.before.get(), m.state.get(), m.flows.get());
  };
  for (const ClearedMonth& m : months) {
    std::vector<std::int32_t> iterations(m.iterations.size());
    clear(m);
    kernels.iterations(m.flows.get(), iterations.data());
    if (iterations != m.iterations) return state.SkipWithError("the clearing by itself is not the one of the path");
  }
  const double begin = thread_seconds();
  for (auto _ : state) {
    for (const ClearedMonth& m : months) clear(m);
    benchmark::ClobberMemory();
  }
  const double seconds = thread_seconds() - begin;
  const double clearings = static_cast<double>(state.iterations()) * static_cast<double>(months.size()) * runner.lanes;
  state.counters["clearings/s"] = clearings / seconds;
  state.counters["ns/clearing"] = seconds / clearings * 1e9;
  state.counters["newton_mean"] = statistics.mean();
  state.counters["newton_max"] = statistics.largest();
  if (engine.kind == EngineKind::reference) return;  // counted is the float model
  const double flops = clearing_operations().flops();
  state.counters["flops"] = flops;
  state.counters["fma_peak_%"] = clearings / seconds * flops / fma_peak_of(engine) * 100;
}

[[maybe_unused]] const bool registered = [] {
  for (const EngineChoice engine : cpu_engines()) {
    benchmark::RegisterBenchmark(("clearing/" + engine_name(engine)).c_str(), run_clearings, engine)
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace

}  // namespace chokepoint::bench
