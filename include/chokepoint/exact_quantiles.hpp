#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chokepoint/result.hpp"

/// Quantiles taken from the values of all paths, for the few measures for which those of a histogram are not enough
/// (RunOptions::exact_measures).
namespace chokepoint {

/// One measure in one month, over the paths on which it is a number; in the units of the measure, NaN where there are
/// none. Quantiles are defined as in Statistic, but for the values themselves: linear interpolation, in double, between
/// two neighbours of the sorted floats. A negative zero counts as zero.
struct ExactStatistic {
  std::array<double, quantile_levels.size()> quantile;
  double smallest, largest;
  std::uint64_t defined;  ///< paths counted here; on the others there is nothing to measure, or no number
};

struct ExactQuantiles {
  std::vector<int> measures;               ///< places in a row (measure_layout.hpp), rising
  std::vector<ExactStatistic> statistics;  ///< [months][measures]

  int months() const { return static_cast<int>(statistics.size() / measures.size()); }
  /// @param place of the measure in `measures`
  const ExactStatistic& at(int month, std::size_t place) const {
    return statistics[static_cast<std::size_t>(month) * measures.size() + place];
  }
};

}  // namespace chokepoint
