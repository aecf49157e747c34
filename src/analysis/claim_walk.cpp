#include "analysis/claim_walk.hpp"

#include <algorithm>
#include <cstring>
#include <list>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/path_walk.hpp"
#include "scenario/lower/lower.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"

namespace chokepoint {
namespace {

/// The scenarios to walk, each once.
class WalkedScenarios {
 public:
  WalkedScenarios(std::string frozen, std::uint64_t seed) : frozen_(std::move(frozen)), seed_(seed) {}

  /// Place of a scenario among those that are walked.
  std::size_t add(const Scenario& scenario) {
    Scenario copy = scenario;
    if (!frozen_.empty() && index_of(copy.frozen, frozen_) < 0) copy.frozen.push_back(frozen_);
    auto block = lower<double>(copy, seed_);
    for (std::size_t k = 0; k < blocks_.size(); ++k)
      if (std::memcmp(blocks_[k].get(), block.get(), sizeof *block) == 0) return k;
    blocks_.push_back(std::move(block));
    scenarios_.push_back(std::move(copy));
    pointers_.push_back(&scenarios_.back());
    return blocks_.size() - 1;
  }

  std::span<const Scenario* const> all() const { return pointers_; }

 private:
  std::string frozen_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<Parameters<double>>> blocks_;
  std::list<Scenario> scenarios_;  // stay where they are
  std::vector<const Scenario*> pointers_;
};

/// A claim and where its scenarios are among those that are walked.
struct WalkedClaim {
  const PreparedClaim* claim;
  std::vector<std::size_t> places;

  std::vector<PathRows> rows_of(std::span<const PathRows> all) const {
    std::vector<PathRows> rows;
    for (const std::size_t place : places) rows.push_back(all[place]);
    return rows;
  }
};

Outcome outcome_of(const Question& question, const PathView& path) {
  for (const PathRows& rows : path.scenarios)
    if (rows.unsolved[static_cast<std::size_t>(path.path)] != 0) return Outcome::unsolved;
  const Truth premise = question.given ? (*question.given)(path) : Truth::yes;
  if (premise != Truth::yes) return premise == Truth::no ? Outcome::not_given : Outcome::undefined;
  const Truth answer = question.predicate(path);
  if (answer == Truth::unknown) return Outcome::undefined;
  return answer == Truth::yes ? Outcome::holds : Outcome::fails;
}

void put_questions(const WalkedClaim& walked, std::span<const PathRows> all, std::size_t first, ClaimOutcomes& to) {
  const std::vector<PathRows> rows = walked.rows_of(all);
  for (std::size_t q = 0; q < to.size(); ++q)
    for (int path = 0; path < rows[0].paths; ++path)
      to[q][first + static_cast<std::size_t>(path)] = outcome_of(walked.claim->questions[q], {rows, path});
}

}  // namespace

std::optional<std::vector<ClaimOutcomes>> walk_claims(std::span<const PreparedClaim> claims, const std::string& frozen,
                                                      const RunOptions& options, const RunControl& control) {
  WalkedScenarios scenarios(frozen, options.seed);
  std::vector<WalkedClaim> walked;
  std::vector<ClaimOutcomes> outcomes;
  for (const PreparedClaim& claim : claims) {
    walked.push_back({&claim, {}});
    for (const auto& scenario : claim.scenarios) walked.back().places.push_back(scenarios.add(*scenario));
    outcomes.emplace_back(claim.questions.size(), Outcomes(options.paths, Outcome::unsolved));
  }
  // Threads write to different paths: no lock is needed, and the order of the batches does not matter.
  const auto visit = [&](int, std::uint64_t first_path, std::span<const PathRows> rows) {
    for (std::size_t k = 0; k < walked.size(); ++k)
      put_questions(walked[k], rows, first_path - options.first_path, outcomes[k]);
  };
  if (!walk_paths(scenarios.all(), options, visit, control)) return std::nullopt;
  return outcomes;
}

}  // namespace chokepoint
