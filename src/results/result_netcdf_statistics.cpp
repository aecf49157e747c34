#include "results/result_netcdf_statistics.hpp"

#include "chokepoint/base/nan.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "results/result_netcdf_fields.hpp"
#include "results/udunits.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

/// Calls `take` for each month and element of a measure, in the order of its variables.
template <class Take>
void for_each_cell(const MeasureBlock& block, int months, Take take) {
  for (int month = 0; month < months; ++month)
    for (int element = 0; element < block.size; ++element) take(month, block.offset + element);
}

NetcdfWriter::Attributes counts_of(const MeasureBlock& block, const std::string& what) {
  return described(std::string(info_of(block.measure).meaning) + "; " + what, "paths");
}

void add_measure(NetcdfWriter& file, const ResultDimensions& dimensions, const MeasureBlock& block,
                 const Result& result) {
  NetcdfWriter::Dimensions shape = dimensions_of(block, dimensions);
  const auto for_each_statistic = [&](auto take) {
    for_each_cell(block, result.months(), [&](int month, int measure) { take(result.statistic(month, measure)); });
  };
  for (const StatisticField& field : statistic_fields) {
    std::vector<double> values;
    for_each_statistic([&](const Statistic& statistic) { values.push_back(field.value(statistic)); });
    file.add(block.name + field.suffix, shape, values, attributes_of(block, field.meaning));
  }
  for (const CountField& field : count_fields) {
    std::vector<std::uint64_t> values;
    for_each_statistic([&](const Statistic& statistic) { values.push_back(statistic.*field.member); });
    file.add(block.name + field.suffix, shape, values, counts_of(block, field.meaning));
  }
  shape.push_back(dimensions.quantile);
  for (const LevelsField& field : levels_fields) {
    std::vector<double> values;
    for_each_statistic([&](const Statistic& statistic) {
      values.insert(values.end(), (statistic.*field.member).begin(), (statistic.*field.member).end());
    });
    file.add(block.name + field.suffix, shape, values, attributes_of(block, field.meaning));
  }
}

}  // namespace

NetcdfWriter::Dimensions dimensions_of(const MeasureBlock& block, const ResultDimensions& dimensions) {
  NetcdfWriter::Dimensions out = {dimensions.time};
  if (block.dimension == Dimension::world) return out;
  const NetcdfWriter::Dimensions& own = dimensions.of_measures.at(block.dimension);
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

NetcdfWriter::Attributes described(const std::string& long_name, const std::string& unit) {
  return {{"long_name", long_name}, {"units", udunits(unit)}, {"unit_description", unit}};
}

NetcdfWriter::Attributes attributes_of(const MeasureBlock& block, const std::string& what) {
  const MeasureInfo& info = info_of(block.measure);
  return described(std::string(info.meaning) + "; " + what, info.unit);
}

std::vector<MeasureBlock> blocks_of(const Scenario& scenario) {
  std::vector<MeasureBlock> blocks = measure_layout(scenario_sizes(scenario));
  std::erase_if(blocks, [](const MeasureBlock& block) { return block.size == 0; });
  return blocks;
}

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
  std::vector<double> probability, low, high, undefined, by_month, quantile_month, recovered, recovery_undefined,
      recovery;
  for (int k = 0; k < result.events(); ++k) {
    const EventResult& event = result.event(k);
    probability.push_back(event.occurs.value);
    low.push_back(event.occurs.low);
    high.push_back(event.occurs.high);
    undefined.push_back(static_cast<double>(event.undefined) / static_cast<double>(result.paths()));
    by_month.insert(by_month.end(), event.cumulative.begin(), event.cumulative.end());
    for (const int month : event.quantile_month) quantile_month.push_back(month < 0 ? nan : month);
    recovered.push_back(event.recovered_share());
    recovery_undefined.push_back(
        event.passed == 0 ? nan : static_cast<double>(event.recovery_undefined) / static_cast<double>(event.passed));
    recovery.push_back(event.mean_recovery);
  }
  const NetcdfWriter::Dimensions one = {dimensions.event};
  const std::string interval = " end of the 95 % confidence interval (Wilson) of event_probability";
  file.add("event_probability", one, probability,
           described("of the paths on which the event is defined, the share on which it occurs", "1"));
  file.add("event_probability_low", one, low, described("lower" + interval, "1"));
  file.add("event_probability_high", one, high, described("upper" + interval, "1"));
  file.add("event_undefined", one, undefined,
           described("share of paths on which the event's measure has no value where it would decide", "1"));
  file.add("event_probability_by", {dimensions.event, dimensions.time}, by_month,
           described("share of paths on which the event has occurred by the end of the month", "1"));
  file.add("event_first_month_quantile", {dimensions.event, dimensions.quantile}, quantile_month,
           described("month, counted from 0, by which that share of the paths has seen the event", "1"));
  file.add("event_recovered", one, recovered,
           described(
               "of the paths on which the event occurs and on which it is known whether it ends, the share on which it "
               "ends again",
               "1"));
  file.add(
      "event_recovery_undefined", one, recovery_undefined,
      described("of the paths on which the event occurs, share on which nobody knows whether its condition ends", "1"));
  file.add("event_mean_recovery", one, recovery,
           described("mean number of months until the condition ends, where it does", "months"));
}

}  // namespace chokepoint
