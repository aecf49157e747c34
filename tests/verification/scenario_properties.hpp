#pragma once

#include "chokepoint/scenario.hpp"
#include "scenario/measure_layout.hpp"
#include "verification/ledger.hpp"

/// Parts of `examine_scenario`, by file.
namespace chokepoint::verification {

/// What holds in every month of a path (path_properties.cpp).
void examine_paths(const Scenario& scenario, std::uint64_t seed, Ledger& ledger);
/// What holds between a scenario and one that differs in a stated way (pair_properties.cpp).
void examine_pairs(const Scenario& scenario, std::uint64_t seed, Ledger& ledger);

}  // namespace chokepoint::verification
