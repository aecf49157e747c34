#pragma once

#include "output/output_folder.hpp"
#include "results/result_set.hpp"
#include "results/summary.hpp"

namespace chokepoint {

/// Writes all files; the folder is still to be published. @throws OutputError, std::bad_alloc
void write_results(const ResultSet& set, const Summary& summary, const OutputFolder& folder);

}  // namespace chokepoint
