#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The results of a run: statistics over the paths, computed once from the tallies. One fixed sequence of operations
/// turns integers into doubles, so equal tallies give equal results.
namespace chokepoint {

class Tallies;     // all that a run keeps of its paths
struct RunTotals;  // the part of the tallies that is counted once for the whole run

/// Frees tallies, whose definition only the library has.
struct FreeTallies {
  constexpr FreeTallies() = default;
  constexpr FreeTallies(std::default_delete<Tallies>) {}  ///< takes over what std::make_unique made
  void operator()(Tallies* tallies) const noexcept;
};
using TalliesPointer = std::unique_ptr<Tallies, FreeTallies>;

inline constexpr std::array<double, 9> quantile_levels{0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};

/// One measure in one month, over the paths on which it is a number; in the units of the measure. NaN where there are
/// too few: all for no number, variance and standard error for one.
///
/// `mean` and `variance` come from exact sums and are rounded only at the end, whatever the values are.
///
/// Quantiles are those of NumPy's default (Hyndman and Fan's seventh definition): at level p of n values, rank p (n -
/// 1) counted from 0, straight lines between neighbours. Only the bin of a value is known. The values of a bin are
/// assumed to be spread evenly over it, within the extremes seen. The error is at most 0.39 % of the value
/// (quantile_error_bound), and zero for whole numbers up to 512. Values under 2^-126 in size count as 0.
struct Statistic {
  double mean, standard_error, variance;
  std::array<double, 9> quantile;
  /// Ends of the 95 % confidence interval of each quantile, from the paths' order statistics (QuantileRanks); NaN where
  /// there are too few paths to bound it.
  std::array<double, 9> quantile_low, quantile_high;
  double shortfall_low5;     ///< mean of the lowest 5 % of the values; bound as for quantiles
  double shortfall_high5;    ///< mean of the highest 5 %
  double smallest, largest;  ///< exact; bounds rather than values after Tallies::minus
  std::uint64_t defined;     ///< paths counted here
  std::uint64_t missing;     ///< paths on which there is nothing to measure
  std::uint64_t invalid;     ///< paths with NaN or an infinity: a defect of the model
};

/// Relative error of quantiles and shortfalls: a whole bin.
inline constexpr double quantile_error_bound = 1.0 / 256;

/// Which of n sorted values, counted from 0, bound the quantiles of the distribution from which they were drawn. The
/// number of values below a quantile is binomial, so for any distribution the interval contains the quantile with a
/// probability of at least 95 %, and misses it with at most 2.5 % on either side. There is no bound if not even the
/// smallest or largest value is one: the quantile at 1 % needs 368 values, the median 6.
struct QuantileRanks {
  explicit QuantileRanks(std::uint64_t size);
  std::array<std::optional<std::uint64_t>, 9> low, high;
};

Statistic statistic(const Tallies& tallies, int month, int measure);
/// @param ranks of the paths on which the measure is a number; most measures have them all, and share them
Statistic statistic(const Tallies& tallies, int month, int measure, const QuantileRanks& ranks);

/// One quantile, 0 <= level <= 1; NaN where the measure is nowhere a number.
double quantile(const Tallies& tallies, int month, int measure, double level);

/// A share of paths with its 95 % confidence interval by Wilson's score; NaN for no paths.
struct Probability {
  double value, low, high;
};
Probability probability(std::uint64_t hits, std::uint64_t paths);

/// When a condition first held. On some paths this is unknown, as its measure had no value in a month that could have
/// decided it. These paths are counted separately and left out of all shares, like those on which a claim is undefined.
struct EventResult {
  Probability occurs;                ///< within the horizon, over the paths that are defined; NaN where none is
  std::uint64_t undefined;           ///< paths on which this is unknown
  std::uint64_t passed;              ///< paths on which it held in some month
  std::uint64_t recovered;           ///< of these, paths on which it failed again later
  std::uint64_t recovery_undefined;  ///< of these, paths on which it is unknown whether it did
  double mean_recovery;  ///< months from first passage until then, over the recovered; NaN where there are none
  std::vector<double> cumulative;     ///< [months] share of paths on which it has held by the end of that month
  std::array<int, 9> quantile_month;  ///< first month by which that share of the paths has passed; -1: never

  /// Of the paths on which it held and on which it is known whether it ended, the share on which it ended; NaN if there
  /// are none.
  double recovered_share() const;
};

EventResult event_result(const Tallies& tallies, int event);

/// All statistics, from one set of tallies or as they were stored.
class Result {
 public:
  explicit Result(const Tallies& tallies);
  /// From the values of an earlier Result. @param statistics [months][measures]
  Result(int months, std::vector<Statistic> statistics, std::vector<EventResult> events, const RunTotals& totals,
         std::string digest);

  int months() const { return months_; }
  int measures() const { return measures_; }
  std::size_t rows() const { return statistics_.size(); }  ///< measures of all months
  int events() const { return static_cast<int>(events_.size()); }
  const Statistic& statistic(int month, int measure) const {
    return statistics_[static_cast<std::size_t>(month) * static_cast<std::size_t>(measures_) +
                       static_cast<std::size_t>(measure)];
  }
  const EventResult& event(int event) const { return events_[static_cast<std::size_t>(event)]; }
  std::uint64_t paths() const;
  std::uint64_t unsolved_paths() const;   ///< with a month that missed the solver's tolerance
  std::uint64_t unsolved_months() const;  ///< of all paths
  double largest_residual() const;        ///< infinite where one was not a number
  /// All of that, solver iterations and checksums of the paths (tally/totals.hpp).
  const RunTotals& totals() const { return *totals_; }
  /// Tallies::digest(): 32 hexadecimal digits; equal if and only if the runs are equal.
  const std::string& digest() const { return digest_; }
  double mean_iterations() const;

 private:
  int months_, measures_;
  std::vector<Statistic> statistics_;
  std::vector<EventResult> events_;
  std::shared_ptr<const RunTotals> totals_;
  std::string digest_;
};

}  // namespace chokepoint
