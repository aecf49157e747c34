#include "output/csv_files.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chokepoint/measure_layout.hpp"
#include "output/calendar.hpp"
#include "output/csv_text.hpp"

namespace chokepoint {
namespace {

/// Nothing where a number is not defined. Nine digits are more than any statistic here knows.
std::string cell(double value) {
  return std::isfinite(value) ? fmt::format(",{:.9g}", value) : ",";
}

std::string header(const ResultSet& set) {
  std::string text = fmt::format("# digest: {}\n# paths: {} from path {}\n# seed: {}\n", set.result->digest(),
                                 set.provenance.paths, set.provenance.first_path, set.provenance.seed);
  for (const auto& [name, value] : facts_of(set.provenance)) text += fmt::format("# {}: {}\n", name, value);
  text += "time,measure,element,unit,mean,standard_error";
  for (const double level : quantile_levels) text += fmt::format(",q{:02}", std::lround(level * 100));
  return text + ",shortfall_low5,shortfall_high5,no_shock,defined\n";
}

std::string line(const ResultSet& set, int month, int measure) {
  const Statistic& statistic = set.result->statistic(month, measure);
  std::string text = cell(statistic.mean) + cell(statistic.standard_error);
  for (const double value : statistic.quantile) text += cell(value);
  text += cell(statistic.shortfall_low5) + cell(statistic.shortfall_high5);
  const float twin = set.no_shock.at(month, measure);
  text += twin == missing_value ? "," : cell(static_cast<double>(twin));
  return text + fmt::format(",{}\n", statistic.defined);
}

template <class Wanted>
std::string table(const ResultSet& set, Wanted wanted) {
  std::string text = header(set);
  for (const MeasureBlock& block : measure_layout(scenario_sizes(set.scenario))) {
    if (!wanted(block.measure)) continue;
    const std::vector<std::string> elements = element_names(set.scenario, block.dimension);
    for (int element = 0; element < block.size; ++element)
      for (int month = 0; month < set.result->months(); ++month)
        text += fmt::format("{},{},{},{}", date_text(set.scenario, month), block.name,
                            csv_field(elements[static_cast<std::size_t>(element)]),
                            measure_table[static_cast<int>(block.measure)].unit) +
                line(set, month, block.offset + element);
  }
  return text;
}

}  // namespace

std::string prices_csv(const ResultSet& set) {
  return table(set, [](Measure measure) { return measure_table[static_cast<int>(measure)].scale == Scale::price; });
}

std::string concentration_csv(const ResultSet& set) {
  return table(set, [](Measure measure) {
    return measure == Measure::fleet_share || (measure >= Measure::hhi_fleet && measure <= Measure::exits);
  });
}

}  // namespace chokepoint
