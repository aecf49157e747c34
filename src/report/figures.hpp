#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/result_set.hpp"

/// The figures of a report, as numbers: one description from which the page, the CSV files and the pictures are made.
namespace chokepoint {

/// A result with its name in a report: the name of its scenario, or of its folder if two scenarios have the same name.
struct LabelledResult {
  std::string label;
  ResultSet set;
  bool can_be_walked = true;  ///< whether this version walks the same paths again
};

/// One number a month; NaN where it is not defined.
struct Column {
  std::string name;  ///< "q05", "q25", "median", "q75", "q95", "no_shock"; "value" outside fans
  std::vector<double> values;
};

struct Curve {
  std::string label;  ///< the scenario; in a stack the part
  std::vector<Column> columns;
};

struct Panel {
  std::string title, detail;
  std::vector<Curve> curves;
};

struct ReferenceLine {
  double value;
  std::string label;
};

enum class FigureKind { fan, line, stack };

struct Figure {
  std::string id;  ///< names its files: "regional-price"
  std::string title = {}, unit = {}, caption = {};
  FigureKind kind = FigureKind::fan;
  bool in_percent = false;        ///< shares, shown in percent
  bool has_common_scale = false;  ///< all panels on one vertical scale, unless it would flatten one of them
  std::vector<ReferenceLine> lines = {};
  std::vector<Panel> panels = {};
};

/// Gives each panel its own scale if a common one would flatten some, that is, if the largest value of one panel is
/// more than `most_apart` times that of another.
void settle_scale(Figure& figure);
inline constexpr double most_apart = 4;

/// Gives the parts of a stack one order in all panels, the largest first, and so one colour; of more than `most_parts`,
/// the smallest become one.
void settle_parts(Figure& figure);
inline constexpr std::size_t most_parts = 8;

/// The labels of a figure's curves, each once: the place of one here gives it its colour in all panels.
std::vector<std::string> labels_of(const Figure& figure);

/// The figures of one result, or of several of one calendar laid over each other.
std::vector<Figure> make_figures(std::span<const LabelledResult> results);

/// Names of all figures that there can be.
std::vector<std::string> figure_ids();

/// "fan", "line", "stack".
std::string name_of(FigureKind kind);

}  // namespace chokepoint
