#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "report/figures.hpp"

/// Every figure as files: its numbers as CSV, and its picture as PNG and SVG, drawn by gnuplot.
namespace chokepoint {

/// Names of all files that a folder of figures may hold, whatever was drawn.
const std::vector<std::string>& figure_file_names();

/// The numbers of a figure: a line a panel, curve and month.
std::string figure_csv(const Figure& figure, const Scenario& calendar);

/// A gnuplot script that draws every figure into `folder`, as <id>.png and <id>.svg.
std::string figures_script(std::span<const Figure> figures, const Scenario& calendar,
                           const std::filesystem::path& folder);

/// Writes all files of the figures into an empty or replaceable folder, at once. Without gnuplot, the CSV files alone.
/// @return whether pictures were drawn
/// @throws UsageError where the folder may not be replaced; OutputError
bool write_figures(std::span<const Figure> figures, const Scenario& calendar, const std::filesystem::path& folder,
                   bool force);

}  // namespace chokepoint
