#include "results/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chokepoint/base/nan.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "results/calendar.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

constexpr Measure headlines[] = {Measure::world_price, Measure::regional_price,    Measure::hhi_fleet,
                                 Measure::cr4_fleet,   Measure::world_utilisation, Measure::utilisation};
constexpr std::size_t low_level = 1, median_level = 4, high_level = 7;
static_assert(quantile_levels[low_level] == 0.05 && quantile_levels[median_level] == 0.5 &&
              quantile_levels[high_level] == 0.95);

std::array<int, 3> headline_months(int months) {
  return {0, months / 2, months - 1};
}

Spread spread_of(const Statistic& statistic, float no_shock) {
  const auto bounded = [&statistic](std::size_t level) -> BoundedQuantile {
    return {statistic.quantile[level], statistic.quantile_low[level], statistic.quantile_high[level]};
  };
  return {statistic.mean,      statistic.standard_error,
          bounded(low_level),  bounded(median_level),
          bounded(high_level), no_shock == missing_value ? nan : static_cast<double>(no_shock)};
}

HeadlineRow row_of(const ResultSet& set, const Result& result, const MeasureBlock& block, int element) {
  HeadlineRow row;
  row.measure = block.name;
  row.element = element_names(set.scenario, block.dimension)[static_cast<std::size_t>(element)];
  row.unit = info_of(block.measure).unit;
  const std::array<int, 3> months = headline_months(result.months());
  const int measure = block.offset + element;
  for (std::size_t k = 0; k < months.size(); ++k)
    row.at[k] = spread_of(result.statistic(months[k], measure), set.no_shock.at(months[k], measure));
  return row;
}

std::string condition_of(const config::Event& event) {
  const bool is_above = event.above.has_value();
  const double threshold = is_above ? *event.above : event.below.value_or(nan);
  return fmt::format("{} {} {:g}{}", event.measure, is_above ? "above" : "below", threshold,
                     event.relative ? " times its start" : "");
}

/// Shares at the end of every twelfth month and of the last one.
std::vector<std::pair<std::string, double>> by_year(const Scenario& scenario, const EventResult& event) {
  std::vector<std::pair<std::string, double>> out;
  const int months = static_cast<int>(event.cumulative.size());
  for (int month = 0; month < months; ++month)
    if (month % 12 == 11 || month == months - 1)
      out.emplace_back(date_text(scenario, month).substr(0, 7), event.cumulative[static_cast<std::size_t>(month)]);
  return out;
}

EventSummary event_of(const Scenario& scenario, const config::Event& event, const EventResult& result,
                      std::uint64_t paths) {
  const int month = result.quantile_month[median_level];
  const double all = static_cast<double>(paths);
  return {event.name,
          event.title,
          event.measure,
          condition_of(event),
          result.occurs,
          result.undefined,
          static_cast<double>(result.undefined) / all,
          static_cast<double>(result.passed) / all,
          static_cast<double>(result.passed + result.undefined) / all,
          month < 0 ? "" : date_text(scenario, month).substr(0, 7),
          by_year(scenario, result),
          result.recovered_share(),
          result.mean_recovery};
}

ExactRow exact_row_of(const ResultSet& set, const ExactQuantiles& exact, std::size_t k) {
  const auto measure = static_cast<std::size_t>(exact.measures[k]);
  const std::array<int, 3> months = headline_months(exact.months());
  return {measure_names(set.scenario)[measure],
          measure_units(set.scenario)[measure],
          {exact.at(months[0], k), exact.at(months[1], k), exact.at(months[2], k)}};
}

Findings findings_of(const ResultSet& set, const Result& result, const std::optional<ExactQuantiles>& exact) {
  Findings out;
  const std::vector<MeasureBlock> blocks = measure_layout(scenario_sizes(set.scenario));
  for (const Measure measure : headlines) {
    const MeasureBlock& block = blocks[static_cast<std::size_t>(measure)];
    for (int element = 0; element < block.size; ++element) out.rows.push_back(row_of(set, result, block, element));
  }
  for (int k = 0; k < result.events(); ++k)
    out.events.push_back(
        event_of(set.scenario, set.scenario.events[static_cast<std::size_t>(k)], result.event(k), result.paths()));
  for (std::size_t k = 0; exact && k < exact->measures.size(); ++k) out.exact.push_back(exact_row_of(set, *exact, k));
  return out;
}

}  // namespace

Summary make_summary(const ResultSet& set) {
  const Result& result = *set.result;
  const RunTotals& totals = result.totals();
  Summary out;
  out.digest = result.digest();
  out.paths = totals.paths;
  out.unsolved = totals.unsolved_steps;
  out.unsolved_paths = totals.unsolved_paths;
  out.max_residual = static_cast<double>(totals.max_residual);
  out.mean_iterations = result.mean_iterations();
  out.months = result.months();
  out.title = set.scenario.title;
  const std::array<int, 3> months = headline_months(result.months());
  for (std::size_t k = 0; k < months.size(); ++k) out.dates[k] = date_text(set.scenario, months[k]).substr(0, 7);
  out.all = findings_of(set, result, set.exact);
  if (set.solved) out.solved = findings_of(set, *set.solved, set.exact_solved);
  out.provenance = set.provenance;
  return out;
}

}  // namespace chokepoint
