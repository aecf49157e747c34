#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analysis/predicate.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/measures.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"

/// One path of a scenario, measure by measure as a test writes it down. What it does not write is not defined.
namespace chokepoint {

class HandMadePath {
 public:
  explicit HandMadePath(const Scenario& scenario)
      : names_(measure_names(scenario)), months_(scenario.months), unsolved_(1, 0) {
    values_.assign(names_.size() * static_cast<std::size_t>(months_), missing_value);
  }

  /// Values from the first month on; the last one stays to the end.
  HandMadePath& set(const std::string& measure, const std::vector<float>& values) {
    const int column = index_of(names_, measure);
    EXPECT_GE(column, 0) << measure;
    for (int month = 0; month < months_; ++month) {
      const std::size_t at = static_cast<std::size_t>(month) * names_.size() + static_cast<std::size_t>(column);
      values_[at] = values[std::min(static_cast<std::size_t>(month), values.size() - 1)];
    }
    return *this;
  }

  PathRows rows() const { return {months_, static_cast<int>(names_.size()), 1, 1, values_, {}, {}, unsolved_}; }

 private:
  std::vector<std::string> names_;
  int months_;
  std::vector<float> values_;
  std::vector<std::uint8_t> unsolved_;
};

}  // namespace chokepoint
