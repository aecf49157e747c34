#pragma once

#include <cstdint>
#include <memory>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/scenario.hpp"

/// From names and units of the file to the flat block that the model reads.
namespace chokepoint {

/// Lowers a scenario that was read to the flat block of one precision. Everything is computed in double and rounded
/// once. `seed` fills every source of shocks that has no seed of its own in the config. Defined for float and double.
template <class Real>
std::unique_ptr<Parameters<Real>> lower(const Scenario& scenario, std::uint64_t seed);

}  // namespace chokepoint
