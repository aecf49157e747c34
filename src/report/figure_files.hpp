#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "output/output_folder.hpp"
#include "report/figures.hpp"
#include "report/shock_spans.hpp"

/// Every figure as files: its numbers as CSV, and its picture as PNG and SVG, drawn by gnuplot.
namespace chokepoint {

/// Names of all files that a folder of figures may hold, whatever was drawn.
const std::vector<std::string>& figure_file_names();

/// The numbers of a figure: a line a panel, curve and month.
std::string figure_csv(const Figure& figure, const Scenario& calendar);

/// A gnuplot script that draws every figure into `folder`, as <id>.png and <id>.svg. Months of dated shocks are shaded.
std::string figures_script(std::span<const Figure> figures, std::span<const ShockSpan> shocks, const Scenario& calendar,
                           const std::filesystem::path& folder);

/// Refuses figures that do not fit on the disk: their numbers, and the minimum size of pictures. @throws OutputError
void check_space(std::span<const Figure> figures, const Scenario& calendar, const OutputFolder& folder);

/// Writes all files of the figures into a folder that knows figure_file_names(), and publishes it.
/// @returns whether there are pictures: without gnuplot, CSV files alone
/// @throws OutputError; ResourceError where gnuplot fails
bool write_figures(std::span<const Figure> figures, std::span<const ShockSpan> shocks, const Scenario& calendar,
                   OutputFolder& folder);

}  // namespace chokepoint
