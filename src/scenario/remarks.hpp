#pragma once

#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Things in a scenario that are allowed but may surprise: one line each, with the key.
std::vector<std::string> remarks_on(const Scenario& scenario);

}  // namespace chokepoint
