#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "cases.hpp"
#include "chokepoint/comparison.hpp"
#include "chokepoint/numeric/scalar.hpp"
#include "chokepoint/path_walk.hpp"
#include "cuda_runtime_api.h"

namespace chokepoint {
namespace {

/// Every bit that a walk shows of two scenarios, by path.
using WalkedBits = std::map<std::uint64_t, std::vector<std::uint32_t>>;

void append(std::vector<std::uint32_t>& bits, float value) {
  bits.push_back(bits_of(value));
}

WalkedBits walk(const std::vector<const Scenario*>& scenarios, EngineChoice engine, RunOptions options) {
  options.engine = engine;
  WalkedBits out;
  std::mutex mutex;
  walk_paths(scenarios, options, [&](int, std::uint64_t first, std::span<const PathRows> all) {
    const std::lock_guard lock(mutex);
    for (const PathRows& rows : all)
      for (int path = 0; path < rows.paths; ++path) {
        std::vector<std::uint32_t>& bits = out[first + static_cast<std::uint64_t>(path)];
        for (int month = 0; month < rows.months; ++month) {
          for (int measure = 0; measure < rows.measures; ++measure) append(bits, rows.at(month, measure, path));
          const auto at = static_cast<std::size_t>(month * rows.stride + path);
          append(bits, rows.residual[at]);
          bits.push_back(static_cast<std::uint32_t>(rows.iterations[at]));
        }
        bits.push_back(rows.unsolved[static_cast<std::size_t>(path)]);
      }
  });
  return out;
}

RunOptions options_for(std::uint64_t paths, std::vector<int> devices) {
  RunOptions options;
  options.first_path = 5000000000;  // beyond 32 bits
  options.paths = paths;
  options.threads = 2;
  options.devices = std::move(devices);
  return options;
}

void test_values(const std::vector<const Scenario*>& both, const RunOptions& options) {
  const WalkedBits cpu = walk(both, on_scalar, options), gpu = walk(both, on_cuda, options);
  expect(cpu.size() == options.paths && gpu == cpu, "the same walk: " + std::to_string(options.paths) + " paths, " +
                                                        std::to_string(options.devices.size()) + " devices named");
}

void test_comparison(const std::vector<const Scenario*>& both, RunOptions options) {
  options.engine = on_scalar;
  const Comparison cpu = compare_scenarios(both, options);
  options.engine = on_cuda;
  const Comparison gpu = compare_scenarios(both, options);
  expect(gpu.engine.kind == EngineKind::cuda && gpu.pairs[0].all.digest == cpu.pairs[0].all.digest,
         "the same comparison");
  expect(cpu.pairs[0].solved && gpu.pairs[0].solved && gpu.pairs[0].solved->digest == cpu.pairs[0].solved->digest,
         "the same comparison without unsolved paths");
}

void test_replay(const Scenario& scenario) {
  for (const bool with_noise : {true, false}) {
    const ReplayedPath a = replay_path(scenario, 1, 4711, on_scalar, with_noise),
                       b = replay_path(scenario, 1, 4711, on_cuda, with_noise);
    expect(a.values.size() == b.values.size() &&
               std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0 &&
               a.residual == b.residual && a.iterations == b.iterations,
           std::string("the same replay") + (with_noise ? "" : " without shocks"));
  }
}

void test_failing_walks(const std::vector<const Scenario*>& both, const RunOptions& options) {
  imagined::machine.bytes_in_truth = std::size_t{1} << 20;
  const std::string full = failure_of([&] { walk(both, on_cuda, options); });
  expect(has(full, "no memory left") && has(full, "--threads"), "a walk that does not fit is refused: " + full);
  imagined::machine = imagined::Machine{};
  imagined::launches = 0;
  imagined::machine.launches_before_failure = 1;
  const std::string lost = failure_of([&] { walk(both, on_cuda, options); });
  expect(has(lost, "damaged"), "a device that is lost on a walk is named: " + lost);
  imagined::machine = imagined::Machine{};
}

/// An engine that was named is never replaced by another; one that was not may be, and says so.
void test_falling_back() {
  imagined::machine.counting = cudaErrorNoDevice;
  std::string note;
  const EngineKind kind = resolve_engine({}, &note).kind;
  expect(kind == EngineKind::simd && has(note, "running on the CPU"), "auto falls back: " + note);
  expect(has(failure_of([] { resolve_engine(on_cuda); }), "--engine cuda cannot run here"), "cuda does not, for runs");
  expect(has(failure_of([] { resolve_walk_engine(on_cuda); }), "--engine cuda cannot run here"), "nor for walks");
  imagined::machine = imagined::Machine{};
  expect(resolve_engine({}).kind == EngineKind::cuda && resolve_walk_engine({}).kind == EngineKind::simd,
         "auto runs on the GPU and walks on the CPU");
}

}  // namespace

/// Two scenarios side by side, one shorter than the other and unsolved on some paths.
void test_walks(const Scenario& scenario) {
  Scenario hard = scenario;
  hard.months = 8;
  hard.market.newton_limit = 5;
  hard.market.sweep_limit = 0;
  const std::vector<const Scenario*> both{&scenario, &hard};
  test_values(both, options_for(300, {}));
  test_values(both, options_for(1, {1}));
  test_values(both, options_for(300, {0, 1}));
  test_comparison(both, options_for(200, {}));
  test_replay(scenario);
  test_failing_walks(both, options_for(200, {}));
  test_falling_back();
}

}  // namespace chokepoint
