#include <algorithm>

#include "chokepoint/market/measure.hpp"
#include "results/calendar.hpp"
#include "results/result_netcdf_statistics.hpp"

namespace chokepoint {
namespace {

/// A dimension of elements with names.
struct Axis {
  const char* name;
  const char* meaning;
  std::vector<std::string> (*elements)(const Scenario&);
};

std::vector<std::string> layers(const Scenario& scenario) {
  return element_names(scenario, Dimension::layer);
}

std::vector<std::string> links(const Scenario& scenario) {
  return element_names(scenario, Dimension::link);
}

const Axis region = {"region", "region", region_names};
const Axis chip = {"chip", "chip class", chip_names};
const Axis segment = {"segment", "demand segment", segment_names};
const Axis owner = {"owner", "owner of capacity", owner_names};
const Axis export_class = {"export_class", "class of chips under export control", export_class_names};
const Axis layer = {"layer", "layer from the chip vendor to the user", layers};
const Axis link = {"link", "two neighbouring layers", links};
const Axis event = {"event", "event", event_names};

/// The axes of the measures of a dimension, in the order of their elements (measure_layout.hpp).
struct DimensionAxes {
  Dimension dimension;
  std::vector<const Axis*> axes;
};

const std::vector<DimensionAxes>& axes_of_measures() {
  static const std::vector<DimensionAxes> table = {
      {Dimension::region, {&region}},   {Dimension::market, {&region, &chip}},
      {Dimension::chip_class, {&chip}}, {Dimension::segment, {&segment}},
      {Dimension::owner, {&owner}},     {Dimension::export_region, {&export_class, &region}},
      {Dimension::layer, {&layer}},     {Dimension::link, {&link}},
  };
  return table;
}

int add_time(NetcdfWriter& file, const Scenario& scenario) {
  std::vector<double> days;
  for (int month = 0; month < scenario.months; ++month) days.push_back(days_since_start(scenario, month));
  return file.add_coordinate("time", days,
                             {{"long_name", "first day of the month"},
                              {"standard_name", "time"},
                              {"axis", "T"},
                              {"units", "days since " + date_text(scenario, 0)},
                              {"calendar", "proleptic_gregorian"}});
}

/// Defines each axis once. @returns -1 for an axis without elements: a dimension of length 0 would be an unlimited one
class AxesInFile {
 public:
  AxesInFile(NetcdfWriter& file, const Scenario& scenario) : file_(file), scenario_(scenario) {}
  int add(const Axis& axis) {
    const auto found = dimensions_.find(&axis);
    if (found != dimensions_.end()) return found->second;
    const std::vector<std::string> names = axis.elements(scenario_);
    const int dimension = names.empty() ? -1 : file_.add_coordinate(axis.name, names, {{"long_name", axis.meaning}});
    return dimensions_[&axis] = dimension;
  }

 private:
  NetcdfWriter& file_;
  const Scenario& scenario_;
  std::map<const Axis*, int> dimensions_;
};

}  // namespace

ResultDimensions add_coordinates(NetcdfWriter& file, const Scenario& scenario) {
  ResultDimensions out;
  AxesInFile axes(file, scenario);
  out.time = add_time(file, scenario);
  for (const DimensionAxes& entry : axes_of_measures()) {
    NetcdfWriter::Dimensions dimensions;
    for (const Axis* axis : entry.axes) dimensions.push_back(axes.add(*axis));
    if (std::count(dimensions.begin(), dimensions.end(), -1) == 0) out.of_measures[entry.dimension] = dimensions;
  }
  out.quantile = file.add_coordinate("quantile", std::vector<double>(quantile_levels.begin(), quantile_levels.end()),
                                     {{"long_name", "share of paths at or below the value"}, {"units", "1"}});
  out.event = axes.add(event);
  return out;
}

}  // namespace chokepoint
