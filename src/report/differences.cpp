#include "report/differences.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "chokepoint/market/measure_table.hpp"
#include "machine/stop.hpp"
#include "report/elements.hpp"
#include "results/calendar.hpp"

namespace chokepoint {
namespace {

using Results = std::span<const LabelledResult>;

struct DifferencePlan {
  Figure frame;
  std::vector<Measure> measures;
};

std::vector<DifferencePlan> difference_plans() {
  using enum Measure;
  const auto fan = FigureKind::fan;
  return {
      {{"difference-price", "Difference in rental price", "USD per H100e-hour", "", fan, false, true, {}, {}},
       {world_price, regional_price}},
      {{"difference-hhi", "Difference in concentration", "HHI points", "", fan, false, true, {}, {}},
       {hhi_fleet, hhi_revenue}},
      {{"difference-utilisation", "Difference in utilisation", "percentage points", "", fan, true, true, {}, {}},
       {world_utilisation, utilisation}},
      {{"difference-fleet-share",
        "Difference in fleet shares",
        "percentage points of the world fleet",
        "",
        fan,
        true,
        false,
        {},
        {}},
       {fleet_share}},
      {{"difference-exits", "Difference in firms that have left", "firms", "", fan, false, true, {}, {}}, {exits}},
  };
}

std::string full_name(Measure measure, const std::string& element) {
  const std::string name = info_of(measure).name;
  return element.empty() ? name : name + "[" + element + "]";
}

std::vector<Column> columns_of(const Differences& differences, int measure) {
  std::vector<Column> columns = {{"q05", {}}, {"q25", {}}, {"median", {}}, {"q75", {}}, {"q95", {}}};
  constexpr std::array<std::size_t, 5> levels = {1, 3, 4, 5, 7};
  static_assert(quantile_levels[1] == 0.05 && quantile_levels[3] == 0.25 && quantile_levels[5] == 0.75);
  for (int month = 0; month < differences.months; ++month)
    for (std::size_t k = 0; k < levels.size(); ++k)
      columns[k].values.push_back(differences.at(month, measure).difference.quantile[levels[k]]);
  return columns;
}

bool differs(const std::vector<Column>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const Column& column) {
    return std::any_of(column.values.begin(), column.values.end(),
                       [](double value) { return std::isfinite(value) && value != 0; });
  });
}

Panel difference_panel(Results results, const Comparison& comparison, Measure measure, const Element& element) {
  Panel panel{element.title, element.detail, {}};
  for (const ScenarioPair& pair : comparison.pairs) {
    const int at = pair.find(full_name(measure, element.name));
    if (at < 0) continue;
    std::vector<Column> columns = columns_of(pair.all, at);
    if (differs(columns)) panel.curves.push_back({results[pair.other].label, std::move(columns)});
  }
  return panel;
}

Json row_of(const LabelledResult& other, const ScenarioPair& pair, Measure measure, const std::string& element,
            int month) {
  const Contrast& at = pair.all.at(month, pair.find(full_name(measure, element)));
  return {{"label", other.label},
          {"measure", info_of(measure).name},
          {"element", element},
          {"unit", info_of(measure).unit},
          {"date", date_text(other.set.scenario, month).substr(0, 7)},
          {"last", month == pair.months() - 1},
          {"base_mean", at.base_mean},
          {"other_mean", at.other_mean},
          {"mean", at.difference.mean},
          {"interval_95", {at.low, at.high}},
          {"higher", at.share_higher().value},
          {"lower", at.share_lower().value}};
}

/// The month in which the mean difference is largest; the last where nothing differs.
int month_most_apart(const ScenarioPair& pair, int measure) {
  int most = pair.months() - 1;
  const auto size = [&](int month) {
    const double mean = pair.all.at(month, measure).difference.mean;
    return std::isfinite(mean) ? std::abs(mean) : 0;
  };
  for (int month = pair.months() - 1; month >= 0; --month)
    if (size(month) > size(most)) most = month;
  return most;
}

}  // namespace

Comparison compare_results(Results results, RunOptions options) {
  std::vector<const Scenario*> scenarios;
  options.paths = most_paired_paths;
  for (const LabelledResult& result : results) {
    scenarios.push_back(&result.set.scenario);
    options.paths = std::min(options.paths, result.set.provenance.paths);
  }
  const Provenance& first = results.front().set.provenance;
  options.seed = first.seed;
  options.first_path = first.first_path;
  options.engine = with_precision(options.engine, first.precision);
  RunControl control;
  control.stop = stop_flag();
  Comparison comparison = compare_scenarios(scenarios, options, control);
  stop_if_asked();
  return comparison;
}

std::vector<std::string> difference_figure_ids() {
  std::vector<std::string> ids;
  for (const DifferencePlan& plan : difference_plans()) ids.push_back(plan.frame.id);
  return ids;
}

std::vector<Figure> difference_figures(Results results, const Comparison& comparison) {
  std::vector<Figure> figures;
  for (DifferencePlan& plan : difference_plans()) {
    Figure figure = std::move(plan.frame);
    figure.lines = {{0, ""}};
    figure.caption = "Less " + results.front().label + ", on the same path.";
    for (const Measure measure : plan.measures)
      for (const Element& element : elements_of(results, measure))
        if (Panel panel = difference_panel(results, comparison, measure, element); !panel.curves.empty())
          figure.panels.push_back(std::move(panel));
    if (figure.panels.empty()) continue;
    settle_scale(figure);
    figures.push_back(std::move(figure));
  }
  return figures;
}

Json difference_rows(Results results, const Comparison& comparison) {
  using enum Measure;
  Json rows = Json::array();
  for (const Measure measure :
       {world_price, regional_price, hhi_fleet, cr4_fleet, world_utilisation, utilisation, exits})
    for (const Element& element : elements_of(results, measure))
      for (const ScenarioPair& pair : comparison.pairs)
        if (const int at = pair.find(full_name(measure, element.name)); at >= 0)
          for (const int month : std::set{month_most_apart(pair, at), pair.months() - 1})
            rows.push_back(row_of(results[pair.other], pair, measure, element.name, month));
  return rows;
}

}  // namespace chokepoint
