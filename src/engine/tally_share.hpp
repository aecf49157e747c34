#pragma once

#include "chokepoint/engine.hpp"

namespace chokepoint {

/// Share of a CPU engine's time that tallying takes, measured on one thread for some tenths of a second.
/// @param options with the batch that the run will have
/// @throws Stopped
double tally_share(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
