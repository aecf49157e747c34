#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figure_files.hpp"
#include "report/gnuplot.hpp"

namespace chokepoint {
namespace {

constexpr int panel_width = 330, panel_height = 240, title_height = 44;
/// Okabe and Ito's colours, darkened for thin lines; stacks go from dark to light. As in assets/page.css.
constexpr const char* curve_colours[] = {"#0a6aa8", "#c2500a", "#00805f", "#a8457f", "#8a6d00", "#3d4650"};
constexpr const char* part_colours[] = {"#123c5a", "#1c6490", "#3f8fb8", "#7fb6cf",
                                        "#b5d3da", "#d9dcc3", "#d3b97e", "#a98a4d"};

std::string curve_colour(std::size_t k) {
  return curve_colours[k % std::size(curve_colours)];
}

std::size_t grid_columns(const Figure& figure) {
  return figure.panels.size() <= 2 ? figure.panels.size() : figure.panels.size() == 3 ? 3 : 4;
}

/// Shares are drawn in percent.
double unit_of(const Figure& figure) {
  return figure.in_percent ? 100 : 1;
}

/// Differences of shares are percentage points, which their unit says.
bool has_percent_sign(const Figure& figure) {
  return figure.in_percent && !figure.unit.starts_with("percentage points");
}

/// Panels of one or two are drawn larger.
int scale_of(const Figure& figure) {
  return figure.panels.size() <= 2 ? 150 : 100;
}

/// All numbers of some panels, from 0 as far as they reach.
std::pair<double, double> reach_of(std::span<const Panel> panels) {
  std::pair<double, double> reach = {0, 0};
  for (const Panel& panel : panels)
    for (const Curve& curve : panel.curves)
      for (const Column& column : curve.columns)
        for (const double value : column.values)
          if (std::isfinite(value)) reach = {std::min(reach.first, value), std::max(reach.second, value)};
  return reach;
}

/// A month on the horizontal axis: the year with its fraction.
double place_of(const Scenario& calendar, double month) {
  return calendar.start.year + (calendar.start.month - 1 + month) / 12.0;
}

/// Where the numbers of a month are drawn: a single month has a width, or nothing would be seen.
std::vector<double> places_of(const Scenario& calendar, int month) {
  constexpr double half_width = 0.3;
  if (calendar.months > 1) return {place_of(calendar, month)};
  return {place_of(calendar, month - half_width), place_of(calendar, month + half_width)};
}

/// A data block: the place of the month, then the columns of a curve. In a stack, sums from below.
std::string data_block(const std::string& name, const Curve& curve, const std::vector<double>& below, double unit,
                       const Scenario& calendar) {
  std::string text = fmt::format("${} << EOD\n", name);
  for (int month = 0; month < calendar.months; ++month) {
    const auto at = static_cast<std::size_t>(month);
    for (const double place : places_of(calendar, month)) {
      text += fmt::format("{:.4f}", place);
      if (!below.empty()) text += fmt::format(" {:.6g}", unit * below[at]);
      for (const Column& column : curve.columns)
        text +=
            std::isfinite(column.values[at]) ? fmt::format(" {:.6g}", unit * column.values[at]) : std::string(" NaN");
      text += "\n";
    }
  }
  return text + "EOD\n";
}

struct PanelScript {
  std::string data;
  std::vector<std::string> plots;
};

PanelScript stack_script(const Panel& panel, const Scenario& calendar, const std::string& prefix) {
  PanelScript out;
  std::vector<double> below(static_cast<std::size_t>(calendar.months), 0.0);
  for (std::size_t k = 0; k < panel.curves.size(); ++k) {
    const std::string name = prefix + std::to_string(k);
    out.data += data_block(name, panel.curves[k], below, 100, calendar);
    out.plots.push_back(fmt::format("${} using 1:2:($2+$3) with filledcurves lc rgb '{}' fs solid 1 noborder title {}",
                                    name, part_colours[k % std::size(part_colours)],
                                    gnuplot_label(panel.curves[k].label)));
    for (std::size_t month = 0; month < below.size(); ++month) below[month] += panel.curves[k].columns[0].values[month];
  }
  return out;
}

std::vector<std::string> curve_plots(const Figure& figure, const Curve& curve, const std::string& name, std::size_t k,
                                     bool is_alone) {
  const std::string colour = curve_colour(k), title = is_alone ? "notitle" : "title " + gnuplot_label(curve.label);
  if (figure.kind == FigureKind::line)
    return {fmt::format("${} using 1:2 with lines lw 1.8 dt {} lc rgb '{}' {}", name, k + 1, colour, title)};
  std::vector<std::string> plots = {fmt::format(
      "${} using 1:2:6 with filledcurves lc rgb '{}' fs transparent solid 0.15 noborder notitle", name, colour)};
  if (is_alone)
    plots.push_back(fmt::format(
        "${} using 1:3:5 with filledcurves lc rgb '{}' fs transparent solid 0.3 noborder notitle", name, colour));
  plots.push_back(fmt::format("${} using 1:4 with lines lw 1.8 dt {} lc rgb '{}' {}", name, k + 1, colour, title));
  if (curve.columns.size() > 5)
    plots.push_back(fmt::format("${} using 1:7 with lines lw 1 dt 2 lc rgb '#333333' notitle", name));
  return plots;
}

/// Place of a curve's label among all of the figure, so that a scenario keeps its colour where it lacks a panel.
std::size_t order_of(const Figure& figure, const std::string& label) {
  std::vector<std::string> labels;
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves)
      if (std::find(labels.begin(), labels.end(), curve.label) == labels.end()) labels.push_back(curve.label);
  return static_cast<std::size_t>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

PanelScript curves_script(const Figure& figure, const Panel& panel, const Scenario& calendar,
                          const std::string& prefix) {
  PanelScript out;
  const bool is_alone =
      std::all_of(figure.panels.begin(), figure.panels.end(), [](const Panel& one) { return one.curves.size() == 1; });
  for (const Curve& curve : panel.curves) {
    const std::size_t k = order_of(figure, curve.label);
    const std::string name = prefix + std::to_string(k);
    out.data += data_block(name, curve, {}, unit_of(figure), calendar);
    for (std::string& plot : curve_plots(figure, curve, name, k, is_alone)) out.plots.push_back(std::move(plot));
  }
  for (const ReferenceLine& line : figure.lines)
    out.plots.push_back(fmt::format("{} with lines lw 1 dt 3 lc rgb '#333333' notitle", line.value));
  return out;
}

std::string range_of(const Figure& figure, const Panel& panel) {
  if (figure.kind == FigureKind::stack) return "[0:100]";
  const std::span<const Panel> panels = figure.has_common_scale ? std::span(figure.panels) : std::span(&panel, 1);
  auto [bottom, top] = reach_of(panels);
  for (const ReferenceLine& line : figure.lines) top = std::max(top, line.value);
  const double unit = 1.05 * unit_of(figure);
  return fmt::format("[{:.6g}:{:.6g}]", unit * bottom, top > 0 ? unit * top : 1.0);
}

std::string panel_script(const Figure& figure, const Panel& panel, const Scenario& calendar, std::size_t at) {
  const std::string prefix = fmt::format("p{}c", at);
  const PanelScript script = figure.kind == FigureKind::stack ? stack_script(panel, calendar, prefix)
                                                              : curves_script(figure, panel, calendar, prefix);
  const std::string title =
      panel.detail.empty() || panel.detail.size() > 20 ? panel.title : panel.title + ": " + panel.detail;
  std::string text = script.data + fmt::format("set title {} left offset -3,-0.4\nset yrange {}\nplot ",
                                               gnuplot_label(title), range_of(figure, panel));
  for (std::size_t k = 0; k < script.plots.size(); ++k) text += (k == 0 ? "" : ", \\\n  ") + script.plots[k];
  return text + "\n";
}

/// Months from before the first to after the last that is drawn.
std::pair<double, double> calendar_range(const Scenario& calendar) {
  const double margin = calendar.months > 1 ? 0 : 0.5;
  return {place_of(calendar, -margin), place_of(calendar, calendar.months - 1 + margin)};
}

/// Shades behind the curves for the months of dated shocks; a line where one begins that lasts.
std::string shades(std::span<const ShockSpan> shocks, const Scenario& calendar) {
  std::string text;
  const auto [first, last] = calendar_range(calendar);
  for (const ShockSpan& shock : shocks) {
    const double from = std::max(place_of(calendar, shock.first - 0.5), first);
    const double to = std::min(place_of(calendar, shock.end - 0.5), last);
    text += shock.is_open ? fmt::format(
                                "set arrow from first {0:.4f}, graph 0 to first {0:.4f}, graph 1 nohead lc rgb "
                                "'#8a949e' lw 1 dt 4 back\n",
                                from)
                          : fmt::format(
                                "set object rectangle from first {:.4f}, graph 0 to first {:.4f}, graph 1 fc rgb "
                                "'#e3d9b8' fs solid 0.5 noborder behind\n",
                                from, to);
  }
  return text;
}

std::string unit_text(const Figure& figure) {
  const bool has_own_scales = figure.kind != FigureKind::stack && figure.panels.size() > 1 && !figure.has_common_scale;
  return figure.unit + (has_own_scales ? " (scales differ)" : "");
}

std::string figure_script(const Figure& figure, std::span<const ShockSpan> shocks, const Scenario& calendar,
                          const std::string& terminal, const std::filesystem::path& file) {
  const std::size_t columns = grid_columns(figure), rows = (figure.panels.size() + columns - 1) / columns;
  const int width = panel_width * scale_of(figure) / 100 * static_cast<int>(columns);
  const int height = panel_height * scale_of(figure) / 100 * static_cast<int>(rows) + title_height;
  const auto [first, last] = calendar_range(calendar);
  std::string text = fmt::format(
      "reset\nset terminal {} size {},{} font 'DejaVu Sans,9' noenhanced\nset output {}\n"
      "set multiplot layout {},{} title {} font 'DejaVu Sans,11'\n"
      "set border 3 lc rgb '#8a949e'\nset tics nomirror scale 0.6\nset grid ytics lt 1 lc rgb '#e3e7ea'\nset xtics {}\n"
      "set format x '%.0f'\nset format y '{}'\nset xrange [{:.4f}:{:.4f}]\nset key below center horizontal samplen "
      "2\n{}",
      terminal, width, height, gnuplot_text(file.string()), rows, columns,
      gnuplot_label(figure.title + ", " + unit_text(figure)), figure.kind == FigureKind::stack && columns > 1 ? 2 : 1,
      has_percent_sign(figure) ? "%g %%" : "%g", first, last,
      figure.kind == FigureKind::stack ? "set key outside right center reverse Left invert\n" : "");
  text += shades(shocks, calendar);
  for (std::size_t k = 0; k < figure.panels.size(); ++k) text += panel_script(figure, figure.panels[k], calendar, k);
  return text + "unset multiplot\nunset output\n";
}

}  // namespace

std::string figures_script(std::span<const Figure> figures, std::span<const ShockSpan> shocks, const Scenario& calendar,
                           const std::filesystem::path& folder) {
  std::string text = "set encoding utf8\n";
  for (const Figure& figure : figures)
    for (const auto& [terminal, ending] : {std::pair{"pngcairo", ".png"}, std::pair{"svg", ".svg"}})
      text += figure_script(figure, shocks, calendar, terminal, folder / (figure.id + ending));
  return text;
}

}  // namespace chokepoint
