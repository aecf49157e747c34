#pragma once

#include "output/output_folder.hpp"
#include "output/result_set.hpp"
#include "output/summary.hpp"

namespace chokepoint {

inline constexpr char summary_file[] = "summary.json";

/// Names of the files that a result may consist of, the page of `report` included; the manifest comes with the folder.
const std::vector<std::string>& result_file_names();

/// Writes all files; the folder is still to be published. @throws OutputError, std::bad_alloc
void write_results(const ResultSet& set, const Summary& summary, const OutputFolder& folder);

}  // namespace chokepoint
