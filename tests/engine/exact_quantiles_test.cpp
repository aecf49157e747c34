#include "chokepoint/exact_quantiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>

#include "chokepoint/engine.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"
#include "tally/exact_quantiles.hpp"

// Exact quantiles against samples taken path by path, and against those of the histograms.
namespace chokepoint {
namespace {

constexpr std::uint64_t most_paths = 1009;  // a prime: every batch leaves a remainder

const Scenario& smoke() {
  static const Scenario scenario = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml");
  return scenario;
}

/// So few iterations that some months miss the tolerance.
const Scenario& hard() {
  static const std::string overrides[] = {"market.newton_limit=5", "market.sweep_limit=0"};
  static const Scenario scenario = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml", overrides);
  return scenario;
}

RunOptions options_for_all_measures(const Scenario& scenario) {
  RunOptions options;
  options.first_path = 7;
  options.paths = most_paths;
  for (int k = 0; k < scenario_sizes(scenario).measures; ++k) options.exact_measures.push_back(k);
  return options;
}

/// The numbers among the values of every measure and month, sorted: [month][measure].
std::vector<std::vector<double>> samples(const Scenario& scenario, const RunOptions& options, bool with_unsolved) {
  const auto measures = static_cast<std::size_t>(scenario_sizes(scenario).measures);
  std::vector<std::vector<double>> out(static_cast<std::size_t>(scenario.months) * measures);
  const Scenario* const walked[] = {&scenario};
  std::mutex mutex;
  walk_paths(walked, options, [&](int, std::uint64_t, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    for (std::size_t row = 0; row < out.size(); ++row)
      for (int k = 0; k < rows[0].paths; ++k) {
        const float value = rows[0].row(static_cast<int>(row / measures),
                                        static_cast<int>(row % measures))[static_cast<std::size_t>(k)];
        const bool is_wanted = with_unsolved || rows[0].unsolved[static_cast<std::size_t>(k)] == 0;
        if (is_wanted && std::fabs(value) < missing_value) out[row].push_back(static_cast<double>(value));
      }
  });
  for (std::vector<double>& sample : out) std::sort(sample.begin(), sample.end());
  return out;
}

double quantile_of(const std::vector<double>& sorted, double level) {
  const double rank = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(rank));
  const double part = rank - std::floor(rank);
  return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

void expect_equal(const ExactStatistic& got, const std::vector<double>& sorted, const std::string& where) {
  ASSERT_EQ(got.defined, sorted.size()) << where;
  if (sorted.empty()) {
    EXPECT_TRUE(std::isnan(got.quantile[0]) && std::isnan(got.smallest) && std::isnan(got.largest)) << where;
    return;
  }
  EXPECT_EQ(got.smallest, sorted.front()) << where;
  EXPECT_EQ(got.largest, sorted.back()) << where;
  for (std::size_t k = 0; k < quantile_levels.size(); ++k)
    EXPECT_EQ(got.quantile[k], quantile_of(sorted, quantile_levels[k])) << where << " level " << quantile_levels[k];
}

void expect_equal(const ExactQuantiles& got, const std::vector<std::vector<double>>& expected,
                  const Scenario& scenario) {
  const std::vector<std::string> names = measure_names(scenario);
  ASSERT_EQ(got.statistics.size(), expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row)
    expect_equal(got.statistics[row], expected[row],
                 names[row % names.size()] + " in month " + std::to_string(row / names.size()));
}

bool same_bits(const ExactQuantiles& a, const ExactQuantiles& b) {
  return a.measures == b.measures && a.statistics.size() == b.statistics.size() &&
         std::memcmp(a.statistics.data(), b.statistics.data(), a.statistics.size() * sizeof(ExactStatistic)) == 0;
}

/// One month of one measure, whatever the paths.
RunOutcome outcome_of(const std::vector<float>& row, const std::vector<std::uint64_t>& unsolved) {
  PathValues values(1, {0}, row.size());
  values.keep(0, row.data(), 0, 0, static_cast<int>(row.size()));
  RunOutcome outcome;
  take_exact_quantiles(values, unsolved, 3, sort_row, nullptr, outcome);
  return outcome;
}

TEST(ExactQuantiles, CountOnlyWhatIsANumber) {
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const RunOutcome outcome =
      outcome_of({3, missing_value, -0.0F, nan, 1, -infinity, 0.0F, infinity, 2, -nan, -4, 2}, {3, 8, 2, 7, 11});
  expect_equal(outcome.exact->at(0, 0), {-4, 0, 0, 1, 2, 2, 3}, "all");
  expect_equal(outcome.exact_solved->at(0, 0), {-4, 0, 1, 3}, "solved");
}

TEST(ExactQuantiles, OfNoNumberAtAllAreNone) {
  const RunOutcome outcome = outcome_of({missing_value, 5}, {1});
  expect_equal(outcome.exact->at(0, 0), {5}, "all");
  expect_equal(outcome.exact_solved->at(0, 0), {}, "solved");
}

/// NumPy: quantile([0.5, 1, 2, 4, 8], [.01, .05, .1, .25, .5, .75, .9, .95, .99])
TEST(ExactQuantiles, AreDefinedAsThoseOfNumpy) {
  const ExactStatistic got = outcome_of({4, 0.5F, 8, 1, 2}, {}).exact->at(0, 0);
  const double expected[] = {0.52, 0.6, 0.7, 1, 2, 4, 6.4, 7.2, 7.84};
  for (std::size_t k = 0; k < quantile_levels.size(); ++k) EXPECT_NEAR(got.quantile[k], expected[k], 1e-14);
}

TEST(ExactQuantiles, AreNotTakenOnceTheRunIsStopped) {
  PathValues values(1, {0}, 100);
  RunOutcome outcome;
  const std::atomic<bool> stop{true};
  take_exact_quantiles(
      values, {}, 2, [](std::span<float>) { FAIL(); }, &stop, outcome);
  EXPECT_TRUE(outcome.interrupted && !outcome.exact);
}

/// A negative zero is taken for zero, lest its place among zeros depend on who sorts.
TEST(ExactQuantiles, KnowOneZeroOnly) {
  const ExactStatistic got = outcome_of({-0.0F, -0.0F}, {}).exact->at(0, 0);
  EXPECT_FALSE(std::signbit(got.smallest) || std::signbit(got.quantile[4]));
}

TEST(ExactQuantiles, AreThoseOfTheSortedPaths) {
  const RunOptions options = options_for_all_measures(smoke());
  const RunOutcome outcome = run_paths(smoke(), options);
  ASSERT_TRUE(outcome.exact);
  expect_equal(*outcome.exact, samples(smoke(), options, true), smoke());
  EXPECT_FALSE(outcome.exact_solved) << "all paths of this scenario are solved";
}

TEST(ExactQuantiles, AreShownWithoutUnsolvedPathsToo) {
  const RunOptions options = options_for_all_measures(hard());
  const RunOutcome outcome = run_paths(hard(), options);
  ASSERT_GT(outcome.all->totals().unsolved_paths, 20u);
  ASSERT_LT(outcome.all->totals().unsolved_paths, most_paths / 2);
  ASSERT_TRUE(outcome.exact && outcome.exact_solved);
  expect_equal(*outcome.exact, samples(hard(), options, true), hard());
  expect_equal(*outcome.exact_solved, samples(hard(), options, false), hard());
}

TEST(ExactQuantiles, EnginesThreadsAndBatchesDoNotMatter) {
  RunOptions options = options_for_all_measures(smoke());
  options.paths = 211;
  options.engine = {EngineKind::scalar, InstructionSet::portable};
  options.threads = 1;
  const RunOutcome expected = run_paths(smoke(), options);
  for (const InstructionSet set : available_instruction_sets())
    for (const auto& [threads, batch] : {std::pair{1, 1}, {3, 100}, {2, 4096}}) {
      options.engine = {EngineKind::simd, set};
      options.threads = threads;
      options.batch = batch;
      EXPECT_TRUE(same_bits(*run_paths(smoke(), options).exact, *expected.exact))
          << name_of(set) << ", " << threads << " threads, batches of " << batch;
    }
}

TEST(ExactQuantiles, AreThoseOfTheMeasuresAskedFor) {
  RunOptions options = options_for_all_measures(smoke());
  const RunOutcome all = run_paths(smoke(), options);
  options.exact_measures = {0, 5, 17};
  const RunOutcome some = run_paths(smoke(), options);
  ASSERT_EQ(some.exact->months(), smoke().months);
  for (int month = 0; month < smoke().months; ++month)
    for (std::size_t k = 0; k < options.exact_measures.size(); ++k) {
      const auto place = static_cast<std::size_t>(options.exact_measures[k]);
      EXPECT_EQ(std::memcmp(&some.exact->at(month, k), &all.exact->at(month, place), sizeof(ExactStatistic)), 0);
    }
}

TEST(ExactQuantiles, LeaveEverythingElseAsItIs) {
  RunOptions options = options_for_all_measures(smoke());
  const std::string with = run_paths(smoke(), options).all->digest();
  options.exact_measures.clear();
  const RunOutcome without = run_paths(smoke(), options);
  EXPECT_EQ(without.all->digest(), with);
  EXPECT_FALSE(without.exact);
}

TEST(ExactQuantiles, TakeTheMemoryThatIsPlanned) {
  RunOptions options;
  options.paths = 1000;
  const std::uint64_t without = planned_memory(smoke(), options).running;
  EXPECT_EQ(exact_memory(smoke(), options), 0u);
  options.exact_measures = {1, 2, 3};
  EXPECT_EQ(exact_memory(smoke(), options), 1000u * 3 * 4 * static_cast<std::uint64_t>(smoke().months));
  EXPECT_EQ(planned_memory(smoke(), options).running, without + exact_memory(smoke(), options));
}

/// Two neighbours of the sorted sample, each known to a bin, and a straight line between them.
TEST(HistogramQuantiles, LieWithinTheirBoundOfTheExactOnes) {
  const RunOptions options = options_for_all_measures(smoke());
  const RunOutcome outcome = run_paths(smoke(), options);
  const Result result(*outcome.all);
  double largest = 0;
  for (int month = 0; month < result.months(); ++month)
    for (int measure = 0; measure < result.measures(); ++measure) {
      const Statistic& binned = result.statistic(month, measure);
      const ExactStatistic& exact = outcome.exact->at(month, static_cast<std::size_t>(measure));
      const std::string where = "month " + std::to_string(month) + " measure " + std::to_string(measure);
      ASSERT_EQ(binned.defined, exact.defined) << where;
      if (binned.defined == 0) continue;
      EXPECT_EQ(binned.smallest, exact.smallest) << where;
      EXPECT_EQ(binned.largest, exact.largest) << where;
      for (std::size_t k = 0; k < quantile_levels.size(); ++k) {
        const double error = std::fabs(binned.quantile[k] - exact.quantile[k]);
        // A line from a value to one of the other sign may end nearer to zero than both.
        const bool has_signs = exact.smallest < 0 && exact.largest > 0;
        const double size = has_signs ? std::max(-exact.smallest, exact.largest) : std::fabs(exact.quantile[k]);
        EXPECT_LE(error, quantile_error_bound * size + 0x1p-126) << where;
        if (exact.quantile[k] != 0) largest = std::max(largest, error / std::fabs(exact.quantile[k]));
      }
    }
  EXPECT_GT(largest, quantile_error_bound / 10) << "this test has nothing to look at";
}

}  // namespace
}  // namespace chokepoint
