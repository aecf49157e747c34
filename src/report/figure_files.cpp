#include "report/figure_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output/csv_text.hpp"
#include "output/errors.hpp"
#include "report/differences.hpp"
#include "report/gnuplot.hpp"
#include "results/calendar.hpp"

namespace chokepoint {
namespace {

constexpr char script_file[] = "figures.gp", log_file[] = "gnuplot.log";

std::string csv_cell(double value) {
  return std::isfinite(value) ? fmt::format(",{:.9g}", value) : ",";
}

}  // namespace

const std::vector<std::string>& figure_file_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& ids : {figure_ids(), difference_figure_ids()})
      for (const std::string& id : ids)
        for (const char* ending : {".csv", ".png", ".svg"}) out.push_back(id + ending);
    return out;
  }();
  return names;
}

std::string figure_csv(const Figure& figure, const Scenario& calendar) {
  std::string text = "panel,curve,time";
  for (const Column& column : figure.panels.front().curves.front().columns) text += "," + column.name;
  text += "\n";
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves)
      for (int month = 0; month < calendar.months; ++month) {
        text += csv_field(panel.title) + "," + csv_field(curve.label) + "," + date_text(calendar, month);
        for (const Column& column : curve.columns) text += csv_cell(column.values[static_cast<std::size_t>(month)]);
        text += "\n";
      }
  return text;
}

void check_space(std::span<const Figure> figures, const Scenario& calendar, const OutputFolder& folder) {
  constexpr std::uint64_t block = 4096, pictures = 2;  // a disk gives whole blocks, and each picture fills one at least
  std::uint64_t total = 0, largest = 0;
  for (const Figure& figure : figures) {
    const std::uint64_t bytes = figure_csv(figure, calendar).size();
    total += (bytes + block - 1) / block * block + pictures * block;
    largest = std::max(largest, bytes);
  }
  folder.require_space(total, largest);
}

bool write_figures(std::span<const Figure> figures, std::span<const ShockSpan> shocks, const Scenario& calendar,
                   OutputFolder& folder) {
  for (const Figure& figure : figures) folder.write(figure.id + ".csv", figure_csv(figure, calendar));
  folder.write(script_file, figures_script(figures, shocks, calendar, folder.file("")));
  const bool has_pictures = run_gnuplot(folder.file(script_file), folder.file(log_file));
  for (const char* name : {script_file, log_file}) std::filesystem::remove(folder.file(name));
  if (has_pictures)
    for (const Figure& figure : figures)
      for (const char* ending : {".png", ".svg"}) sync_to_disk(folder.file(figure.id + ending));
  folder.publish();
  return has_pictures;
}

}  // namespace chokepoint
