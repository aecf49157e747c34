#pragma once

#include "chokepoint/scenario.hpp"
#include "output/json_text.hpp"

namespace chokepoint {

/// The numbers that the float engines take from a scenario, by the names and in the units of market/parameters.hpp:
/// what a twin of the model in another language needs. Arrays end at the sizes of the scenario or beyond them.
Json parameters_json(const Scenario& scenario);

}  // namespace chokepoint
