#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/predicate.hpp"

/// A claim prepared for evaluation: its twins are read and its conditions parsed.
namespace chokepoint {

/// The claim itself or a part of it.
struct Question {
  std::string name, given_text, predicate_text;
  std::optional<PathPredicate> given;
  PathPredicate predicate;
};

struct PreparedClaim {
  /// The claim's own scenario, then its twins in the order of the file. They stay where they are.
  std::vector<std::shared_ptr<const Scenario>> scenarios;
  std::vector<Question> questions;  ///< the claim first, then its parts
};

/// @throws ScenarioError with every fault, in the file that contains it
PreparedClaim prepare_claim(const Scenario& scenario);

}  // namespace chokepoint
