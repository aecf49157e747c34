#pragma once

#include <cstdint>
#include <string>

#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Refuses work that does not fit before it starts, as the system would otherwise kill it half-way.
/// @param needed bytes in addition to those that this process already has
/// @param remedy what would need less
/// @throws ResourceError with both numbers, and what sets the limit
void check_fits(PlannedMemory needed, const std::string& what, const std::string& remedy);

/// Bytes that this process will fill at the peak of a run, in all.
/// @throws ResourceError where it cannot have so much
std::uint64_t checked_memory(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
