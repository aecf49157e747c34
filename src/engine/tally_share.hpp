#pragma once

#include "chokepoint/engine.hpp"

namespace chokepoint {

/// Share of the time of a CPU engine that tallying takes: of one thread, watched for some tenths of a second.
/// @param options with the batch that the run will have
/// @throws Stopped
double tally_share(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
