#include "report/page_data.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <set>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "report/config_differences.hpp"
#include "report/elements.hpp"
#include "report/shock_spans.hpp"
#include "results/calendar.hpp"
#include "results/summary.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {
namespace {

using Results = std::span<const LabelledResult>;

/// Four digits, or one after the point: more than a line a few hundred pixels high can show. What is cut off leaves its
/// mark: no last digit becomes a 0 or 5, so that the page, which rounds further, shows what it shows of the whole
/// number.
Json short_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  char buffer[32];
  std::string text(buffer,
                   std::to_chars(std::begin(buffer), std::end(buffer), value, std::chars_format::scientific).ptr);
  const std::size_t mantissa = text.find('e');
  const int digits = std::max(4, std::stoi(text.substr(mantissa + 1)) + 2);
  const std::size_t kept = (value < 0 ? 2 : 1) + static_cast<std::size_t>(digits);  // sign and point
  if (mantissa <= kept) return value;
  char& last = text[kept - 1];
  if (last == '0' || last == '5') ++last;
  return std::strtod(text.erase(kept, mantissa - kept).c_str(), nullptr);
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
  Json row = {{"measure", info_of(measure).name},
              {"element", element},
              {"unit", info_of(measure).unit},
              {"date", date_text(set.scenario, month).substr(0, 7)}};
  for (const auto& [name, level] : {std::pair{"q01", 0UL}, {"q05", 1UL}, {"median", 4UL}, {"q95", 7UL}, {"q99", 8UL}}) {
    row[name] = at.quantile[level];
    row[std::string(name) + "_interval_95"] = {at.quantile_low[level], at.quantile_high[level]};
  }
  row["low5"] = at.shortfall_low5;
  row["high5"] = at.shortfall_high5;
  return row;
}

Json tails_of(const ResultSet& set) {
  using enum Measure;
  Json rows = Json::array();
  const int months = set.result->months();
  for (const Measure measure : {world_price, regional_price, hhi_fleet, cr4_fleet, world_utilisation, exits})
    for (const std::string& element : element_names(set.scenario, info_of(measure).dimension))
      for (const int month : std::set{months / 2, months - 1})
        rows.push_back(tail_row(set, measure, element, *measure_index(set.scenario, measure, element), month));
  return rows;
}

/// Whole numbers beyond 2^53 are other numbers in a script: they go to the page as text.
void write_out_large_numbers(Json& provenance, const Provenance& from) {
  provenance["seed"] = std::to_string(from.seed);
  provenance["first_path"] = std::to_string(from.first_path);
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
  write_out_large_numbers(out["provenance"], result.set.provenance);
  return out;
}

constexpr std::size_t most_config_rows = 40;

/// Keys that differ between the configs, and what of it names each result.
void add_config_differences(Json& page, Results results) {
  const std::vector<ConfigDifference> differences = config_differences(results);
  Json rows = Json::array();
  for (std::size_t k = 0; k < std::min(differences.size(), most_config_rows); ++k)
    rows.push_back({{"key", differences[k].key}, {"values", differences[k].values}});
  page["config_differences"] = {{"rows", rows}, {"left_out", differences.size() - rows.size()}};
  for (std::size_t k = 0; k < results.size(); ++k) page["scenarios"][k]["variant"] = variant_text(differences, k);
}

Json shocks_of(Results results) {
  const Scenario& calendar = results.front().set.scenario;
  Json rows = Json::array();
  for (const ShockSpan& span : shock_spans(results))
    rows.push_back({{"name", span.name},
                    {"first", span.first},
                    {"end", span.end},
                    {"open", span.is_open},
                    {"from", date_text(calendar, span.first).substr(0, 7)},
                    {"to", date_text(calendar, span.end - 1).substr(0, 7)},
                    {"labels", span.labels}});
  return rows;
}

}  // namespace

Json page_data(Results results, std::span<const Figure> figures) {
  Json page = {{"scenarios", Json::array()}};
  for (const LabelledResult& result : results)
    page["scenarios"].push_back(scenario_of(result, config_budget / results.size()));
  add_config_differences(page, results);
  page["shocks"] = shocks_of(results);
  add_figures(page, results.front().set.scenario, figures);
  return page;
}

}  // namespace chokepoint
