#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/claim.hpp"
#include "chokepoint/engine.hpp"

/// What becomes of claims on paths.
namespace chokepoint {

enum class Outcome : std::uint8_t { holds, fails, not_given, undefined, unsolved };

inline bool is_decided(Outcome outcome) {
  return outcome == Outcome::holds || outcome == Outcome::fails;
}

using Outcomes = std::vector<Outcome>;        ///< [path]
using ClaimOutcomes = std::vector<Outcomes>;  ///< [question][path]

/// Walks all scenarios of some claims side by side and puts every question to every path. Scenarios that are the same
/// but for their texts are walked once.
/// @param frozen a source of shocks that is frozen in all of them; empty for none
/// @return [claim], or nothing where it was stopped
/// @throws EngineError
std::optional<std::vector<ClaimOutcomes>> walk_claims(std::span<const PreparedClaim> claims, const std::string& frozen,
                                                      const RunOptions& options, const RunControl& control);

}  // namespace chokepoint
