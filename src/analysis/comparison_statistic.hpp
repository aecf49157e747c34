#pragma once

#include "chokepoint/comparison.hpp"

namespace chokepoint {

/// The differences of a pair from its tallies, which have the layout of pair_layout.
Differences differences_of(const ScenarioPair& pair, const Tallies& tallies);

}  // namespace chokepoint
