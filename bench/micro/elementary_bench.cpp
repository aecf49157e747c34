#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "micro/bench.hpp"
#include "micro/target_tables.hpp"

/// Elementary functions and random numbers, from and to the first-level cache.
namespace chokepoint::bench {

namespace {

constexpr std::size_t values = 2048;

/// Evenly from `low` to `high`, both within.
std::vector<float> evenly(float low, float high) {
  std::vector<float> numbers(values);
  for (std::size_t k = 0; k < values; ++k) {
    numbers[k] = low + (high - low) * (static_cast<float>(k) + 0.5f) / static_cast<float>(values);
  }
  return numbers;
}

/// Runs a kernel on one array after another.
template <class Kernel>
void run_kernel(benchmark::State& state, Kernel kernel) {
  const double begin = thread_seconds();
  for (auto _ : state) {
    kernel();
    benchmark::ClobberMemory();
  }
  const double seconds = thread_seconds() - begin;
  const double done = static_cast<double>(state.iterations()) * static_cast<double>(values);
  state.counters["values/s"] = done / seconds;
  state.counters["ns/value"] = seconds / done * 1e9;
}

void run_map(benchmark::State& state, MapKernel kernel, float low, float high) {
  const std::vector<float> in = evenly(low, high);
  std::vector<float> out(values);
  run_kernel(state, [&] { kernel(in.data(), out.data(), values); });
}

template <class Number>
void run_draws(benchmark::State& state, void (*kernel)(Number*, std::size_t, std::uint32_t)) {
  std::vector<Number> out(values);
  std::uint32_t step = 0;
  run_kernel(state, [&] { kernel(out.data(), values, step++); });
}

void add(const std::string& kind, const NumberKernels& kernels) {
  const auto name = [&](const char* what) { return what + ("/" + kind); };
  benchmark::RegisterBenchmark(name("philox_word").c_str(), run_draws<std::uint32_t>, kernels.words);
  benchmark::RegisterBenchmark(name("normal").c_str(), run_draws<float>, kernels.normals);
  benchmark::RegisterBenchmark(name("exp2").c_str(), run_map, kernels.exp2, -20.0f, 20.0f);
  benchmark::RegisterBenchmark(name("log2").c_str(), run_map, kernels.log2, 0.01f, 100.0f);
  benchmark::RegisterBenchmark(name("reciprocal").c_str(), run_map, kernels.reciprocal, 0.01f, 100.0f);
  benchmark::RegisterBenchmark(name("normal_quantile").c_str(), run_map, kernels.normal_quantile, 0.0f, 1.0f);
}

[[maybe_unused]] const bool registered = [] {
  for (const InstructionSet set : available_instruction_sets()) {
    const TargetKernels kernels = target_kernels(set);
    add("scalar/" + std::string(name_of(set)), kernels.scalar);
    add("simd/" + std::string(name_of(set)), kernels.simd);
  }
  return true;
}();

}  // namespace

}  // namespace chokepoint::bench
