#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/step.hpp"
#include "engine/block_memory.hpp"
#include "engine/runners.hpp"
#include "micro/bench.hpp"

/// Counts operations; takes no time of anything.
namespace chokepoint::bench {

namespace {

constexpr int counted_paths = 64;

const Parameters<float>& parameters() {
  return *static_cast<const Parameters<float>*>(lowered(false).data());
}

void forget_operations() {
  std::fill(std::begin(operations_seen), std::end(operations_seen), 0);
}

OperationsPerStep operations_each(double times) {
  OperationsPerStep operations;
  for (int k = 0; k < operation_count; ++k) operations.of[k] = static_cast<double>(operations_seen[k]) / times;
  return operations;
}

template <int W>
OperationsPerStep count_steps(int paths) {
  using N = Counted<W>;
  const Parameters<float>& p = parameters();
  const auto state = std::make_unique<State<N>>();
  const auto flows = std::make_unique<Flows<N>>();
  std::vector<float> row(static_cast<std::size_t>(p.sizes.measures) * W);
  forget_operations();
  for (int first = 0; first < paths; first += W) {
    start_path<N>(p, *state);
    for (int month = 0; month < p.sizes.months; ++month) {
      const Draws<N> draws(p.seeds, static_cast<std::uint64_t>(first), static_cast<std::uint32_t>(month));
      advance_month<N>(p, month, draws, *state, *flows);
      measure<N>(p, month, *state, *flows, row.data(), W);
    }
  }
  return operations_each(static_cast<double>(paths / W) * p.sizes.months);
}

OperationsPerStep count_clearings() {
  using N = Counted<1>;
  const Parameters<float>& p = parameters();
  const auto state = std::make_unique<State<N>>();
  const auto before = std::make_unique<State<N>>();
  const auto flows = std::make_unique<Flows<N>>();
  std::uint64_t counts[operation_count] = {};
  int clearings = 0;
  for (int path = 0; path < sampled_paths; ++path) {
    start_path<N>(p, *state);
    for (int month = 0; month < p.sizes.months; ++month) {
      *before = *state;
      advance_month<N>(p, month, Draws<N>(p.seeds, static_cast<std::uint64_t>(path), static_cast<std::uint32_t>(month)),
                       *state, *flows);
      if (!is_sampled(month)) continue;
      ++clearings;
      // Once more, alone: from the prices and conduct before the month.
      const auto after = std::make_unique<State<N>>(*state);
      std::memcpy(after->log2_price, before->log2_price, sizeof after->log2_price);
      std::memcpy(after->war, before->war, sizeof after->war);
      forget_operations();
      clear_rental_markets<N>(p, p.calendar[month], *after, *flows);
      for (int k = 0; k < operation_count; ++k) counts[k] += operations_seen[k];
    }
  }
  std::copy(std::begin(counts), std::end(counts), std::begin(operations_seen));
  return operations_each(clearings);
}

/// Whether the counting number walks the paths that the engines walk, bit for bit.
bool agrees_with_engine() {
  using N = Counted<1>;
  const Parameters<float>& p = parameters();
  const BlockRunner runner = cpu_runner({EngineKind::scalar, InstructionSet::portable});
  BlockMemory memory(runner, lowered(false), 1);
  const Block block = memory.block(3, 1);
  runner.start(block);
  const auto state = std::make_unique<State<N>>();
  const auto flows = std::make_unique<Flows<N>>();
  std::vector<float> row(static_cast<std::size_t>(p.sizes.measures));
  start_path<N>(p, *state);
  for (int month = 0; month < p.sizes.months; ++month) {
    runner.advance(block, month);
    advance_month<N>(p, month, Draws<N>(p.seeds, 3, static_cast<std::uint32_t>(month)), *state, *flows);
    measure<N>(p, month, *state, *flows, row.data(), 1);
    if (std::memcmp(row.data(), block.rows, row.size() * sizeof(float)) != 0) return false;
  }
  return true;
}

constexpr const char* operation_names[operation_count] = {
    "add", "multiply", "fused", "divide", "min_max", "compare", "select", "sign", "convert", "integer", "wide", "mask"};

void report(benchmark::State& state, const OperationsPerStep& operations) {
  for (auto _ : state) benchmark::DoNotOptimize(operations.flops());
  for (int k = 0; k < operation_count; ++k) state.counters[operation_names[k]] = operations.of[k];
  state.counters["flops"] = operations.flops();
  state.counters["vector_operations"] = operations.vector_operations();
}

void path_step(benchmark::State& state) {
  if (!agrees_with_engine()) return state.SkipWithError("the counting number does not give the bits of the engines");
  report(state, step_operations(static_cast<int>(state.range(0))));
}
BENCHMARK(path_step)->Name("operations/path_step")->ArgName("lanes")->Arg(1)->Arg(16)->Iterations(1);

void clearing(benchmark::State& state) {
  report(state, clearing_operations());
}
BENCHMARK(clearing)->Name("operations/clearing")->Iterations(1);

}  // namespace

const OperationsPerStep& step_operations(int lanes) {
  static std::map<int, OperationsPerStep> known;
  const auto found = known.find(lanes);
  if (found != known.end()) return found->second;
  const OperationsPerStep counted = lanes == 16  ? count_steps<16>(counted_paths)
                                    : lanes == 8 ? count_steps<8>(counted_paths)
                                    : lanes == 4 ? count_steps<4>(counted_paths)
                                                 : count_steps<1>(counted_paths);
  return known.emplace(lanes, counted).first->second;
}

const OperationsPerStep& clearing_operations() {
  static const OperationsPerStep counted = count_clearings();
  return counted;
}

}  // namespace chokepoint::bench
