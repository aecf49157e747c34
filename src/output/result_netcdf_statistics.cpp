#include "output/result_netcdf_statistics.hpp"

#include <cmath>
#include <limits>

namespace chokepoint {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct StatisticField {
  const char* suffix;
  const char* meaning;
  double (*value)(const Statistic&);
};

constexpr StatisticField statistic_fields[] = {
    {"_mean", "mean over the paths", [](const Statistic& s) { return s.mean; }},
    {"_standard_error", "standard error of the mean", [](const Statistic& s) { return s.standard_error; }},
    {"_standard_deviation", "standard deviation over the paths",
     [](const Statistic& s) { return std::sqrt(s.variance); }},
    {"_shortfall_low5", "expected shortfall: mean of the lowest 5 % of the paths",
     [](const Statistic& s) { return s.shortfall_low5; }},
    {"_shortfall_high5", "expected shortfall: mean of the highest 5 % of the paths",
     [](const Statistic& s) { return s.shortfall_high5; }},
    {"_minimum", "least value on any path", [](const Statistic& s) { return s.smallest; }},
    {"_maximum", "greatest value on any path", [](const Statistic& s) { return s.largest; }},
};

struct CountField {
  const char* suffix;
  const char* meaning;
  std::uint64_t (*value)(const Statistic&);
};

constexpr CountField count_fields[] = {
    {"_defined", "paths on which it is defined", [](const Statistic& s) { return s.defined; }},
    {"_invalid", "paths on which it is not a number: a defect", [](const Statistic& s) { return s.invalid; }},
    {"_clipped", "paths on which it lies off the scale of its histogram", [](const Statistic& s) { return s.clipped; }},
};

/// Calls `take` for each month and element of a measure, in the order of its variables.
template <class Take>
void for_each_cell(const MeasureBlock& block, int months, Take take) {
  for (int month = 0; month < months; ++month)
    for (int element = 0; element < block.size; ++element) take(month, block.offset + element);
}

NetcdfWriter::Dimensions dimensions_of(const MeasureBlock& block, const ResultDimensions& dimensions) {
  NetcdfWriter::Dimensions out = {dimensions.time};
  if (block.dimension != Dimension::world) out.push_back(dimensions.of_measures.at(block.dimension));
  return out;
}

NetcdfWriter::Attributes attributes_of(const MeasureBlock& block, const std::string& what, bool is_count = false) {
  const MeasureInfo& info = measure_table[static_cast<int>(block.measure)];
  return {{"long_name", std::string(info.meaning) + "; " + what}, {"units", is_count ? "1" : info.unit}};
}

void add_measure(NetcdfWriter& file, const ResultDimensions& dimensions, const MeasureBlock& block,
                 const Result& result) {
  NetcdfWriter::Dimensions shape = dimensions_of(block, dimensions);
  for (const StatisticField& field : statistic_fields) {
    std::vector<double> values;
    for_each_cell(block, result.months(),
                  [&](int month, int measure) { values.push_back(field.value(result.statistic(month, measure))); });
    file.add(block.name + field.suffix, shape, values, attributes_of(block, field.meaning));
  }
  for (const CountField& field : count_fields) {
    std::vector<std::uint64_t> values;
    for_each_cell(block, result.months(),
                  [&](int month, int measure) { values.push_back(field.value(result.statistic(month, measure))); });
    file.add(block.name + field.suffix, shape, values, attributes_of(block, field.meaning, true));
  }
  std::vector<double> quantiles;
  for_each_cell(block, result.months(), [&](int month, int measure) {
    const auto& levels = result.statistic(month, measure).quantile;
    quantiles.insert(quantiles.end(), levels.begin(), levels.end());
  });
  shape.push_back(dimensions.quantile);
  file.add(block.name + "_quantile", shape, quantiles, attributes_of(block, "quantiles over the paths"));
}

std::vector<MeasureBlock> blocks_of(const Scenario& scenario) {
  std::vector<MeasureBlock> blocks = measure_layout(scenario_sizes(scenario));
  std::erase_if(blocks, [](const MeasureBlock& block) { return block.size == 0; });
  return blocks;
}

}  // namespace

void add_statistics(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                    const Result& result) {
  for (const MeasureBlock& block : blocks_of(scenario)) add_measure(file, dimensions, block, result);
}

void add_no_shock(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                  const ReplayedPath& path) {
  for (const MeasureBlock& block : blocks_of(scenario)) {
    std::vector<double> values;
    for_each_cell(block, path.months, [&](int month, int measure) {
      const float value = path.at(month, measure);
      values.push_back(value == missing_value ? nan : static_cast<double>(value));
    });
    file.add(block.name + "_no_shock", dimensions_of(block, dimensions), values,
             attributes_of(block, "on the twin path without shocks"));
  }
}

void add_events(NetcdfWriter& file, const ResultDimensions& dimensions, const Result& result) {
  if (result.events() == 0) return;
  std::vector<double> probability, low, high, undefined, by_month, quantile_month, recovered, recovery;
  for (int k = 0; k < result.events(); ++k) {
    const EventResult& event = result.event(k);
    probability.push_back(event.occurs.value);
    low.push_back(event.occurs.low);
    high.push_back(event.occurs.high);
    undefined.push_back(static_cast<double>(event.undefined) / static_cast<double>(result.totals().paths));
    by_month.insert(by_month.end(), event.cumulative.begin(), event.cumulative.end());
    for (const int month : event.quantile_month) quantile_month.push_back(month < 0 ? nan : month);
    recovered.push_back(event.recovered_share());
    recovery.push_back(event.mean_recovery);
  }
  const NetcdfWriter::Dimensions one = {dimensions.event};
  const std::string interval = " end of the 95 % confidence interval (Wilson) of event_probability";
  file.add("event_probability", one, probability,
           {{"long_name", "share of the paths on which the event is defined, on which it occurs"}, {"units", "1"}});
  file.add("event_probability_low", one, low, {{"long_name", "lower" + interval}, {"units", "1"}});
  file.add("event_probability_high", one, high, {{"long_name", "upper" + interval}, {"units", "1"}});
  file.add("event_undefined", one, undefined,
           {{"long_name", "share of paths on which the event's measure has no value where it would decide"},
            {"units", "1"}});
  file.add("event_probability_by", {dimensions.event, dimensions.time}, by_month,
           {{"long_name", "share of paths on which the event has occurred by the end of the month"}, {"units", "1"}});
  file.add(
      "event_first_month_quantile", {dimensions.event, dimensions.quantile}, quantile_month,
      {{"long_name", "month, counted from 0, by which that share of the paths has seen the event"}, {"units", "1"}});
  file.add("event_recovered", one, recovered,
           {{"long_name", "of the paths on which the event occurs, share on which its condition ends again"},
            {"units", "1"}});
  file.add("event_mean_recovery", one, recovery,
           {{"long_name", "mean number of months until the condition ends, where it does"}, {"units", "months"}});
}

}  // namespace chokepoint
