#include "output/result_netcdf_statistics.hpp"

namespace chokepoint {

int add_exact_coordinates(NetcdfWriter& file, const Scenario& scenario, const ExactQuantiles& exact) {
  const std::vector<std::string> all = measure_names(scenario), units = measure_units(scenario);
  std::vector<std::string> names, kept_units;
  for (const int measure : exact.measures) {
    names.push_back(all[static_cast<std::size_t>(measure)]);
    kept_units.push_back(units[static_cast<std::size_t>(measure)]);
  }
  const int dimension = file.add_dimension("exact_measure", names.size());
  file.add("exact_measure", {dimension}, names, {{"long_name", "measure with exact quantiles"}});
  file.add("exact_measure_unit", {dimension}, kept_units, {{"long_name", "unit of the measure"}});
  return dimension;
}

void add_exact_quantiles(NetcdfWriter& file, const ResultDimensions& dimensions, int measures,
                         const ExactQuantiles& exact) {
  std::vector<double> quantiles;
  std::vector<std::uint64_t> defined;
  for (const ExactStatistic& statistic : exact.statistics) {
    quantiles.insert(quantiles.end(), statistic.quantile.begin(), statistic.quantile.end());
    defined.push_back(statistic.defined);
  }
  file.add(exact_quantile_variable, {dimensions.time, measures, dimensions.quantile}, quantiles,
           {{"long_name", "quantiles over the paths, from all values: Hyndman and Fan's seventh definition"}});
  file.add("exact_defined", {dimensions.time, measures}, defined,
           {{"long_name", "paths on which the measure is defined"}, {"units", "1"}});
}

}  // namespace chokepoint
