#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/gpu/one_shot.hpp"
#include "chokepoint/market/parameters.hpp"
#include "exact_parameters.hpp"
#include "path_kernel.cuh"
#include "ptx_machine.hpp"
#include "scenario/lower/lower.hpp"

/// Runs the path kernel as translated from PTX, and compares every measure of every month with the scalar CPU engine.
/// Usage: path_parity SCENARIO PATHS [TOLERANCE]. With a tolerance only larger relative differences count, and only
/// those of measures. Prints how often each basic block ran, for the limit model: "mean" over paths, and "warp", the
/// most of any of 32 paths, which is what a warp must issue.
void ptx_path_kernel(const unsigned char* parameters, Thread thread, std::uint64_t* counts);

namespace chokepoint::gpu {
namespace {

using Sized = ConstantShape<CHOKEPOINT_SHAPE>;  // as the kernel that was translated
using Task = PathTask<InConstants<Parameters<float, Sized>>>;
constexpr int months_per_round = 8;
constexpr int lanes = 32;
constexpr std::uint64_t first_path = 0xffffffe0u;  // the upper word of the path's number changes within the test

/// Memory of a batch and of one round.
struct Buffers {
  Buffers(int paths, int measures)
      : rows(static_cast<std::size_t>(months_per_round) * measures * paths),
        residual(static_cast<std::size_t>(months_per_round) * paths),
        iterations(residual.size()),
        states(static_cast<std::size_t>(Task::state_words) * paths) {}
  std::vector<float> rows, residual;
  std::vector<std::int32_t> iterations;
  std::vector<std::uint32_t> states;
};

class Comparison {
 public:
  Comparison(const Scenario& scenario, int paths, float tolerance)
      : scenario_(scenario),
        paths_(paths),
        tolerance_(tolerance),
        lowered_(lower<float>(scenario, scenario.seed)),
        buffers_(paths, lowered_->sizes.measures),
        parameters_(exact_parameters<Sized>(*lowered_)),
        calendar_(static_cast<std::size_t>(lowered_->sizes.months)) {
    for (std::size_t k = 0; k < calendar_.size(); ++k) copy_group(calendar_[k], lowered_->calendar[k]);
    parameters_.calendar = calendar_.data();
    for (int k = 0; k < paths; ++k) {
      expected_.push_back(replay_path(scenario, scenario.seed, first_path + static_cast<std::uint64_t>(k),
                                      {EngineKind::scalar, InstructionSet::portable}));
    }
  }

  bool fits() const { return fits_exactly<Sized>(lowered_->sizes); }

  /// Number of values that differ.
  long run() {
    const int months = lowered_->sizes.months;
    for (int month = 0; month < months; month += months_per_round) {
      run_round({{first_path, nullptr},
                 paths_,
                 month,
                 std::min(month + months_per_round, months),
                 months,
                 lowered_->sizes.measures,
                 paths_});
    }
    return different_;
  }

  long compared() const { return compared_; }

  void print_counts() const {
    std::printf("steps %lld\n", static_cast<long long>(paths_) * lowered_->sizes.months);
    for (std::size_t block = 0; block < mean_.size(); ++block) {
      if (mean_[block] != 0) std::printf("block %zu %llu %llu\n", block, mean_[block], warp_[block]);
    }
  }

 private:
  void run_round(const Round& round) {
    const Task task{{parameters_},
                    round,
                    buffers_.states.data(),
                    {buffers_.rows.data(), buffers_.residual.data(), buffers_.iterations.data()}};
    std::vector<unsigned long long> most(mean_.size());
    for (int k = 0; k < paths_; ++k) {
      std::vector<std::uint64_t> counts(mean_.size());
      const auto thread = static_cast<std::uint32_t>(k);
      ptx_path_kernel(reinterpret_cast<const unsigned char*>(&task),
                      {thread % Task::threads, thread / Task::threads, Task::threads}, counts.data());
      for (std::size_t block = 0; block < counts.size(); ++block) {
        mean_[block] += counts[block];
        most[block] = std::max<unsigned long long>(most[block], counts[block]);
      }
      if ((k + 1) % lanes == 0 || k + 1 == paths_) {
        const auto in_warp = static_cast<unsigned long long>(k % lanes + 1);
        for (std::size_t block = 0; block < most.size(); ++block) warp_[block] += most[block] * in_warp;
        std::fill(most.begin(), most.end(), 0);
      }
      compare(round, k);
    }
  }

