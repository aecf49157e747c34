#include <chrono>

#include "commands/compare_print.hpp"
#include "commands/compare_view.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

int add_time(NetcdfWriter& file, const ScenarioPair& pair) {
  using namespace std::chrono;
  const year_month start = year(pair.start.year) / month(static_cast<unsigned>(pair.start.month));
  std::vector<double> days;
  for (int k = 0; k < pair.months(); ++k)
    days.push_back(static_cast<double>((sys_days((start + months(k)) / 1) - sys_days(start / 1)).count()));
  const int time = file.add_dimension("time", days.size());
  file.add("time", {time}, days,
           {{"long_name", "first day of the month"},
            {"standard_name", "time"},
            {"axis", "T"},
            {"units", "days since " + month_text(pair, 0) + "-01"},
            {"calendar", "proleptic_gregorian"}});
  return time;
}

int add_measures(NetcdfWriter& file, const ScenarioPair& pair) {
  std::vector<std::string> names, units, worse;
  for (const ComparedMeasure& measure : pair.measures) {
    names.push_back(measure.name);
    units.push_back(measure_table[static_cast<int>(measure.measure)].unit);
    worse.push_back(worse_text(measure.measure));
  }
  const int dimension = file.add_dimension("measure", names.size());
  file.add("measure", {dimension}, names, {{"long_name", "measure and element"}});
  file.add("unit", {dimension}, units, {{"long_name", "unit of differences and means"}});
  file.add("worse", {dimension}, worse, {{"long_name", "direction that is worse for those who buy compute"}});
  return dimension;
}

void add_pair(NetcdfWriter& file, const ScenarioPair& pair) {
  const int time = add_time(file, pair), measure = add_measures(file, pair);
  for (const ContrastColumn& column : contrast_columns()) {
    std::vector<double> values;
    for (int k = 0; k < pair.all.measures; ++k)
      for (int month = 0; month < pair.months(); ++month) values.push_back(column.value(pair.all.at(month, k)));
    file.add(column.name, {measure, time}, values, {{"long_name", column.meaning}});
  }
}

}  // namespace

std::string comparison_netcdf(const ComparisonReport& report) {
  const Provenance from = report.provenance();
  NetcdfWriter file(comparison_netcdf_file);
  file.add_attribute("Conventions", "CF-1.10");
  file.add_attribute("base", report.base().label);
  file.add_attribute("base_config_hash", report.base().scenario.text_hash);
  for (const auto& [name, value] : facts_of(from))
    if (name != "scenario" && name != "config_hash") file.add_attribute(name, value);
  file.add_attribute("seed", from.seed);
  file.add_attribute("first_path", from.first_path);
  file.add_attribute("paths", from.paths);
  for (const ScenarioPair& pair : report.comparison.pairs) {
    file.enter_group(std::to_string(pair.other));
    file.add_attribute("scenario", report.other(pair).label);
    file.add_attribute("config_hash", report.other(pair).scenario.text_hash);
    file.add_attribute("digest", pair.all.digest);
    file.add_attribute("unsolved_paths", pair.unsolved_paths);
    add_pair(file, pair);
  }
  return file.finish();
}

}  // namespace chokepoint
