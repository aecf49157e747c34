#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/result.hpp"

/// Scenarios compared path by path. Path k of every scenario makes the same draws, so a difference between two of them
/// is due to the scenarios alone, and estimating it needs far fewer paths than estimating the two levels. Everything is
/// kept in Tallies, so the bits are the same for any number of threads.
namespace chokepoint {

/// Scenarios that cannot be compared: the message says why.
class ComparisonError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

enum class Measure : int;  // names of what is measured (market/measure.hpp)

/// A measure that both scenarios have, found by name.
struct ComparedMeasure {
  std::string name;         ///< "utilisation[cn]"
  std::string element;      ///< "cn"; empty for the world
  Measure measure;          ///< its line in measure_table
  int base = 0, other = 0;  ///< index in the rows of either scenario
};

/// One measure in one month: the other scenario less the base, over the paths on which both are numbers, in the units
/// of the measure. NaN where there are too few such paths.
struct Contrast {
  /// Statistics of the differences. Quantiles and shortfalls are within difference_error_bound of the true ones;
  /// `missing` counts the paths left out.
  Statistic difference;
  double low, high;              ///< 95 % confidence interval of the mean difference, mean -+ 1.96 standard errors
  double base_mean, other_mean;  ///< of the same paths
  double ratio, ratio_low, ratio_high;  ///< other_mean / base_mean, with its 95 % interval (delta method); NaN for a
                                        ///< measure that may be negative or is zero throughout
  /// (variance of one + variance of the other) / variance of the difference: how many times more paths a comparison
  /// without common draws would need. Infinite if the difference is the same on all paths but the levels are not.
  double variance_reduction;
  std::uint64_t higher, lower, equal;   ///< paths on which the other is above, below, the same to the bit
  std::uint64_t only_base, only_other;  ///< paths on which only one scenario has a number

  std::uint64_t defined() const { return difference.defined; }  ///< higher + lower + equal
  Probability share_higher() const { return probability(higher, defined()); }
  Probability share_lower() const { return probability(lower, defined()); }
};

/// Relative error of quantiles of differences.
inline constexpr double difference_error_bound = 1.0 / 64;

/// Share of the paths on which the other scenario is worse; nothing if neither direction is worse.
std::optional<Probability> share_worse(const Contrast& contrast, Measure measure);

/// All contrasts of two scenarios, over one set of paths.
struct Differences {
  int months = 0, measures = 0;
  std::uint64_t paths = 0;
  std::vector<Contrast> contrasts;  ///< [months][measures]
  /// The first month in which any compared measure of a path differs at all: share of paths, distribution over months.
  EventResult first_difference;
  int first_month = -1;             ///< the earliest over all paths; -1: never
  std::vector<int> first_month_of;  ///< [measures] the same of one measure
  std::string digest;               ///< of the tallies: equal if and only if all differences are equal

  const Contrast& at(int month, int measure) const {
    return contrasts[static_cast<std::size_t>(month) * static_cast<std::size_t>(measures) +
                     static_cast<std::size_t>(measure)];
  }
};

/// The base and one other scenario.
struct ScenarioPair {
  std::size_t other = 1;                                 ///< index into what was compared
  config::YearMonth start;                               ///< first common month
  int base_month = 0, other_month = 0;                   ///< the same counted from the start of either scenario
  std::vector<ComparedMeasure> measures;                 ///< in the order of the base
  std::vector<std::string> only_in_base, only_in_other;  ///< measures left out, by name
  std::uint64_t unsolved_paths = 0;                      ///< unsolved in one of the two
  Differences all;                                       ///< of all paths, as in a run
  std::optional<Differences> solved;                     ///< without the unsolved paths, where there are any

  int months() const { return all.months; }
  /// Index of a compared measure by name; -1 where there is none.
  int find(const std::string& name) const;
};

/// Totals of the walked paths of one scenario, for comparison with the RunTotals of a run of the same paths.
struct WalkedPaths {
  std::uint64_t unsolved_paths = 0;
  std::uint64_t checksum_sum = 0, checksum_xor = 0;
};

struct Comparison {
  std::uint64_t paths = 0;
  std::vector<WalkedPaths> walked;  ///< [scenarios]
  std::vector<ScenarioPair> pairs;  ///< the base with each other scenario, in their order
  bool interrupted = false;         ///< stopped early: there are no pairs
  double seconds = 0;
  EngineChoice engine;
  int threads = 0;
};

/// Walks the same paths of all scenarios and compares each with the first. Months are matched by date, measures by
/// name. Draws are counted in months since the start, so scenarios with different starts do not share the draws of a
/// date: their differences are right, but their variance is not reduced.
/// @param scenarios two or more, the base first
/// @param options the seed applies to all scenarios; options.batch is not used
/// @throws ComparisonError for fewer than two scenarios, or no month in common; EngineError; std::bad_alloc
Comparison compare_scenarios(std::span<const Scenario* const> scenarios, const RunOptions& options,
                             const RunControl& control = {});

/// Bytes that a comparison will hold at its peak.
std::uint64_t planned_comparison_memory(std::span<const Scenario* const> scenarios, const RunOptions& options);

}  // namespace chokepoint
