#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "path_launch.hpp"
#include "scenario/measure_layout.hpp"

/// The exact and the approximate path kernel side by side: the same paths, in turns, in the same memory.
namespace chokepoint::gpu {

/// What a kernel left of a batch's last month, and of the clearings of its last round.
struct Ending {
  std::vector<std::vector<float>> measures;  ///< [measures asked for][paths]
  double newton_steps = 0;                   ///< mean
  std::uint64_t unsolved = 0;                ///< months of paths
};

/// How far the approximate kernel's values of a measure are from the exact ones.
struct Difference {
  double largest = 0, mean = 0;  ///< relative, path by path
  double of_means = 0;           ///< relative, of the means over paths
};
Difference difference(const std::vector<float>& exact, const std::vector<float>& approximate);

/// A batch on the current device. Rounds are as long as in a run; nothing is tallied.
class Batch {
 public:
  /// @param months_per_round as the memory plan of a run has it
  /// @throws OutOfMemory
  Batch(const Parameters<float>& parameters, std::size_t state_words, int paths, int months_per_round);

  /// Runs all months of all paths; returns seconds.
  double run(const PathKernel& kernel) const;
  /// What the last run left; `rows` are flat indices of measures.
  Ending ending(const std::vector<int>& rows) const;

 private:
  int last_round_begin() const { return (parameters_.sizes.months - 1) / months_per_round_ * months_per_round_; }
  template <class T>
  std::vector<T> fetched(const T* from) const;

  const Parameters<float>& parameters_;
  int paths_, months_per_round_;
  Stream stream_;
  DeviceBuffer<float> rows_, residual_;
  DeviceBuffer<std::int32_t> iterations_;
  DeviceBuffer<std::uint32_t> states_;
};

}  // namespace chokepoint::gpu
