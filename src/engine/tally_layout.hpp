#pragma once

#include "chokepoint/scenario.hpp"
#include "chokepoint/tally/layout.hpp"

namespace chokepoint {

/// Layout of the tallies of a scenario (months, measures, events).
TallyLayout tally_layout(const Scenario& scenario);

}  // namespace chokepoint
