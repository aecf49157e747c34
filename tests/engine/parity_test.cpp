#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "chokepoint/engine.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "scenario/measure_layout.hpp"

// The same bits from every engine and instruction set, for any threads, batches and splits of the paths.
namespace chokepoint {
namespace {

constexpr std::uint64_t prime_paths = 2003;  // a prime: every batch leaves a remainder

const Scenario& smoke_scenario() {
  static const Scenario scenario = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml");
  return scenario;
}

RunOptions options_of(EngineKind kind, InstructionSet set) {
  RunOptions options;
  options.paths = prime_paths;
  options.engine = {kind, set};
  return options;
}

/// All in float that need no GPU: a new one is among them.
std::vector<EngineKind> float_engines() {
  std::vector<EngineKind> kinds;
  for (const EngineKind kind : engine_kinds())
    if (kind != EngineKind::automatic && precision_of(kind) == "float" && !runs_on_gpu(kind)) kinds.push_back(kind);
  return kinds;
}

std::string digest_of(const RunOptions& options) {
  return run_paths(smoke_scenario(), options).all->digest();
}

const std::string& scalar_digest() {
  static const std::string digest = digest_of(options_of(EngineKind::scalar, InstructionSet::portable));
  return digest;
}

TEST(Parity, EveryInstructionSetGivesTheSameDigest) {
  for (const InstructionSet set : available_instruction_sets()) {
    for (const EngineKind kind : float_engines()) {
      EXPECT_EQ(digest_of(options_of(kind, set)), scalar_digest()) << name_of(kind) << " " << name_of(set);
    }
  }
}

TEST(Parity, ReferenceIsTheSameOnEveryInstructionSet) {
  const std::string digest = digest_of(options_of(EngineKind::reference, InstructionSet::portable));
  EXPECT_NE(digest, scalar_digest()) << "double and float round differently";
  for (const InstructionSet set : available_instruction_sets()) {
    EXPECT_EQ(digest_of(options_of(EngineKind::reference, set)), digest) << name_of(set);
  }
}

TEST(Parity, ThreadsAndBatchesDoNotMatter) {
  for (const int threads : {1, 2, 3, 7}) {
    for (const int batch : {1, 16, 100, 997, 4096}) {
      RunOptions options = options_of(EngineKind::simd, InstructionSet::automatic);
      options.threads = threads;
      options.batch = batch;
      EXPECT_EQ(digest_of(options), scalar_digest()) << threads << " threads, batches of " << batch;
    }
  }
}

TEST(Parity, SplitsMergeToTheSameDigest) {
  const std::uint64_t cuts[] = {0, 1, 18, 1000, 1777, prime_paths};
  RunOptions options = options_of(EngineKind::simd, InstructionSet::automatic);
  TalliesPointer merged;
  for (int part = 4; part >= 0; --part) {  // in any order
    options.first_path = cuts[part];
    options.paths = cuts[part + 1] - cuts[part];
    auto outcome = run_paths(smoke_scenario(), options);
    if (merged) {
      merged->merge(*outcome.all);
    } else {
      merged = std::move(outcome.all);
    }
  }
  EXPECT_EQ(merged->digest(), scalar_digest());
}

TEST(Parity, SeedAndPathsChangeTheDigest) {
  RunOptions options = options_of(EngineKind::simd, InstructionSet::automatic);
  options.seed = 2;
  EXPECT_NE(digest_of(options), scalar_digest());
  options.seed = 1;
  options.first_path = 1;
  EXPECT_NE(digest_of(options), scalar_digest());
}

TEST(Parity, ReplayGivesTheSameBitsOnEveryEngine) {
  const auto expected = replay_path(smoke_scenario(), 1, 1234567, {EngineKind::scalar, InstructionSet::portable});
  for (const InstructionSet set : available_instruction_sets()) {
    for (const EngineKind kind : float_engines()) {
      const auto path = replay_path(smoke_scenario(), 1, 1234567, {kind, set});
      ASSERT_EQ(path.values.size(), expected.values.size());
      EXPECT_EQ(std::memcmp(path.values.data(), expected.values.data(), path.values.size() * sizeof(float)), 0)
          << name_of(kind) << " " << name_of(set);
    }
  }
}

/// A tally of one path is that path: replay and run cannot drift apart.
TEST(Parity, ReplayIsThePathOfTheRun) {
  RunOptions options = options_of(EngineKind::simd, InstructionSet::automatic);
  options.first_path = 42;
  options.paths = 1;
  const auto outcome = run_paths(smoke_scenario(), options);
  const auto path = replay_path(smoke_scenario(), 1, 42, options.engine);
  for (int month = 0; month < path.months; ++month) {
    for (int k = 0; k < path.measures; ++k) {
      const MeasureTally& tally = outcome.all->at(month, k);
      ASSERT_EQ(tally.count(bin_of(tally.spec(), path.at(month, k))), 1u) << "month " << month << " measure " << k;
    }
  }
}

/// The paths that were not solved are run again to be tallied alone: the same paths, each once, and what is left
/// without them adds up.
TEST(Parity, UnsolvedPathsAreTalliedAlone) {
  const std::string overrides[] = {"market.newton_limit=5", "market.sweep_limit=0"};
  const Scenario hard = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml", overrides);
  for (const EngineKind kind : {EngineKind::simd, EngineKind::reference}) {
    RunOptions options = options_of(kind, InstructionSet::automatic);
    options.paths = 200;
    options.threads = 1;
    const auto outcome = run_paths(hard, options);
    const auto& totals = outcome.all->totals();
    ASSERT_GT(totals.unsolved_paths, 1u) << "the scenario must leave some unsolved";
    EXPECT_EQ(outcome.paths, Ledger({0, options.paths})) << "all paths are known to be in";
    ASSERT_NE(outcome.unsolved, nullptr);
    EXPECT_EQ(outcome.unsolved->totals().paths, totals.unsolved_paths);
    EXPECT_EQ(outcome.unsolved->totals().unsolved_steps, totals.unsolved_steps);
    EXPECT_EQ(outcome.all->minus(*outcome.unsolved).totals().paths, options.paths - totals.unsolved_paths);
  }
}

/// Frozen: a change here is a change of every published result. Bump the version when it is meant.
TEST(Parity, SmokeDigestIsFrozen) {
  EXPECT_EQ(scalar_digest(), "c069fd5dca5a04c738e1f85405b7ed96");
}

/// Float against double: paths that see the same draws stay close until one branches (an exit, a war).
TEST(Parity, FloatFollowsTheReference) {
  const auto names = measure_names(smoke_scenario());
  int compared = 0;
  for (std::uint64_t path = 0; path < 20; ++path) {
    const auto exact = replay_path(smoke_scenario(), 1, path, {EngineKind::reference, InstructionSet::automatic});
    const auto rounded = replay_path(smoke_scenario(), 1, path, {EngineKind::simd, InstructionSet::automatic});
    for (int month = 0; month < 6; ++month) {
      for (int k = 0; k < exact.measures; ++k) {
        if (names[static_cast<std::size_t>(k)].rfind("rental_price", 0) != 0) continue;
        const float a = exact.at(month, k), b = rounded.at(month, k);
        if (a > 1e30f || b > 1e30f) continue;
        EXPECT_NEAR(b / a, 1.0, 2e-3) << names[static_cast<std::size_t>(k)] << " path " << path << " month " << month;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace chokepoint
