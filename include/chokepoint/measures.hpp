#pragma once

#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

/// The measures of each month by name, in the order of a row of measures; results and paths use this order.
namespace chokepoint {

/// "hhi_fleet", "utilisation[us]", "rental_price[cn,h200]" and so on, all of a scenario in order.
std::vector<std::string> measure_names(const Scenario& scenario);

/// Their units, in the same order.
std::vector<std::string> measure_units(const Scenario& scenario);

/// Place of a measure in a row. @throws std::invalid_argument where the scenario has none of this name
int measure_index(const Scenario& scenario, const std::string& name);

}  // namespace chokepoint
