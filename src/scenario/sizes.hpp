#pragma once

#include <cstddef>
#include <vector>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Index sizes of the block that `lower` makes, `measures` included.
Sizes scenario_sizes(const Scenario& scenario);

/// Providers in the order of the block: sorted by region, ties in the order of the file. Indices into `providers`.
std::vector<std::size_t> unit_order(const Scenario& scenario);

}  // namespace chokepoint
