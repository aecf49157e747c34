#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "output/json_text.hpp"
#include "results/result_set.hpp"

/// The findings of a run that fit on a page; built once, shown as text on the terminal and as summary.json.
namespace chokepoint {

/// A quantile with its 95 % confidence interval. NaN where it is not defined, or there are too few paths to bound it.
struct BoundedQuantile {
  double value, low, high;
};

/// A measure in one month. NaN where it is not defined.
struct Spread {
  double mean, standard_error;
  BoundedQuantile low, median, high;  ///< low and high: 5 % and 95 % of the paths
  double no_shock;                    ///< on the twin path without shocks
};

struct HeadlineRow {
  std::string measure, element, unit;
  std::array<Spread, 3> at;  ///< start, mid, end
};

/// Exact quantiles of a measure.
struct ExactRow {
  std::string measure, unit;
  std::array<ExactStatistic, 3> at;  ///< start, mid, end
};

struct EventSummary {
  std::string name, title, measure, condition;  ///< condition in words: "hhi_fleet above 2500"
  Probability occurs;                           ///< over the paths on which it is defined; NaN where there is none
  std::uint64_t undefined;                      ///< paths on which its measure has no value where it would decide
  double undefined_share;                       ///< of all paths
  double at_least, at_most;  ///< bounds on the share of all paths, as undefined ones may count either way
  std::string median_date;   ///< of first passage over the paths; empty where under half of them see it
  std::vector<std::pair<std::string, double>> by_year;  ///< share of paths that have seen it by the end of that month
  double recovered, mean_recovery;  ///< share of the paths that pass; months. NaN where there are none
};

/// What one set of paths shows.
struct Findings {
  std::vector<HeadlineRow> rows;
  std::vector<EventSummary> events;
  std::vector<ExactRow> exact;  ///< of the measures for which a run was asked
};

struct Summary {
  std::string digest;
  std::uint64_t paths, unsolved, unsolved_paths;  ///< unsolved: path-months that missed their tolerance
  double max_residual, mean_iterations;
  int months;
  std::string title;
  std::array<std::string, 3> dates;
  Findings all;
  std::optional<Findings> solved;  ///< without the unsolved paths, where there are any
  Provenance provenance;
};

Summary make_summary(const ResultSet& set);

Json to_json(const Summary& summary);

/// A page for the terminal.
std::string summary_text(const Summary& summary);

}  // namespace chokepoint
