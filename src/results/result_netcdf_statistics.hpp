#pragma once

#include <map>

#include "output/netcdf_file.hpp"
#include "results/result_set.hpp"
#include "scenario/measure_layout.hpp"

/// The variables of a result.nc that hold statistics, and how they are read back. One table of fields serves both.
namespace chokepoint {

/// Dimensions of a group by id; those of no elements are left out.
struct ResultDimensions {
  int time = -1, quantile = -1, event = -1;
  /// One of a measure's dimension, but two for pairs: region and chip, export class and region.
  std::map<Dimension, NetcdfWriter::Dimensions> of_measures;
};

/// Defines the dimensions and their coordinates in the group: dates, names, quantile levels.
ResultDimensions add_coordinates(NetcdfWriter& file, const Scenario& scenario);

/// Time, and the dimensions of the measure: the shape of <measure>_mean.
NetcdfWriter::Dimensions dimensions_of(const MeasureBlock& block, const ResultDimensions& dimensions);

/// What CF and people want to know of a variable. @param unit as in measure_table
NetcdfWriter::Attributes described(const std::string& long_name, const std::string& unit);

/// Those of a variable of a measure: its meaning, and what of it the variable holds.
NetcdfWriter::Attributes attributes_of(const MeasureBlock& block, const std::string& what);

/// Measures that have elements.
std::vector<MeasureBlock> blocks_of(const Scenario& scenario);

/// Adds <measure>_mean, <measure>_quantile and so on for every measure.
void add_statistics(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                    const Result& result);

/// Adds <measure>_no_shock: the twin path on which nothing happens by chance.
void add_no_shock(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                  const ReplayedPath& path);

/// Ends of the names of the variables with exact quantiles and with the number of paths behind them.
inline constexpr char exact_quantile_suffix[] = "_exact_quantile", exact_defined_suffix[] = "_exact_defined";

/// Adds <measure>_exact_quantile and _exact_defined for the measures that have them, missing for elements that have
/// not.
void add_exact_quantiles(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                         const ExactQuantiles& exact);

/// Adds probabilities, first passages and recoveries of the events.
void add_events(NetcdfWriter& file, const ResultDimensions& dimensions, const Result& result);

/// All statistics of a group, [months][measures]. What a file of another version does not hold is nowhere defined.
/// @param group empty for the root @throws UsageError where a variable has another shape than the scenario
std::vector<Statistic> read_statistics(const NetcdfReader& file, const std::string& group, const Scenario& scenario);

ReplayedPath read_no_shock(const NetcdfReader& file, const Scenario& scenario);

/// @param paths that the group is about
std::vector<EventResult> read_events(const NetcdfReader& file, const std::string& group, const Scenario& scenario,
                                     std::uint64_t paths);

}  // namespace chokepoint
