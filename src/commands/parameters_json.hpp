#pragma once

#include "chokepoint/scenario.hpp"
#include "output/json_text.hpp"

namespace chokepoint {

/// The numbers that the float engines take from a scenario, by the names and in the units of market/parameters.hpp, for
/// an implementation of the model in another language. Arrays are at least as long as the sizes of the scenario.
Json parameters_json(const Scenario& scenario);

}  // namespace chokepoint
