#pragma once

#include "config/diagnostics.hpp"

namespace chokepoint {

/// Checks that involve more than one key: references, sums, dimensions, existence of an equilibrium. Works on any
/// Scenario, one with faults included, and adds to `diagnostics`.
void validate(Scenario& scenario, Diagnostics& diagnostics);

// Its parts, by file.
void check_references(Scenario& scenario, Diagnostics& diagnostics);       // validate_references.cpp
void check_shocks(const Scenario& scenario, Diagnostics& diagnostics);     // validate_world.cpp
void check_calendar(const Scenario& scenario, Diagnostics& diagnostics);   // validate_calendar.cpp
void check_supply(const Scenario& scenario, Diagnostics& diagnostics);     // validate_world.cpp
void check_providers(const Scenario& scenario, Diagnostics& diagnostics);  // validate_market.cpp
void check_demand(const Scenario& scenario, Diagnostics& diagnostics);     // validate_market.cpp
void check_regions(const Scenario& scenario, Diagnostics& diagnostics);    // validate_market.cpp
void check_events(const Scenario& scenario, Diagnostics& diagnostics);     // validate_market.cpp
void check_claim_keys(Scenario& scenario, Diagnostics& diagnostics);       // validate_claim.cpp

}  // namespace chokepoint
