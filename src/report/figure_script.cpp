#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figure_files.hpp"
#include "report/gnuplot.hpp"
#include "report/picture_layout.hpp"

namespace chokepoint {
namespace {

/// Okabe and Ito's colours, darkened for thin lines; stacks go from dark to light. As in assets/page.css.
constexpr const char* curve_colours[] = {"#0a6aa8", "#c2500a", "#00805f", "#a8457f", "#8a6d00", "#3d4650"};
constexpr const char* part_colours[] = {"#123c5a", "#1c6490", "#3f8fb8", "#7fb6cf",
                                        "#b5d3da", "#d9dcc3", "#d3b97e", "#a98a4d"};

constexpr char no_shock_style[] = "with lines lw 1 dt 2 lc rgb '#333333'";
constexpr char reference_style[] = "with lines lw 1 dt 3 lc rgb '#333333'";

std::string curve_colour(std::size_t k) {
  return curve_colours[k % std::size(curve_colours)];
}

std::string part_style(std::size_t k) {
  return fmt::format("with filledcurves lc rgb '{}' fs solid 1 noborder", part_colours[k % std::size(part_colours)]);
}

std::string line_style(std::size_t k) {
  return fmt::format("with lines lw 1.8 dt {} lc rgb '{}'", k + 1, curve_colour(k));
}

std::string narrow_style(std::size_t k) {
  return fmt::format("with filledcurves lc rgb '{}' fs transparent solid 0.3 noborder", curve_colour(k));
}

/// Fainter where bands of several curves lie over each other.
std::string wide_style(std::size_t k, bool is_alone) {
  return fmt::format("with filledcurves lc rgb '{}' fs transparent solid {} noborder", curve_colour(k),
                     is_alone ? 0.15 : 0.07);
}

/// Shares are drawn in percent.
double unit_of(const Figure& figure) {
  return figure.in_percent ? 100 : 1;
}

/// Differences of shares are percentage points, which their unit says.
bool has_percent_sign(const Figure& figure) {
  return figure.in_percent && !figure.unit.starts_with("percentage points");
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

/// Place of a curve's label among all of the figure, so that it keeps its colour where others lack a panel.
std::size_t order_of(const Figure& figure, const std::string& label) {
  const std::vector<std::string> labels = labels_of(figure);
  return static_cast<std::size_t>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

PanelScript stack_script(const Figure& figure, const Panel& panel, const Scenario& calendar,
                         const std::string& prefix) {
  PanelScript out;
  std::vector<double> below(static_cast<std::size_t>(calendar.months), 0.0);
  for (const Curve& curve : panel.curves) {
    const std::size_t k = order_of(figure, curve.label);
    const std::string name = prefix + std::to_string(k);
    out.data += data_block(name, curve, below, 100, calendar);
    out.plots.push_back(fmt::format("${} using 1:2:($2+$3) {} notitle", name, part_style(k)));
    for (std::size_t month = 0; month < below.size(); ++month) below[month] += curve.columns[0].values[month];
  }
  return out;
}

/// Bands below, lines above them.
void add_curve(PanelScript& out, const Figure& figure, const Curve& curve, const std::string& name, std::size_t k) {
  if (figure.kind == FigureKind::line) {
    out.plots.push_back(fmt::format("${} using 1:2 {} notitle", name, line_style(k)));
    return;
  }
  const bool is_alone = labels_of(figure).size() == 1;
  out.plots.insert(out.plots.begin(), fmt::format("${} using 1:2:6 {} notitle", name, wide_style(k, is_alone)));
  if (is_alone) out.plots.push_back(fmt::format("${} using 1:3:5 {} notitle", name, narrow_style(k)));
  out.plots.push_back(fmt::format("${} using 1:4 {} notitle", name, line_style(k)));
  if (curve.columns.size() > 5) out.plots.push_back(fmt::format("${} using 1:7 {} notitle", name, no_shock_style));
}

PanelScript curves_script(const Figure& figure, const Panel& panel, const Scenario& calendar,
                          const std::string& prefix) {
  PanelScript out;
  for (const Curve& curve : panel.curves) {
    const std::size_t k = order_of(figure, curve.label);
    const std::string name = prefix + std::to_string(k);
    out.data += data_block(name, curve, {}, unit_of(figure), calendar);
    add_curve(out, figure, curve, name, k);
  }
  for (const ReferenceLine& line : figure.lines)
    out.plots.push_back(fmt::format("{} {} notitle", line.value, reference_style));
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

std::string panel_script(const Figure& figure, const Panel& panel, const Scenario& calendar,
                         const PictureLayout& layout, std::size_t at) {
  const std::string prefix = fmt::format("p{}c", at);
  const PanelScript script = figure.kind == FigureKind::stack ? stack_script(figure, panel, calendar, prefix)
                                                              : curves_script(figure, panel, calendar, prefix);
  const std::string title =
      panel.detail.empty() || panel.detail.size() > 20 ? panel.title : panel.title + ": " + panel.detail;
  return fmt::format("{}set title {} offset 0,-0.5\n{}set yrange {}\nplot {}\n", script.data,
                     gnuplot_label(title, layout.title_letters()), layout.panel_margins(at), range_of(figure, panel),
                     fmt::join(script.plots, ", \\\n  "));
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

/// "1,800 and 2,500 points"; empty where the lines need no name.
std::string reference_names(const Figure& figure) {
  std::string names;
  for (const ReferenceLine& line : figure.lines)
    if (!line.label.empty()) names += (names.empty() ? "" : " and ") + line.label;
  return names.empty() ? names : names + " " + figure.unit.substr(0, figure.unit.find(','));
}

/// What the picture draws, once: names of curves or parts, bands, and what is dashed or dotted.
std::vector<LegendEntry> legend_of(const Figure& figure) {
  std::vector<LegendEntry> legend;
  const std::vector<std::string> labels = labels_of(figure);
  const bool is_alone = labels.size() == 1, is_stack = figure.kind == FigureKind::stack;
  if (is_stack || !is_alone)
    for (std::size_t k = 0; k < labels.size(); ++k)
      legend.push_back({is_stack ? part_style(k) : line_style(k), labels[k]});
  if (figure.kind == FigureKind::fan) {
    if (is_alone) legend.push_back({line_style(0), "median"});
    if (is_alone) legend.push_back({narrow_style(0), "25 to 75 % of the paths"});
    legend.push_back({wide_style(0, is_alone), "5 to 95 % of the paths"});
    if (figure.panels[0].curves[0].columns.size() > 5) legend.push_back({no_shock_style, "no shocks"});
  }
  if (const std::string references = reference_names(figure); !references.empty())
    legend.push_back({reference_style, references});
  return legend;
}

/// A plot of nothing, below the panels, whose key is the legend.
std::string legend_script(const std::vector<LegendEntry>& legend, const PictureLayout& layout) {
  if (legend.empty()) return "";
  std::vector<std::string> plots;
  for (const LegendEntry& entry : legend)
    plots.push_back(fmt::format("NaN {} title {}", entry.style, gnuplot_label(entry.name, longest_legend_name)));
  return fmt::format(
      "unset title\nunset border\nunset tics\nunset grid\nunset arrow\nunset object\n{}"
      "set key center center horizontal Left reverse samplen 2.5 maxcols {}\nplot [0:1] [0:1] {}\n",
      layout.legend_margins(), layout.legend_columns(), fmt::join(plots, ", \\\n  "));
}

std::string figure_script(const Figure& figure, std::span<const ShockSpan> shocks, const Scenario& calendar,
                          const std::string& terminal, const std::filesystem::path& file) {
  const std::vector<LegendEntry> legend = legend_of(figure);
  const PictureLayout layout(figure.panels.size(), legend);
  const auto [first, last] = calendar_range(calendar);
  std::string text = fmt::format(
      "reset\nset terminal {} size {},{} font 'DejaVu Sans,9' noenhanced\nset output {}\n"
      "set multiplot title {} font 'DejaVu Sans,11'\n"
      "set border 3 lc rgb '#8a949e'\nset tics nomirror scale 0.6\nset grid ytics lt 1 lc rgb '#e3e7ea'\n"
      "set xtics {:.0f},{}\nset format x '%.0f'\nset format y '{}'\nset xrange [{:.4f}:{:.4f}]\n",
      terminal, layout.width(), layout.height(), gnuplot_text(file.string()),
      gnuplot_label(figure.title + ", " + unit_text(figure)), std::ceil(first), layout.years_between_tics(last - first),
      has_percent_sign(figure) ? "%g %%" : "%g", first, last);
  text += shades(shocks, calendar);
  for (std::size_t k = 0; k < figure.panels.size(); ++k)
    text += panel_script(figure, figure.panels[k], calendar, layout, k);
  return text + legend_script(legend, layout) + "unset multiplot\nunset output\n";
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
