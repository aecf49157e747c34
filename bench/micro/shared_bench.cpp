#include <benchmark/benchmark.h>
#include <time.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "chokepoint/version.hpp"
#include "micro/bench.hpp"

namespace chokepoint::bench {

const Scenario& scenario() {
  static const Scenario read = [] {
    const char* const path = std::getenv("CHOKEPOINT_BENCH_CONFIG");
    return read_scenario(path ? path : CHOKEPOINT_SOURCE_DIR "/configs/baseline.toml");
  }();
  return read;
}

const LoweredScenario& lowered(bool in_double) {
  static const LoweredScenario in_floats(scenario(), 1, false), in_doubles(scenario(), 1, true);
  return in_double ? in_doubles : in_floats;
}

std::string engine_name(EngineChoice engine) {
  return std::string(name_of(engine.kind)) + "/" + std::string(name_of(engine.instruction_set));
}

std::vector<EngineChoice> cpu_engines() {
  std::vector<EngineChoice> engines;
  for (const EngineKind kind : {EngineKind::reference, EngineKind::scalar, EngineKind::simd}) {
    for (const InstructionSet set : available_instruction_sets()) engines.push_back({kind, set});
  }
  return engines;
}

double thread_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double IterationStatistics::path_steps() const {
  double sum = 0;
  for (const std::uint64_t count : steps_) sum += static_cast<double>(count);
  return sum;
}

double IterationStatistics::mean() const {
  double sum = 0;
  for (std::size_t k = 0; k < steps_.size(); ++k) sum += static_cast<double>(k) * static_cast<double>(steps_[k]);
  return sum / path_steps();
}

double IterationStatistics::quantile(double share) const {
  const double wanted = share * path_steps();
  double seen_so_far = 0;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    seen_so_far += static_cast<double>(steps_[k]);
    if (seen_so_far >= wanted) return static_cast<double>(k);
  }
  return static_cast<double>(steps_.size());
}

namespace {

/// What a figure needs beside it, at the head of every output.
[[maybe_unused]] const bool context_added = [] {
  const char* const path = std::getenv("CHOKEPOINT_BENCH_CONFIG");
  benchmark::AddCustomContext("scenario", path ? path : "configs/baseline.toml");
  const auto fact = [](const char* key, std::string_view text) { benchmark::AddCustomContext(key, std::string(text)); };
  fact("commit", build_info.commit);
  fact("compiler", build_info.compiler);
  fact("flags", build_info.flags);
  return true;
}();

}  // namespace

}  // namespace chokepoint::bench
