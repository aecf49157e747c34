#pragma once

#include "output/result_netcdf.hpp"

namespace chokepoint {

/// Says on stderr which attributes others have added to a result: they are kept out of whatever is made from it.
void name_added_attributes(const StoredResult& result);

}  // namespace chokepoint
