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

/// Adds probabilities, first passages and recoveries of the events.
void add_events(NetcdfWriter& file, const ResultDimensions& dimensions, const Result& result);

}  // namespace chokepoint
