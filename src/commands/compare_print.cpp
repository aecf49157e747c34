#include "commands/compare_print.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chokepoint/market/measure_table.hpp"
#include "commands/compare_view.hpp"
#include "output/csv_text.hpp"

namespace chokepoint {
namespace {

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format(",{:.9g}", value) : ",";
}

std::string csv_header(const ComparisonReport& report) {
  const Provenance from = report.provenance();
  std::string text = fmt::format("# base: {}\n", report.base().label);
  for (const CompareInput& input : report.inputs)
    text +=
        fmt::format("# scenario: {} (config_hash {}, from {})\n", input.label, input.scenario.text_hash, input.place);
  text += fmt::format("# paths: {} from path {}\n# seed: {}\n", from.paths, from.first_path, from.seed);
  for (const auto& [name, value] : facts_of(from))
    if (name != "scenario" && name != "config_hash") text += fmt::format("# {}: {}\n", name, value);
  text += "scenario,time,measure,element,unit,worse";
  for (const ContrastColumn& column : contrast_columns()) text += "," + column.name;
  return text + "\n";
}

std::string csv_rows(const ComparisonReport& report, const ScenarioPair& pair, int measure) {
  const ComparedMeasure& compared = pair.measures[static_cast<std::size_t>(measure)];
  const MeasureInfo& info = info_of(compared.measure);
  std::string text;
  for (int month = 0; month < pair.months(); ++month) {
    text += fmt::format("{},{}-01,{},{},{},{}", csv_field(report.other(pair).label), month_text(pair, month), info.name,
                        csv_field(compared.element), info.unit, worse_text(compared.measure));
    for (const ContrastColumn& column : contrast_columns()) text += cell(column.value(pair.all.at(month, measure)));
    text += "\n";
  }
  return text;
}

template <std::size_t Level>
double quantile_of(const Contrast& contrast) {
  return contrast.difference.quantile[Level];
}

}  // namespace

Provenance ComparisonReport::provenance() const {
  RunOutcome outcome;
  outcome.engine = comparison.engine;
  outcome.threads = comparison.threads;
  outcome.seconds = comparison.seconds;
  return provenance_of(base().scenario, options, outcome);
}

std::string worse_text(Measure measure) {
  const Worse worse = info_of(measure).worse;
  return worse == Worse::higher ? "higher" : worse == Worse::lower ? "lower" : "";
}

const std::vector<ContrastColumn>& contrast_columns() {
  static_assert(quantile_levels.size() == 9);
  static const std::vector<ContrastColumn> columns = {
      {"mean", [](const Contrast& c) { return c.difference.mean; }},
      {"standard_error", [](const Contrast& c) { return c.difference.standard_error; }},
      {"low", [](const Contrast& c) { return c.low; }},
      {"high", [](const Contrast& c) { return c.high; }},
      {"q01", quantile_of<0>},
      {"q05", quantile_of<1>},
      {"q10", quantile_of<2>},
      {"q25", quantile_of<3>},
      {"q50", quantile_of<4>},
      {"q75", quantile_of<5>},
      {"q90", quantile_of<6>},
      {"q95", quantile_of<7>},
      {"q99", quantile_of<8>},
      {"base_mean", [](const Contrast& c) { return c.base_mean; }},
      {"other_mean", [](const Contrast& c) { return c.other_mean; }},
      {"ratio", [](const Contrast& c) { return c.ratio; }},
      {"ratio_low", [](const Contrast& c) { return c.ratio_low; }},
      {"ratio_high", [](const Contrast& c) { return c.ratio_high; }},
      {"share_higher", [](const Contrast& c) { return c.share_higher().value; }},
      {"share_lower", [](const Contrast& c) { return c.share_lower().value; }},
      {"variance_reduction", [](const Contrast& c) { return c.variance_reduction; }},
      {"defined", [](const Contrast& c) { return static_cast<double>(c.defined()); }},
      {"only_base", [](const Contrast& c) { return static_cast<double>(c.only_base); }},
      {"only_other", [](const Contrast& c) { return static_cast<double>(c.only_other); }},
  };
  return columns;
}

std::string comparison_csv(const ComparisonReport& report) {
  std::string text = csv_header(report);
  for (const ScenarioPair& pair : report.comparison.pairs)
    for (int measure = 0; measure < pair.all.measures; ++measure) text += csv_rows(report, pair, measure);
  return text;
}

}  // namespace chokepoint
