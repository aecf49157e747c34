#pragma once

#include <cstdint>

#include "chokepoint/scenario.hpp"

namespace chokepoint::verification {

/// A random scenario that `validate` accepts: one to four regions, classes and pools, every mechanism on or off, own
/// service, fringes, schedules and policies. In one of four the sizes are hostile: fleets, fabs, power and demand over
/// up to eight orders of magnitude, or nothing at all. The same seed gives the same scenario.
Scenario random_scenario(std::uint64_t seed);

}  // namespace chokepoint::verification
