#include <benchmark/benchmark.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "micro/bench.hpp"
#include "micro/target_tables.hpp"

/// What one core can do at most: independent chains of multiply-adds, twelve registers, no memory.
namespace chokepoint::bench {

namespace {

constexpr float chain_factors[3] = {0.999f, 0.25f, 1.0f};  // x tends to 250: no denormals, no overflow

NumberKernels number_kernels(InstructionSet set, int lanes) {
  const TargetKernels kernels = target_kernels(set);
  return lanes == 1 ? kernels.scalar : kernels.simd;
}

double measure_peak(const NumberKernels& kernels) {
  using Clock = std::chrono::steady_clock;
  constexpr long rounds = 20000;  // about a millisecond
  double best = 0;
  for (int attempt = 0; attempt < 60; ++attempt) {
    const auto begin = Clock::now();
    benchmark::DoNotOptimize(kernels.chains(chain_factors, rounds));
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = std::max(best, static_cast<double>(rounds) * kernels.flops_per_round / seconds);
  }
  return best;
}

void run_chains(benchmark::State& state, InstructionSet set, int lanes) {
  const NumberKernels kernels = number_kernels(set, lanes);
  constexpr long rounds = 1000;
  for (auto _ : state) benchmark::DoNotOptimize(kernels.chains(chain_factors, rounds));
  const double flops = static_cast<double>(state.iterations()) * rounds * kernels.flops_per_round;
  state.counters["flops/s"] = benchmark::Counter(flops, benchmark::Counter::kIsRate);
  state.counters["best_flops/s"] = fma_peak(set, lanes);
  state.SetLabel(kernels.fused ? "fused multiply-add" : "multiply, then add");
}

[[maybe_unused]] const bool registered = [] {
  for (const InstructionSet set : available_instruction_sets()) {
    for (const int lanes : {1, 16}) {
      const std::string name =
          std::string("fma_peak/") + (lanes == 1 ? "scalar/" : "simd/") + std::string(name_of(set));
      benchmark::RegisterBenchmark(name.c_str(), run_chains, set, lanes);
    }
  }
  return true;
}();

}  // namespace

double fma_peak(InstructionSet set, int lanes) {
  static std::map<std::pair<InstructionSet, bool>, double> known;
  const std::pair<InstructionSet, bool> key{set, lanes > 1};
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  return known.emplace(key, measure_peak(number_kernels(set, lanes))).first->second;
}

double fma_peak_of(EngineChoice engine) {
  return fma_peak(engine.instruction_set, engine.kind == EngineKind::simd ? 16 : 1);
}

}  // namespace chokepoint::bench
