#include "output/calendar.hpp"
#include "output/result_netcdf_statistics.hpp"

namespace chokepoint {
namespace {

struct DimensionName {
  Dimension dimension;
  const char* name;
  const char* meaning;
};

constexpr DimensionName dimension_names[] = {
    {Dimension::region, "region", "region"},
    {Dimension::market, "market", "rental market: region and chip class"},
    {Dimension::chip_class, "chip", "chip class"},
    {Dimension::segment, "segment", "demand segment"},
    {Dimension::owner, "owner", "owner of capacity"},
    {Dimension::export_region, "export_region", "export class and region of destination"},
    {Dimension::layer, "layer", "layer from the chip vendor to the user"},
    {Dimension::link, "link", "two neighbouring layers"},
};

int add_named(NetcdfWriter& file, const std::string& name, const std::string& meaning,
              const std::vector<std::string>& names) {
  const int dimension = file.add_dimension(name, names.size());
  file.add(name, {dimension}, names, {{"long_name", meaning}});
  return dimension;
}

int add_time(NetcdfWriter& file, const Scenario& scenario) {
  std::vector<double> days;
  for (int month = 0; month < scenario.months; ++month) days.push_back(days_since_start(scenario, month));
  const int time = file.add_dimension("time", days.size());
  file.add("time", {time}, days,
           {{"long_name", "first day of the month"},
            {"standard_name", "time"},
            {"axis", "T"},
            {"units", "days since " + date_text(scenario, 0)},
            {"calendar", "proleptic_gregorian"}});
  return time;
}

/// The names of a pair once more, apart: market "cn,h200" has market_region "cn" and market_chip "h200".
void add_pair_parts(NetcdfWriter& file, int dimension, const std::string& name, const std::vector<std::string>& pairs,
                    const std::string& first, const std::string& second) {
  std::vector<std::string> firsts, seconds;
  for (const std::string& pair : pairs) {
    firsts.push_back(pair.substr(0, pair.find(',')));
    seconds.push_back(pair.substr(pair.find(',') + 1));
  }
  file.add(name + "_" + first, {dimension}, firsts, {{"long_name", first + " of the " + name}});
  file.add(name + "_" + second, {dimension}, seconds, {{"long_name", second + " of the " + name}});
}

}  // namespace

ResultDimensions add_coordinates(NetcdfWriter& file, const Scenario& scenario) {
  ResultDimensions out;
  out.time = add_time(file, scenario);
  for (const DimensionName& entry : dimension_names) {
    const std::vector<std::string> names = element_names(scenario, entry.dimension);
    if (names.empty()) continue;  // a dimension of length 0 would be an unlimited one
    const int dimension = add_named(file, entry.name, entry.meaning, names);
    out.of_measures[entry.dimension] = dimension;
    if (entry.dimension == Dimension::market) add_pair_parts(file, dimension, entry.name, names, "region", "chip");
    if (entry.dimension == Dimension::export_region)
      add_pair_parts(file, dimension, entry.name, names, "class", "destination");
  }
  out.quantile = file.add_dimension("quantile", quantile_levels.size());
  file.add("quantile", {out.quantile}, std::vector<double>(quantile_levels.begin(), quantile_levels.end()),
           {{"long_name", "share of paths at or below the value"}, {"units", "1"}});
  if (!scenario.events.empty()) out.event = add_named(file, "event", "event", event_names(scenario));
  return out;
}

}  // namespace chokepoint
