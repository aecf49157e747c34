#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "chokepoint/tally/zeroed_array.hpp"

namespace chokepoint {

/// The values of a few measures on every path of a run, kept until they are sorted: one row a month and measure.
class PathValues {
 public:
  /// @param measures places in a row of the engine
  /// @throws std::bad_alloc
  PathValues(int months, std::vector<int> measures, std::uint64_t paths)
      : measures_(std::move(measures)),
        paths_(static_cast<std::size_t>(paths)),
        rows_(static_cast<std::size_t>(months) * measures_.size()),
        values_(rows_ * paths_) {}

  const std::vector<int>& measures() const { return measures_; }
  std::size_t rows() const { return rows_; }
  std::span<float> row(std::size_t row) { return {values_.data() + row * paths_, paths_}; }
  float* data() { return values_.data(); }  ///< [months][measures][paths]

  /// Takes one month of some paths. Threads may do so at once, for paths of their own.
  /// @param from measures by paths, `stride` floats from one measure to the next
  /// @param offset of the first of these paths within the run
  void keep(int month, const float* from, std::int64_t stride, std::uint64_t offset, int paths) {
    for (std::size_t k = 0; k < measures_.size(); ++k)
      std::copy_n(from + measures_[k] * stride, paths,
                  row(static_cast<std::size_t>(month) * measures_.size() + k).data() + offset);
  }

 private:
  std::vector<int> measures_;
  std::size_t paths_, rows_;
  ZeroedArray<float> values_;
};

}  // namespace chokepoint
