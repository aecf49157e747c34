#pragma once

#include <map>

#include "chokepoint/measure_layout.hpp"
#include "output/netcdf_file.hpp"
#include "output/result_set.hpp"

namespace chokepoint {

/// Dimensions of a result file by id; those of no elements are left out.
struct ResultDimensions {
  int time = -1, quantile = -1, event = -1;
  std::map<Dimension, int> of_measures;
};

/// Defines the dimensions and their coordinates: dates, names, quantile levels.
ResultDimensions add_coordinates(NetcdfWriter& file, const Scenario& scenario);

/// Adds <measure>_mean, <measure>_quantile and so on for every measure.
void add_statistics(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                    const Result& result);

/// Adds <measure>_no_shock: the twin path on which nothing happens by chance.
void add_no_shock(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                  const ReplayedPath& path);

inline constexpr char exact_quantile_variable[] = "exact_quantile";

/// Defines the dimension of the measures with exact quantiles, with their names and units. @returns it
int add_exact_coordinates(NetcdfWriter& file, const Scenario& scenario, const ExactQuantiles& exact);

/// Adds exact_quantile and the number of paths that each rests on.
void add_exact_quantiles(NetcdfWriter& file, const ResultDimensions& dimensions, int measures,
                         const ExactQuantiles& exact);

/// Adds probabilities, first passages and recoveries of the events.
void add_events(NetcdfWriter& file, const ResultDimensions& dimensions, const Result& result);

}  // namespace chokepoint
