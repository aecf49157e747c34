#pragma once

#include "chokepoint/comparison.hpp"

namespace chokepoint {

/// The measures and months that two scenarios have in common; the differences are not filled in yet.
/// @param months of both, filled in
/// @throws ComparisonError where there is no month in common
ScenarioPair match_scenarios(const Scenario& base, const Scenario& other, int& months);

}  // namespace chokepoint
