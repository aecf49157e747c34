#include "report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "chokepoint/base/nan.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "report/elements.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {
namespace {

/// A measure that exists on fewer of the paths in every month is left out: its quantiles would be those of a rarity.
constexpr double least_defined = 0.05;

using Results = std::span<const LabelledResult>;

/// What the panels of a figure show: all elements of some measures.
struct FigurePlan {
  Figure frame;
  std::vector<Measure> measures;
};

std::vector<double> by_month(const ResultSet& set, const auto& value) {
  std::vector<double> out;
  for (int month = 0; month < set.result->months(); ++month) out.push_back(value(month));
  return out;
}

bool is_shown(const ResultSet& set, int measure) {
  const double least = least_defined * static_cast<double>(set.result->paths());
  for (int month = 0; month < set.result->months(); ++month)
    if (static_cast<double>(set.result->statistic(month, measure).defined) >= std::max(least, 1.0)) return true;
  return false;
}

double twin_value(const ResultSet& set, int month, int measure) {
  const float value = set.no_shock.at(month, measure);
  return value == missing_value ? nan : static_cast<double>(value);
}

Column quantile_column(const ResultSet& set, int measure, const char* name, double level) {
  const auto at = std::find(quantile_levels.begin(), quantile_levels.end(), level) - quantile_levels.begin();
  return {name, by_month(set, [&](int month) {
            return set.result->statistic(month, measure).quantile[static_cast<std::size_t>(at)];
          })};
}

std::vector<Column> fan_columns(const ResultSet& set, int measure, bool with_twin) {
  std::vector<Column> columns = {quantile_column(set, measure, "q05", 0.05), quantile_column(set, measure, "q25", 0.25),
                                 quantile_column(set, measure, "median", 0.5),
                                 quantile_column(set, measure, "q75", 0.75),
                                 quantile_column(set, measure, "q95", 0.95)};
  if (with_twin)
    columns.push_back({"no_shock", by_month(set, [&](int month) { return twin_value(set, month, measure); })});
  return columns;
}

std::vector<Column> mean_column(const ResultSet& set, int measure) {
  return {{"value", by_month(set, [&](int month) { return set.result->statistic(month, measure).mean; })}};
}

std::optional<Curve> curve_of(const LabelledResult& result, FigureKind kind, Measure measure,
                              const std::string& element, bool with_twin) {
  const std::optional<int> index = measure_index(result.set.scenario, measure, element);
  if (!index || !is_shown(result.set, *index)) return {};
  return Curve{result.label,
               kind == FigureKind::fan ? fan_columns(result.set, *index, with_twin) : mean_column(result.set, *index)};
}

/// A panel an element, a curve a result.
std::vector<Panel> element_panels(Results results, FigureKind kind, Measure measure) {
  std::vector<Panel> panels;
  for (const Element& element : elements_of(results, measure)) {
    Panel panel{element.title, element.detail, {}};
    for (const LabelledResult& result : results)
      if (auto curve = curve_of(result, kind, measure, element.name, results.size() == 1))
        panel.curves.push_back(std::move(*curve));
    if (!panel.curves.empty()) panels.push_back(std::move(panel));
  }
  return panels;
}

Figure element_figure(Results results, FigurePlan plan) {
  Figure figure = std::move(plan.frame);
  for (const Measure measure : plan.measures)
    for (Panel& panel : element_panels(results, figure.kind, measure)) figure.panels.push_back(std::move(panel));
  return figure;
}

/// A panel a result, the elements on top of each other.
Figure stack_figure(Results results, FigurePlan plan) {
  Figure figure = std::move(plan.frame);
  for (const LabelledResult& result : results) {
    Panel panel{result.label, result.set.scenario.title, {}};
    for (const Element& element : elements_of({&result, 1}, plan.measures[0]))
      if (const auto index = measure_index(result.set.scenario, plan.measures[0], element.name))
        panel.curves.push_back({element.title, mean_column(result.set, *index)});
    figure.panels.push_back(std::move(panel));
  }
  settle_parts(figure);
  return figure;
}

std::vector<FigurePlan> figure_plans() {
  using enum Measure;
  return {
      {.frame = {.id = "regional-price",
                 .title = "Rental price, world and regions",
                 .unit = "USD per H100e-hour",
                 .caption = "Mean over markets, weighted by the quantity rented.",
                 .has_common_scale = true},
       .measures = {world_price, regional_price}},
      {.frame = {.id = "rental-price",
                 .title = "Rental price by region and chip class",
                 .unit = "USD per H100e-hour",
                 .caption = "Where the market exists: a market without capacity has no price on that path and month. "
                            "Markets that exist on under 5 % of the paths in every month are left out.",
                 .has_common_scale = true},
       .measures = {rental_price}},
      {.frame = {.id = "chip-price",
                 .title = "Chip price",
                 .unit = "thousand USD a chip",
                 .caption = "What the vendor asks for one chip of the class."},
       .measures = {chip_price}},
      {.frame = {.id = "hhi",
                 .title = "Concentration: Herfindahl-Hirschman index",
                 .unit = "points, 0 to 10,000",
                 .caption =
                     "Lines: 1,800 and 2,500, above which the US merger guidelines of 1992 and 2023, and those of "
                     "2010, speak of a highly concentrated market.",
                 .has_common_scale = true,
                 .lines = {{1800, "1,800"}, {2500, "2,500"}}},
       .measures = {hhi_fleet, hhi_revenue}},
      {.frame = {.id = "cr4",
                 .title = "Concentration: the four largest owners",
                 .unit = "share of the four largest",
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {cr4_fleet, cr4_revenue}},
      {.frame = {.id = "utilisation",
                 .title = "Utilisation",
                 .unit = "share of the fleet that is rented",
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {world_utilisation, utilisation}},
      {.frame = {.id = "fleet-share",
                 .title = "Fleets by region",
                 .unit = "share of the world fleet",
                 .caption = "Mean over the paths.",
                 .kind = FigureKind::stack,
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {fleet_share}},
      {.frame = {.id = "owner-share",
                 .title = "Fleets by owner",
                 .unit = "share of the world fleet",
                 .caption =
                     "Mean over the paths; the seven owners that are largest at the end where there are more than "
                     "eight.",
                 .kind = FigureKind::stack,
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {owner_share}},
      {.frame = {.id = "power-share",
                 .title = "Power drawn by the fleet",
                 .unit = "share of the power available",
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {power_share}},
      {.frame = {.id = "power-bound",
                 .title = "Power binds",
                 .unit = "share of the paths",
                 .caption = "Paths on which power or parts keep delivered chips from being installed in that month.",
                 .kind = FigureKind::line,
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {power_bound}},
      {.frame = {.id = "price-war",
                 .title = "Price wars",
                 .unit = "share of the paths",
                 .caption = "Paths on which the region is in a price war in that month.",
                 .kind = FigureKind::line,
                 .in_percent = true,
                 .has_common_scale = true},
       .measures = {price_war}},
      {.frame = {.id = "exits",
                 .title = "Exits",
                 .unit = "firms",
                 .caption = "Firms that have left since the start, and firms still in the market; members of a fringe "
                            "counted."},
       .measures = {exits, firms}},
  };
}

/// How far the numbers of a panel are from 0.
double reach_of(const Panel& panel) {
  double reach = 0;
  for (const Curve& curve : panel.curves)
    for (const Column& column : curve.columns)
      for (const double value : column.values)
        if (std::isfinite(value)) reach = std::max(reach, std::abs(value));
  return reach;
}

}  // namespace

void settle_scale(Figure& figure) {
  double least = std::numeric_limits<double>::infinity(), largest = 0;
  for (const Panel& panel : figure.panels) {
    const double reach = reach_of(panel);
    if (reach > 0) least = std::min(least, reach);
    largest = std::max(largest, reach);
  }
  if (largest > most_apart * least) figure.has_common_scale = false;
}

std::string name_of(FigureKind kind) {
  return kind == FigureKind::fan ? "fan" : kind == FigureKind::line ? "line" : "stack";
}

std::vector<std::string> figure_ids() {
  std::vector<std::string> ids;
  for (const FigurePlan& plan : figure_plans()) ids.push_back(plan.frame.id);
  return ids;
}

std::vector<Figure> make_figures(Results results) {
  std::vector<Figure> figures;
  for (FigurePlan& plan : figure_plans()) {
    const bool is_stack = plan.frame.kind == FigureKind::stack;
    Figure figure = is_stack ? stack_figure(results, std::move(plan)) : element_figure(results, std::move(plan));
    if (figure.panels.empty()) continue;
    settle_scale(figure);
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace chokepoint
