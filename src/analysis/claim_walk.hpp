#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/claim.hpp"
#include "chokepoint/engine.hpp"

/// The outcomes of claims on paths.
namespace chokepoint {

enum class Outcome : std::uint8_t { holds, fails, not_given, undefined, unsolved };

inline bool is_decided(Outcome outcome) {
  return outcome == Outcome::holds || outcome == Outcome::fails;
}

using Outcomes = std::vector<Outcome>;        ///< [path]
using ClaimOutcomes = std::vector<Outcomes>;  ///< [question][path]

/// Walks all scenarios of some claims side by side and evaluates every question on every path. Scenarios that differ
/// only in their texts are walked once.
/// @param frozen a source of shocks that is frozen in all of them; empty for none
/// @return [claim], or nothing where it was stopped
/// @throws EngineError
std::optional<std::vector<ClaimOutcomes>> walk_claims(std::span<const PreparedClaim> claims, const std::string& frozen,
                                                      const RunOptions& options, const RunControl& control);

}  // namespace chokepoint
