#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"
#include "output/json_text.hpp"

/// What single precision does to a path: the float engine against the reference in double, on the same draws.
namespace chokepoint::verification {

/// While a path has not branched, all but this share of the values of every measure differ by less than the bound.
inline constexpr double rounding_bound = 1e-3, rounding_exceptions = 0.01;

/// Differences of one kind, counted by powers of two. A difference is relative to the reference, or where that is
/// small to 1 of a quantity or signed measure and to the smallest value that a tally tells from zero of the others.
class DifferenceCounts {
 public:
  static constexpr int lowest = -40,
                       bins = 52;  ///< bin k: [2^(lowest + k), 2^(lowest + k + 1)); the ends take the rest

  void add(double difference);
  double share_above(double difference) const;  ///< of those compared, up to the width of a bin
  std::uint64_t compared() const { return compared_; }
  std::uint64_t differing() const { return compared_ - equal_; }
  double largest() const { return largest_; }
  Json to_json() const;

 private:
  std::array<std::uint64_t, bins> counts_{};
  std::uint64_t compared_ = 0, equal_ = 0;
  double largest_ = 0;
};

/// One measure over all its elements, months and paths.
struct MeasureRounding {
  std::string name;
  DifferenceCounts together;         ///< until a path branches
  DifferenceCounts apart;            ///< from then on
  std::uint64_t defined_in_one = 0;  ///< missing in one precision alone, before branching
  /// At the last month, by element, over paths on which both are defined: sums for the means and the standard error.
  std::vector<double> sum_float, sum_double, sum_square, count;
};

/// A path branches where the two precisions first differ in something that happened: an exit, a price war, an export
/// regime, a turn of sentiment. From there on it is another path, close only in distribution.
struct RoundingReport {
  std::uint64_t paths = 0, branched = 0, by_exit = 0, by_war = 0, by_other = 0;
  std::vector<std::uint64_t> branched_in;  ///< [months]
  std::vector<MeasureRounding> measures;
  Json to_json() const;
};

/// Paths first .. first + paths - 1 in both precisions.
RoundingReport compare_precisions(const Scenario& scenario, std::uint64_t seed, std::uint64_t first,
                                  std::uint64_t paths);

}  // namespace chokepoint::verification
