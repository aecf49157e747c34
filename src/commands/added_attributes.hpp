#pragma once

#include "results/result_netcdf.hpp"

namespace chokepoint {

/// Says on stderr which attributes others have added to a result: they are kept out of whatever is made from it.
void name_added_attributes(const StoredResult& result);

/// Warns of a result that carries no checksums: one of file format 1, or one that was stripped of all that says more.
void warn_of_unvouched(const StoredResult& result);

}  // namespace chokepoint
