#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/market/limits.hpp"
#include "engine/lowered.hpp"
#include "micro/counted.hpp"

/// What the benchmarks share. The scenario is configs/baseline.toml, or the file that CHOKEPOINT_BENCH_CONFIG names.
namespace chokepoint::bench {

const Scenario& scenario();
/// The scenario's parameter block with seed 1.
const LoweredScenario& lowered(bool in_double);

/// "simd/avx512"
std::string engine_name(EngineChoice engine);
/// Every CPU engine of every instruction set that this machine runs.
std::vector<EngineChoice> cpu_engines();

/// Processor time of this thread: what others do on the machine counts as little as it can.
double thread_seconds();

/// Floating-point operations a second that one core does in independent chains of multiply-adds in registers: the best
/// of some short tries, measured once a process. `lanes` 1 or those of the set's registers.
double fma_peak(InstructionSet set, int lanes);
double fma_peak_of(EngineChoice engine);

/// Operations a path-step, counted by running the model itself (counted.hpp).
struct OperationsPerStep {
  double of[operation_count] = {};
  double operator[](Operation operation) const { return of[static_cast<int>(operation)]; }
  /// As a FMA peak counts them: two for a multiply-add; comparisons and selections are none.
  double flops() const {
    return (*this)[Operation::add] + (*this)[Operation::multiply] + 2 * (*this)[Operation::fused] +
           (*this)[Operation::divide];
  }
  /// Instructions that want a vector port, one an operation: everything but the logic of masks, a wide product as two.
  double vector_operations() const {
    double sum = 0;
    for (const double count : of) sum += count;
    return sum - (*this)[Operation::mask] + (*this)[Operation::wide];
  }
};

/// Of a whole path-step as a bundle of `lanes` executes it, a path's share being one lane. Of 1: what a path needs by
/// itself; more: with its waiting for the slowest of the bundle.
const OperationsPerStep& step_operations(int lanes);
/// Of one clearing by itself, over the sample below.
const OperationsPerStep& clearing_operations();

/// The clearings that are looked at alone: these months of the first paths.
inline constexpr int sampled_paths = 16;
constexpr bool is_sampled(int month) {
  return month % 8 == 3;
}

/// How many Newton iterations the paths of a run needed. Month 0 is kept apart: it is the same on every path and starts
/// from no earlier prices.
class IterationStatistics {
 public:
  /// Iterations and residuals of successive paths in one month.
  void add(int month, const std::int32_t* iterations, const float* residual, int paths, float tolerance) {
    for (int k = 0; k < paths; ++k) unsolved_ += residual[k] <= tolerance ? 0 : 1;
    if (month == 0) {
      month_0_ = iterations[0];
      return;
    }
    for (int k = 0; k < paths; ++k) ++steps_[static_cast<std::size_t>(std::clamp(iterations[k], 0, max_iterations))];
    add_slowest(iterations, paths, 16, slowest_of_16_);
    add_slowest(iterations, paths, 32, slowest_of_32_);
  }
  double mean() const;
  double slowest_of_16() const { return slowest_of_16_.mean(); }
  double slowest_of_32() const { return slowest_of_32_.mean(); }
  /// The least number that this share of the path-steps does not exceed.
  double quantile(double share) const;
  double largest() const { return quantile(1); }
  double month_0() const { return month_0_; }
  double unsolved() const { return static_cast<double>(unsolved_); }
  double path_steps() const;

 private:
  struct Mean {
    double sum = 0, count = 0;
    double mean() const { return count > 0 ? sum / count : 0; }
  };
  static void add_slowest(const std::int32_t* iterations, int paths, int bundle, Mean& to) {
    for (int first = 0; first + bundle <= paths; first += bundle) {
      to.sum += *std::max_element(iterations + first, iterations + first + bundle);
      to.count += 1;
    }
  }

  std::vector<std::uint64_t> steps_ = std::vector<std::uint64_t>(max_iterations + 1);
  Mean slowest_of_16_, slowest_of_32_;
  std::uint64_t unsolved_ = 0;
  int month_0_ = 0;
};

}  // namespace chokepoint::bench
