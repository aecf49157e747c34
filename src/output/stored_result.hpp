#pragma once

#include <string>

#include "output/result_netcdf.hpp"

/// Results of earlier runs, read back. Whatever is wrong with one is told by UsageError, which names it.
namespace chokepoint {

/// @param place a result folder, or the result.nc in it
StoredResult read_stored_result(const std::string& place);

/// The scenario that a result was made from, as this version reads it; refused where another version made it.
Scenario stored_scenario(const StoredResult& result);

/// All of a result again, statistics and twin path computed from its tallies.
ResultSet read_result_set(const std::string& place);

}  // namespace chokepoint
