#include "report/page_data.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "chokepoint/measure_layout.hpp"
#include "output/calendar.hpp"
#include "output/summary.hpp"
#include "report/elements.hpp"

namespace chokepoint {
namespace {

using Results = std::span<const LabelledResult>;

/// Four digits are more than a line a few hundred pixels high can show.
Json short_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
}

/// Every `step`-th month from the first, and the last.
std::vector<int> shown_months(int months, int step) {
  std::vector<int> out;
  for (int month = 0; month < months - 1; month += step) out.push_back(month);
  out.push_back(months - 1);
  return out;
}

Json to_json(const Curve& curve, const std::vector<int>& months) {
  Json out = {{"label", curve.label}};
  for (const Column& column : curve.columns) {
    Json values = Json::array();
    for (const int month : months) values.push_back(short_number(column.values[static_cast<std::size_t>(month)]));
    out[column.name] = std::move(values);
  }
  return out;
}

Json to_json(const Figure& figure, const std::vector<int>& months) {
  Json lines = Json::array(), panels = Json::array();
  for (const ReferenceLine& line : figure.lines) lines.push_back({{"value", line.value}, {"label", line.label}});
  for (const Panel& panel : figure.panels) {
    Json curves = Json::array();
    for (const Curve& curve : panel.curves) curves.push_back(to_json(curve, months));
    panels.push_back({{"title", panel.title}, {"detail", panel.detail}, {"curves", curves}});
  }
  return {{"id", figure.id},
          {"title", figure.title},
          {"unit", figure.unit},
          {"caption", figure.caption},
          {"kind", name_of(figure.kind)},
          {"percent", figure.in_percent},
          {"common_scale", figure.has_common_scale},
          {"lines", lines},
          {"panels", panels}};
}

Json to_json(std::span<const Figure> figures, const std::vector<int>& months) {
  Json out = Json::array();
  for (const Figure& figure : figures) out.push_back(to_json(figure, months));
  return out;
}

Json dates_of(const Scenario& scenario, const std::vector<int>& months) {
  Json dates = Json::array();
  for (const int month : months) dates.push_back(date_text(scenario, month).substr(0, 7));
  return dates;
}

/// The series, thinned until they fit.
void add_figures(Json& page, const Scenario& scenario, std::span<const Figure> figures) {
  for (int step = 1;; ++step) {
    const std::vector<int> months = shown_months(scenario.months, step);
    Json series = to_json(figures, months);
    if (step < scenario.months && series.dump().size() > figure_budget) continue;
    page["step"] = step;
    page["months"] = months;
    page["dates"] = dates_of(scenario, months);
    page["figures"] = std::move(series);
    return;
  }
}

Json tail_row(const ResultSet& set, Measure measure, const std::string& element, int index, int month) {
  const Statistic& at = set.result->statistic(month, index);
  Json row = {{"measure", measure_table[static_cast<int>(measure)].name},
              {"element", element},
              {"unit", measure_table[static_cast<int>(measure)].unit},
              {"date", date_text(set.scenario, month).substr(0, 7)}};
  for (const auto& [name, level] : {std::pair{"q01", 0}, {"q05", 1}, {"median", 4}, {"q95", 7}, {"q99", 8}})
    row[name] = short_number(at.quantile[static_cast<std::size_t>(level)]);
  row["low5"] = short_number(at.shortfall_low5);
  row["high5"] = short_number(at.shortfall_high5);
  return row;
}

Json tails_of(const ResultSet& set) {
  using enum Measure;
  Json rows = Json::array();
  const int months = set.result->months();
  for (const Measure measure : {world_price, regional_price, hhi_fleet, cr4_fleet, world_utilisation, exits})
    for (const std::string& element : element_names(set.scenario, measure_table[static_cast<int>(measure)].dimension))
      for (const int month : {months / 2, months - 1})
        rows.push_back(tail_row(set, measure, element, *measure_index(set.scenario, measure, element), month));
  return rows;
}

/// The summary of the run, its config cut where it is longer than `most` bytes, and what the page shows besides.
Json scenario_of(const LabelledResult& result, std::size_t most) {
  Json out = to_json(make_summary(result.set));
  out["label"] = result.label;
  out["description"] = result.set.scenario.description;
  out["tails"] = tails_of(result.set);
  const std::string& config = result.set.provenance.config_text;
  out["config_bytes"] = config.size();
  // Scripts know numbers up to 2^53 exactly; these may be larger.
  out["provenance"]["seed"] = std::to_string(result.set.provenance.seed);
  out["provenance"]["first_path"] = std::to_string(result.set.provenance.first_path);
  out["provenance"]["config_text"] = config.substr(0, most);
  return out;
}

}  // namespace

Json page_data(Results results, std::span<const Figure> figures) {
  Json page = {{"scenarios", Json::array()}};
  for (const LabelledResult& result : results)
    page["scenarios"].push_back(scenario_of(result, config_budget / results.size()));
  add_figures(page, results.front().set.scenario, figures);
  return page;
}

}  // namespace chokepoint
