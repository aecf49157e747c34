#pragma once

#include "chokepoint/tally/tallies.hpp"
#include "output/content_checksum.hpp"
#include "output/netcdf_file.hpp"
#include "output/output_folder.hpp"
#include "results/result_set.hpp"

/// result.nc: everything about a run in one netCDF-4 file (docs/results.md). Root group: statistics of every measure
/// with names as coordinates. Group `solved_only`: the same without paths that have an unsolved month, where there are
/// such. Group `tallies`: what `merge` needs. Group `content`: a hash of every item.
namespace chokepoint {

/// Version of the format of the file, which changes where its structure does; docs/results.md says how. Files of
/// earlier formats can be read, those of later ones not.
inline constexpr int result_format = 2;

/// Writes the file, reads it back from the disk and compares every item. @throws OutputError, std::bad_alloc
void write_result_netcdf(const ResultSet& set, const OutputFolder& folder);

/// The bytes of the file, without writing them.
std::string result_netcdf_bytes(const ResultSet& set);

/// The part of a file that describes the run as a whole.
struct StoredResult {
  std::string path;  ///< of the file
  int format_version = 0;
  Provenance provenance;
  std::string digest;
  RunTotals totals;  ///< without first passages; in format 1 also without checksums of the paths and iterations
  bool has_exact_quantiles = false, has_solved_only = false;
  std::vector<std::string> added_attributes;  ///< by others; known once the contents have been checked

  /// Of this format and version: its tallies can be merged, and its paths are those that this program walks.
  bool is_of_this_version() const;
};

/// The variables that a head is read from.
const std::vector<std::string>& variables_of_head();

/// @throws UsageError where the file is damaged, of a later format, or no result
StoredResult read_head(const NetcdfReader& file);

/// Compares all of the file with what was written (content_checksum.hpp). @returns the names of added attributes
/// @throws UsageError where something was changed or removed, or the file is of a later format
std::vector<std::string> check_unchanged(const NetcdfReader& file);

struct StoredTallies {
  TalliesPointer all, unsolved;  ///< unsolved: null where every month of every path was solved
};

/// @throws UsageError where they are damaged, or not those of the head
StoredTallies read_tallies(const NetcdfReader& file, const StoredResult& head);

/// All that a file says, but for its tallies. @param scenario that it was made from
ResultSet read_set(const NetcdfReader& file, const StoredResult& head, Scenario scenario);

}  // namespace chokepoint
