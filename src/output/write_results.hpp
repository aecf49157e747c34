#pragma once

#include "output/output_folder.hpp"
#include "output/result_set.hpp"
#include "output/summary.hpp"

namespace chokepoint {

/// Names of the files of a result, those of later versions included: a folder of these may be replaced.
const std::vector<std::string>& result_file_names();

/// Writes all files and puts the folder in place. @throws OutputError, std::bad_alloc; nothing is left behind then
void write_results(const ResultSet& set, const Summary& summary, OutputFolder& folder);

}  // namespace chokepoint
