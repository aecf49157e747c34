#include "results/csv_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "output/csv_text.hpp"
#include "results/calendar.hpp"
#include "scenario/lower/lower.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

/// Nothing where a number is not defined. Nine digits are more than any statistic here knows.
std::string cell(double value) {
  return std::isfinite(value) ? fmt::format(",{:.9g}", value) : ",";
}

std::string quantile_columns() {
  std::string text;
  for (const double level : quantile_levels) text += fmt::format(",q{:02}", std::lround(level * 100));
  return text;
}

std::string header(const ResultSet& set, const std::string& columns) {
  std::string text = fmt::format("# digest: {}\n# paths: {} from path {}\n# seed: {}\n", set.result->digest(),
                                 set.provenance.paths, set.provenance.first_path, set.provenance.seed);
  for (const auto& [name, value] : facts_of(set.provenance)) text += fmt::format("# {}: {}\n", name, value);
  return text + "time,measure,element,unit" + columns + "\n";
}

std::string line(const ResultSet& set, int month, int place) {
  const Statistic& statistic = set.result->statistic(month, place);
  std::string text = cell(statistic.mean) + cell(statistic.standard_error);
  for (const double value : statistic.quantile) text += cell(value);
  text += cell(statistic.shortfall_low5) + cell(statistic.shortfall_high5);
  const float twin = set.no_shock.at(month, place);
  text += twin == missing_value ? "," : cell(static_cast<double>(twin));
  return text + fmt::format(",{}\n", statistic.defined);
}

/// The shortest text that gives the same number again.
std::string exact_cell(double value) {
  return std::isfinite(value) ? fmt::format(",{}", value) : ",";
}

std::string exact_line(const ResultSet& set, int month, std::size_t k) {
  const ExactStatistic& statistic = set.exact->at(month, k);
  std::string text = exact_cell(statistic.smallest);
  for (const double value : statistic.quantile) text += exact_cell(value);
  return text + exact_cell(statistic.largest) +
         fmt::format(",{},{}\n", statistic.defined, set.provenance.paths - statistic.defined);
}

/// @param columns after those that say which month, measure and element a line is about
/// @param wanted of a measure's block and a place in it: whether it gets lines
/// @param line the rest of the line of a month and a place
template <class Wanted, class Line>
std::string csv_table(const ResultSet& set, const std::string& columns, Wanted wanted, Line line) {
  std::string text = header(set, columns);
  for (const MeasureBlock& block : measure_layout(scenario_sizes(set.scenario))) {
    const std::vector<std::string> elements = element_names(set.scenario, block.dimension);
    for (int element = 0; element < block.size; ++element) {
      if (!wanted(block.measure, block.offset + element)) continue;
      for (int month = 0; month < set.result->months(); ++month)
        text += fmt::format("{},{},{},{}", date_text(set.scenario, month), block.name,
                            csv_field(elements[static_cast<std::size_t>(element)]), info_of(block.measure).unit) +
                line(month, block.offset + element);
    }
  }
  return text;
}

template <class Wanted>
std::string statistics_table(const ResultSet& set, Wanted wanted) {
  return csv_table(
      set, ",mean,standard_error" + quantile_columns() + ",shortfall_low5,shortfall_high5,no_shock,defined",
      [&](Measure measure, int) { return wanted(measure); },
      [&](int month, int place) { return line(set, month, place); });
}

}  // namespace

std::string prices_csv(const ResultSet& set) {
  return statistics_table(set, [](Measure measure) { return info_of(measure).scale == Scale::price; });
}

std::string concentration_csv(const ResultSet& set) {
  return statistics_table(set, [](Measure measure) {
    return measure == Measure::fleet_share || (measure >= Measure::hhi_fleet && measure <= Measure::exits);
  });
}

std::string exact_quantiles_csv(const ResultSet& set) {
  const std::vector<int>& kept = set.exact->measures;
  const auto found = [&](int place) { return std::lower_bound(kept.begin(), kept.end(), place); };
  return csv_table(
      set, ",minimum" + quantile_columns() + ",maximum,defined,missing",
      [&](Measure, int place) { return found(place) != kept.end() && *found(place) == place; },
      [&](int month, int place) {
        return exact_line(set, month, static_cast<std::size_t>(found(place) - kept.begin()));
      });
}

}  // namespace chokepoint
