#include <fmt/format.h>

#include <cmath>

#include "chokepoint/market/measure_table.hpp"
#include "commands/compare_print.hpp"
#include "commands/compare_view.hpp"

namespace chokepoint {
namespace {

Json month_or_null(const ScenarioPair& pair, int month) {
  return month < 0 ? Json(nullptr) : Json(month_text(pair, month));
}

Json scenario_json(const ComparisonReport& report, std::size_t k) {
  const CompareInput& input = report.inputs[k];
  Json out = {{"label", input.label},
              {"name", input.scenario.name},
              {"title", input.scenario.title},
              {"source", input.place},
              {"config_hash", input.scenario.text_hash},
              {"unsolved_paths", report.comparison.walked[k].unsolved_paths},
              {"config_text", input.scenario.text}};
  if (input.result)
    out["result"] = {{"digest", input.result->digest},
                     {"commit", input.result->provenance.commit},
                     {"walked_again", is_walked_again(input, report.options)}};
  return out;
}

Json first_difference_json(const ScenarioPair& pair, const Differences& differences) {
  const EventResult& first = differences.first_difference;
  Json quantiles = Json::object();
  for (std::size_t k = 0; k < quantile_levels.size(); ++k)
    quantiles[fmt::format("q{:02}", std::lround(quantile_levels[k] * 100))] =
        month_or_null(pair, first.quantile_month[k]);
  return {{"first_month", month_or_null(pair, differences.first_month)},
          {"share_of_paths", first.occurs.value},
          {"interval_95", {first.occurs.low, first.occurs.high}},
          {"quantile_months", quantiles},
          {"share_by_month", first.cumulative}};
}

Json measure_json(const ScenarioPair& pair, const Differences& differences, int measure) {
  const ComparedMeasure& compared = pair.measures[static_cast<std::size_t>(measure)];
  const MeasureInfo& info = info_of(compared.measure);
  const std::string worse = worse_text(compared.measure);
  Json by_month = {{"time", Json::array()}};
  for (int month = 0; month < differences.months; ++month) by_month["time"].push_back(month_text(pair, month));
  for (const ContrastColumn& column : contrast_columns()) {
    Json& values = by_month[column.name] = Json::array();
    for (int month = 0; month < differences.months; ++month)
      values.push_back(column.value(differences.at(month, measure)));
  }
  return {{"name", compared.name},
          {"measure", info.name},
          {"element", compared.element},
          {"unit", info.unit},
          {"worse", worse.empty() ? Json(nullptr) : Json(worse)},
          {"first_month", month_or_null(pair, differences.first_month_of[static_cast<std::size_t>(measure)])},
          {"by_month", by_month}};
}

Json differences_json(const ScenarioPair& pair, const Differences& differences) {
  Json measures = Json::array();
  for (int measure = 0; measure < differences.measures; ++measure)
    measures.push_back(measure_json(pair, differences, measure));
  return {{"paths", differences.paths},
          {"digest", differences.digest},
          {"first_difference", first_difference_json(pair, differences)},
          {"measures", measures}};
}

Json pair_json(const ComparisonReport& report, const ScenarioPair& pair) {
  Json out = {{"scenario", report.other(pair).label},
              {"unsolved_paths", pair.unsolved_paths},
              {"only_in_base", pair.only_in_base},
              {"only_in_scenario", pair.only_in_other}};
  out.update(differences_json(pair, pair.all));
  if (pair.solved) out["without_unsolved"] = differences_json(pair, *pair.solved);
  return out;
}

}  // namespace

std::string comparison_json(const ComparisonReport& report) {
  const Provenance from = report.provenance();
  Json out = {{"base", report.base().label}, {"seed", from.seed},          {"first_path", from.first_path},
              {"paths", from.paths},         {"scenarios", Json::array()}, {"comparisons", Json::array()},
              {"provenance", Json::object()}};
  for (std::size_t k = 0; k < report.inputs.size(); ++k) out["scenarios"].push_back(scenario_json(report, k));
  for (const ScenarioPair& pair : report.comparison.pairs) out["comparisons"].push_back(pair_json(report, pair));
  for (const auto& [name, value] : facts_of(from))
    if (name != "scenario" && name != "config_hash") out["provenance"][name] = value;
  out["provenance"]["threads"] = from.run.threads;
  out["provenance"]["seconds"] = from.run.seconds;
  // Without line breaks: one number a line would be most of the file.
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chokepoint
