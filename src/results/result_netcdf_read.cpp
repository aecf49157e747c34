#include <cmath>

#include "chokepoint/base/nan.hpp"
#include "chokepoint/market/measure.hpp"
#include "results/result_netcdf_fields.hpp"
#include "results/result_netcdf_statistics.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

Statistic undefined_statistic() {
  Statistic out{};
  for (const StatisticField& field : statistic_fields) field.put(out, nan);
  for (const LevelsField& field : levels_fields) (out.*field.member).fill(nan);
  return out;
}

/// Where the cells of a measure's variables go in rows of all measures.
class Cells {
 public:
  Cells(const MeasureBlock& block, int months, int row) : block_(block), months_(months), row_(row) {}
  std::size_t count() const { return static_cast<std::size_t>(months_ * block_.size); }
  /// Place of the cell in [months][measures].
  std::size_t place(std::size_t cell) const {
    const std::size_t size = static_cast<std::size_t>(block_.size), month = cell / size;
    return month * static_cast<std::size_t>(row_) + static_cast<std::size_t>(block_.offset) + cell % size;
  }

 private:
  const MeasureBlock& block_;
  int months_, row_;
};

void read_measure(const NetcdfReader& file, const std::string& group, const MeasureBlock& block, const Cells& cells,
                  std::vector<Statistic>& out) {
  constexpr std::size_t levels = quantile_levels.size();
  for (const StatisticField& field : statistic_fields) {
    if (!file.has_variable(group, block.name + field.suffix)) continue;
    const std::vector<double> values = file.numbers(group, block.name + field.suffix, cells.count());
    for (std::size_t k = 0; k < values.size(); ++k) field.put(out[cells.place(k)], values[k]);
  }
  for (const CountField& field : count_fields) {
    if (!file.has_variable(group, block.name + field.suffix)) continue;
    const std::vector<std::uint64_t> values = file.counts(group, block.name + field.suffix, cells.count());
    for (std::size_t k = 0; k < values.size(); ++k) out[cells.place(k)].*field.member = values[k];
  }
  for (const LevelsField& field : levels_fields) {
    if (!file.has_variable(group, block.name + field.suffix)) continue;
    const std::vector<double> values = file.numbers(group, block.name + field.suffix, levels * cells.count());
    for (std::size_t k = 0; k < values.size(); ++k)
      (out[cells.place(k / levels)].*field.member)[k % levels] = values[k];
  }
}

std::uint64_t count_of(double share, std::uint64_t of) {
  return std::isnan(share) ? 0 : static_cast<std::uint64_t>(std::llround(share * static_cast<double>(of)));
}

}  // namespace

std::vector<Statistic> read_statistics(const NetcdfReader& file, const std::string& group, const Scenario& scenario) {
  const int row = measure_row_size(scenario_sizes(scenario));
  std::vector<Statistic> out(static_cast<std::size_t>(scenario.months * row), undefined_statistic());
  for (const MeasureBlock& block : blocks_of(scenario))
    read_measure(file, group, block, Cells(block, scenario.months, row), out);
  return out;
}

ReplayedPath read_no_shock(const NetcdfReader& file, const Scenario& scenario) {
  ReplayedPath out;
  out.months = scenario.months;
  out.measures = measure_row_size(scenario_sizes(scenario));
  out.values.assign(static_cast<std::size_t>(out.months * out.measures), missing_value);
  for (const MeasureBlock& block : blocks_of(scenario)) {
    const std::string name = block.name + "_no_shock";
    if (!file.has_variable("", name)) continue;
    const Cells cells(block, scenario.months, out.measures);
    const std::vector<double> values = file.numbers("", name, cells.count());
    for (std::size_t k = 0; k < values.size(); ++k)
      if (!std::isnan(values[k])) out.values[cells.place(k)] = static_cast<float>(values[k]);
  }
  return out;
}

std::vector<EventResult> read_events(const NetcdfReader& file, const std::string& group, const Scenario& scenario,
                                     std::uint64_t paths) {
  const std::size_t events = scenario.events.size(), months = static_cast<std::size_t>(scenario.months);
  std::vector<EventResult> out(events);
  if (events == 0) return out;
  const auto read = [&](const char* name, std::size_t size) { return file.numbers(group, name, events * size); };
  const std::vector<double> probability = read("event_probability", 1), low = read("event_probability_low", 1),
                            high = read("event_probability_high", 1), by = read("event_probability_by", months),
                            first = read("event_first_month_quantile", quantile_levels.size()),
                            recovered = read("event_recovered", 1), recovery = read("event_mean_recovery", 1);
  // A file of format 1 knows of nothing undefined.
  const auto read_if_there = [&](const char* name) {
    return file.has_variable(group, name) ? read(name, 1) : std::vector<double>(events);
  };
  const std::vector<double> undefined = read_if_there("event_undefined"),
                            recovery_undefined = read_if_there("event_recovery_undefined");
  for (std::size_t k = 0; k < events; ++k) {
    EventResult& event = out[k];
    event.occurs = {probability[k], low[k], high[k]};
    event.undefined = count_of(undefined[k], paths);
    event.passed = count_of(probability[k], paths - event.undefined);
    event.recovery_undefined = count_of(recovery_undefined[k], event.passed);
    event.recovered = count_of(recovered[k], event.passed - event.recovery_undefined);
    event.mean_recovery = recovery[k];
    event.cumulative.assign(by.begin() + static_cast<std::ptrdiff_t>(k * months),
                            by.begin() + static_cast<std::ptrdiff_t>((k + 1) * months));
    for (std::size_t level = 0; level < quantile_levels.size(); ++level) {
      const double month = first[k * quantile_levels.size() + level];
      event.quantile_month[level] = std::isnan(month) ? -1 : static_cast<int>(month);
    }
  }
  return out;
}

}  // namespace chokepoint