  void compare(const Round& round, int k) {
    const ReplayedPath& path = expected_[static_cast<std::size_t>(k)];
    for (int month = round.month_begin; month < round.month_end; ++month) {
      const std::size_t row = static_cast<std::size_t>(month - round.month_begin);
      const std::size_t at = row * static_cast<std::size_t>(paths_) + static_cast<std::size_t>(k);
      for (int measure = 0; measure < path.measures; ++measure) {
        const std::size_t place = (row * static_cast<std::size_t>(path.measures) + static_cast<std::size_t>(measure)) *
                                      static_cast<std::size_t>(paths_) +
                                  static_cast<std::size_t>(k);
        note(buffers_.rows[place], path.at(month, measure), k, month, measure);
      }
      if (tolerance_ > 0) continue;
      note(buffers_.residual[at], path.residual[static_cast<std::size_t>(month)], k, month, -1);
      note(static_cast<float>(buffers_.iterations[at]), path.iterations[static_cast<std::size_t>(month)], k, month, -2);
    }
  }

  void note(float found, float expected, int path, int month, int measure) {
    ++compared_;
    if (std::memcmp(&found, &expected, sizeof found) == 0) return;
    if (tolerance_ > 0 && std::abs(found - expected) <= tolerance_ * std::abs(expected)) return;
    if (different_++ < 10)
      std::printf("path %d month %d measure %d: %a, not %a\n", path, month, measure, found, expected);
  }

  const Scenario& scenario_;
  int paths_;
  float tolerance_;  ///< 0: every bit counts
  std::unique_ptr<Parameters<float>> lowered_;
  Buffers buffers_;
  Parameters<float, Sized> parameters_;
  std::vector<CalendarMonth<float, Sized>> calendar_;
  std::vector<ReplayedPath> expected_;
  std::vector<unsigned long long> mean_ = std::vector<unsigned long long>(CHOKEPOINT_BLOCKS), warp_ = mean_;
  long different_ = 0, compared_ = 0;
};

}  // namespace

// What the host program would ask of the GPU part, for builds with CUDA; nobody asks here.
Probe probe() {
  return {};
}
Outcome run(const Work&, const Hooks&) {
  return {};
}
MemoryPlan plan(const Work&, const Device&) {
  return {};
}
std::vector<Device> choose(const Probe&, const std::vector<int>&) {
  return {};
}
std::string no_room_text(const Device&, const MemoryPlan&) {
  return {};
}
Device assumed_device() {
  return {};
}
bool has_exact_kernel(const Sizes&) {
  return false;
}
std::uint64_t fetched_tally_bytes(const TallyLayout&) {
  return 0;
}
void clear_one_shot(const std::vector<OneShotMarkets<double>>&, std::vector<OneShotSolve>&) {}
std::function<void(float*)> row_sorter(const Device&, std::uint64_t) {
  return {};
}
std::unique_ptr<PathWalker> make_walker(const Parameters<float>&, const Device&, std::uint64_t) {
  return {};
}

}  // namespace chokepoint::gpu

int main(int count, char** arguments) {
  const chokepoint::Scenario scenario = chokepoint::read_scenario(arguments[1]);
  chokepoint::gpu::Comparison comparison(scenario, std::atoi(arguments[2]),
                                         count > 3 ? std::strtof(arguments[3], nullptr) : 0.0f);
  if (!comparison.fits()) {
    std::printf("the kernel is for other sizes than the scenario's\n");
    return 1;
  }
  const long different = comparison.run();
  comparison.print_counts();
  std::printf("compared %ld values, %ld differ\n", comparison.compared(), different);
  return different == 0 && comparison.compared() > 0 ? 0 : 1;
}
