#pragma once

#include <string>

#include "results/result_netcdf.hpp"

/// Results of earlier runs, read back. Any fault of a result is a UsageError that names it.
namespace chokepoint {

/// The head of a result; the rest is neither read nor checked. Quick.
/// @param place a result folder, or the result.nc in it
StoredResult read_stored_head(const std::string& place);

/// The same after all of the file has been compared with what was written.
StoredResult read_stored_result(const std::string& place);

/// The tallies of a result, after all of its file has been compared with what was written.
/// @param result its head, which is read again: its added attributes are then known
StoredTallies read_stored_tallies(StoredResult& result);

/// The scenario that a result was made from, as this version reads it.
/// @throws UsageError where this version reads it no more
Scenario stored_scenario(const StoredResult& result);

/// Result and statistics as stored in the file: no path is walked again, so results of earlier versions can be used.
struct StoredSet {
  StoredResult head;
  ResultSet set;
};
StoredSet read_result_set(const std::string& place);

}  // namespace chokepoint
