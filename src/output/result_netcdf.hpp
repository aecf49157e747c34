#pragma once

#include "output/output_folder.hpp"
#include "output/result_set.hpp"

/// result.nc: everything about a run in one netCDF-4 file. Root group: statistics of every measure with names as
/// coordinates. Group `solved_only`: the same without paths that have an unsolved month, where there are such. Group
/// `tallies`: what `merge` needs.
namespace chokepoint {

inline constexpr char result_file[] = "result.nc";

/// Writes the file, reopens it from the disk and compares every value. @throws OutputError, std::bad_alloc
void write_result_netcdf(const ResultSet& set, const OutputFolder& folder);

/// The bytes of the file, without writing them.
std::string result_netcdf_bytes(const ResultSet& set);

/// What merge needs of a file.
struct StoredResult {
  std::string path;
  Provenance provenance;
  std::unique_ptr<Tallies> tallies, unsolved_tallies;
  bool has_exact_quantiles = false;
};

/// @throws UsageError where the file is missing, damaged or no result
StoredResult read_result_netcdf(const std::string& path);

}  // namespace chokepoint
