#pragma once

#include <string>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// First day of a month of the scenario, "2026-07-01".
std::string date_text(const Scenario& scenario, int month);

/// Days from the first day of the scenario to that of one of its months (proleptic Gregorian calendar).
int days_since_start(const Scenario& scenario, int month);

}  // namespace chokepoint
