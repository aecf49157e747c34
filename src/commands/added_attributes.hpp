#pragma once

#include "results/result_netcdf.hpp"

namespace chokepoint {

/// Reports on stderr which attributes others have added to a result; nothing that is made from it contains them.
void name_added_attributes(const StoredResult& result);

/// Warns of a result that carries no checksums: one of file format 1, or one from which somebody removed them.
void warn_of_unvouched(const StoredResult& result);

}  // namespace chokepoint
