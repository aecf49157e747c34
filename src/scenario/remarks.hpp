#pragma once

#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// What is allowed in a scenario and yet may surprise: one line each, naming the key.
std::vector<std::string> remarks_on(const Scenario& scenario);

}  // namespace chokepoint
