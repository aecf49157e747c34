#include "chokepoint/comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "commands/compare_inputs.hpp"
#include "output/errors.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {
namespace {

using Overrides = std::vector<std::string>;

Scenario smoke(const Overrides& overrides = {}) {
  return read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml", overrides);
}

RunOptions options_on_threads(std::uint64_t paths, int threads = 2) {
  RunOptions options;
  options.first_path = 7;
  options.paths = paths;
  options.seed = 3;
  options.threads = threads;
  return options;
}

Comparison compare(const Scenario& base, const Scenario& other, const RunOptions& options) {
  const Scenario* const scenarios[] = {&base, &other};
  return compare_scenarios(scenarios, options);
}

const Contrast& at(const ScenarioPair& pair, int month, const std::string& name) {
  EXPECT_GE(pair.find(name), 0) << name;
  return pair.all.at(month, pair.find(name));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// A dated policy with an effect on everything.
Scenario with_subsidy() {
  return smoke({"policy.voucher.value=0.4"});
}
constexpr int subsidy_month = 6;  // its `from`, 2026-07

TEST(Comparison, OfAScenarioWithItselfIsZero) {
  const Scenario scenario = smoke();
  const Comparison comparison = compare(scenario, scenario, options_on_threads(100));
  const ScenarioPair& pair = comparison.pairs.at(0);
  EXPECT_EQ(pair.all.first_month, -1);
  EXPECT_EQ(pair.all.first_difference.passed, 0u);
  for (const Contrast& contrast : pair.all.contrasts) {
    EXPECT_EQ(contrast.higher + contrast.lower + contrast.only_base + contrast.only_other, 0u);
    if (contrast.defined() == 0) continue;
    EXPECT_EQ(contrast.difference.mean, 0);
    EXPECT_EQ(contrast.difference.smallest, 0);
    EXPECT_EQ(contrast.difference.largest, 0);
    for (const double value : contrast.difference.quantile) EXPECT_EQ(value, 0);
    if (contrast.base_mean > 0 && !std::isnan(contrast.ratio)) {
      EXPECT_EQ(contrast.ratio, 1);
    }
  }
}

TEST(Comparison, DiffersFromTheMonthOfThePolicyOn) {
  const Comparison comparison = compare(smoke(), with_subsidy(), options_on_threads(100));
  const Differences& all = comparison.pairs.at(0).all;
  EXPECT_EQ(all.first_month, subsidy_month);
  EXPECT_EQ(all.first_difference.occurs.value, 1);
  EXPECT_EQ(all.first_difference.quantile_month[0], subsidy_month);
  for (int month = 0; month < subsidy_month; ++month)
    for (int measure = 0; measure < all.measures; ++measure)
      ASSERT_EQ(all.at(month, measure).higher + all.at(month, measure).lower, 0u);
}

/// An application's margin is its paid share times what a user pays, less the cost of tokens; nothing responds to it.
TEST(Comparison, KnowsTheEffectOfWhatNothingRespondsTo) {
  const Scenario base = smoke();
  const double more = 16;
  const Scenario other = smoke({"application.arpu_usd=" + std::to_string(base.application.arpu_usd + more)});
  const Comparison comparison = compare(base, other, options_on_threads(200));
  const ScenarioPair& pair = comparison.pairs.at(0);
  const int margin = pair.find("application_margin");
  const double effect = base.application.paid_share * more;
  for (int month = 0; month < pair.months(); ++month) {
    for (int measure = 0; measure < pair.all.measures; ++measure) {
      const Contrast& contrast = pair.all.at(month, measure);
      ASSERT_EQ(contrast.higher, measure == margin ? 200u : 0u)
          << pair.measures[static_cast<std::size_t>(measure)].name;
      ASSERT_EQ(contrast.lower, 0u);
    }
    const Contrast& contrast = pair.all.at(month, margin);
    EXPECT_NEAR(contrast.difference.mean, effect, 1e-5);  // floats up to 32 differ in steps of 2^-19
    EXPECT_NEAR(contrast.difference.quantile[4], effect, 1e-5);
    EXPECT_TRUE(std::isnan(contrast.ratio)) << "a margin may be negative";
    if (month > 0) {
      EXPECT_GT(contrast.variance_reduction, 1e6);
    }
  }
  EXPECT_EQ(pair.all.first_month_of[static_cast<std::size_t>(margin)], 0);
  EXPECT_EQ(share_worse(pair.all.at(0, margin), Measure::application_margin)->value, 0);
}

/// Every statistic again from the single paths of both scenarios.
TEST(Comparison, IsWhatThePathsSay) {
  constexpr std::uint64_t paths = 101;  // ranks of the quantiles are then whole
  const Scenario base = smoke(), other = with_subsidy();
  const RunOptions options = options_on_threads(paths);
  const Comparison comparison = compare(base, other, options);
  const Differences& all = comparison.pairs.at(0).all;
  std::vector<ReplayedPath> a, b;
  for (std::uint64_t k = 0; k < paths; ++k) {
    a.push_back(replay_path(base, options.seed, options.first_path + k, {}));
    b.push_back(replay_path(other, options.seed, options.first_path + k, {}));
  }
  for (const int month : {subsidy_month, all.months - 1}) {
    for (int measure = 0; measure < all.measures; ++measure) {
      const ComparedMeasure& compared = comparison.pairs[0].measures[static_cast<std::size_t>(measure)];
      SCOPED_TRACE(compared.name + " in month " + std::to_string(month));
      const Scale scale = info_of(compared.measure).scale;
      std::vector<double> differences;
      double base_sum = 0;
      std::uint64_t higher = 0, lower = 0, missing = 0;
      for (std::size_t k = 0; k < paths; ++k) {
        const float x = a[k].at(month, measure), y = b[k].at(month, measure);
        if (x == missing_value || y == missing_value) {
          ++missing;
          continue;
        }
        differences.push_back(static_cast<double>(y - x));
        base_sum += static_cast<double>(x);
        higher += y > x ? 1 : 0;
        lower += y < x ? 1 : 0;
      }
      const Contrast& contrast = all.at(month, measure);
      ASSERT_EQ(contrast.defined(), differences.size());
      ASSERT_EQ(contrast.difference.missing, missing);
      ASSERT_EQ(contrast.higher, higher);
      ASSERT_EQ(contrast.lower, lower);
      if (missing > 0) continue;
      std::sort(differences.begin(), differences.end());
      double sum = 0;
      for (const double difference : differences) sum += difference;
      const double size = std::max(std::fabs(differences.front()), std::fabs(differences.back()));
      EXPECT_NEAR(contrast.difference.mean, sum / paths, 1e-9 + 1e-9 * size);
      EXPECT_NEAR(contrast.base_mean, base_sum / paths, 1e-9 + 1e-9 * std::fabs(base_sum));
      EXPECT_EQ(contrast.difference.smallest, differences.front());
      EXPECT_EQ(contrast.difference.largest, differences.back());
      const bool whole = scale == Scale::count || scale == Scale::flag;
      for (const auto& [level, rank] : {std::pair<std::size_t, std::size_t>{0, 1}, {1, 5}, {4, 50}, {7, 95}, {8, 99}}) {
        const double bound = whole ? 0 : std::fabs(differences[rank]) * difference_error_bound + 0x1p-126;
        EXPECT_NEAR(contrast.difference.quantile[level], differences[rank], bound) << "level " << level;
      }
    }
  }
}

TEST(Comparison, LevelsAndChecksumsAreThoseOfARun) {
  const Scenario base = smoke(), other = with_subsidy();
  const RunOptions options = options_on_threads(150);
  const Comparison comparison = compare(base, other, options);
  const RunOutcome run = run_paths(other, options);
  EXPECT_EQ(comparison.walked[1].checksum_sum, run.all->totals().checksum_sum);
  EXPECT_EQ(comparison.walked[1].checksum_xor, run.all->totals().checksum_xor);
  EXPECT_NE(comparison.walked[0].checksum_sum, run.all->totals().checksum_sum);
  const int price = comparison.pairs[0].find("world_price");
  for (int month = 0; month < base.months; ++month)
    EXPECT_EQ(comparison.pairs[0].all.at(month, price).other_mean, statistic(*run.all, month, price).mean);
}

TEST(Comparison, IsTheSameForEveryNumberOfThreads) {
  const Scenario base = smoke(), other = with_subsidy();
  const Comparison one = compare(base, other, options_on_threads(300, 1));
  EXPECT_EQ(one.threads, 1);
  for (const int threads : {2, 4}) {
    const Comparison several = compare(base, other, options_on_threads(300, threads));
    EXPECT_EQ(several.threads, threads);
    EXPECT_EQ(several.pairs[0].all.digest, one.pairs[0].all.digest);
    EXPECT_EQ(several.walked[1].checksum_xor, one.walked[1].checksum_xor);
  }
  EXPECT_NE(compare(base, other, options_on_threads(299, 1)).pairs[0].all.digest, one.pairs[0].all.digest);
}

TEST(Comparison, MirrorsItsReverse) {
  const Scenario a = smoke(), b = with_subsidy();
  const Comparison there = compare(a, b, options_on_threads(120)), back = compare(b, a, options_on_threads(120));
  const Differences &x = there.pairs[0].all, &y = back.pairs[0].all;
  EXPECT_EQ(x.first_month_of, y.first_month_of);
  ASSERT_EQ(x.contrasts.size(), y.contrasts.size());
  for (std::size_t k = 0; k < x.contrasts.size(); ++k) {
    const Contrast &p = x.contrasts[k], &q = y.contrasts[k];
    ASSERT_EQ(p.higher, q.lower);
    ASSERT_EQ(p.lower, q.higher);
    ASSERT_EQ(p.only_base, q.only_other);
    ASSERT_EQ(p.defined(), q.defined());
    if (p.defined() == 0) continue;
    ASSERT_EQ(p.difference.mean, -q.difference.mean);
    ASSERT_EQ(p.low, -q.high);
    ASSERT_EQ(p.base_mean, q.other_mean);
    for (std::size_t level = 0; level < 9; ++level) {
      const double value = p.difference.quantile[level];
      ASSERT_NEAR(value, -q.difference.quantile[8 - level], 1e-12 + 1e-9 * std::fabs(value));
    }
  }
}

/// Common draws leave what the policy does; with draws of their own the two levels vary apart, and nothing is gained.
TEST(Comparison, CommonDrawsReduceTheVariance) {
  const Scenario base = smoke();
  const RunOptions options = options_on_threads(1000);
  const Comparison paired = compare(base, with_subsidy(), options);
  const int last = base.months - 1;
  for (const char* name : {"world_price", "regional_price[us]", "world_fleet", "hhi_fleet", "efficiency"})
    EXPECT_GT(at(paired.pairs[0], last, name).variance_reduction, 2) << name;
  Overrides overrides = {"policy.voucher.value=0.4"};
  for (const char* source : {"demand", "efficiency", "sentiment", "fab", "outage", "export_regime", "power",
                             "grid_shock", "component", "conduct"})
    overrides.push_back(std::string("seeds.") + source + "=99");
  const Comparison apart = compare(base, smoke(overrides), options);
  // 1 but for the error of three variances over 1000 paths: 5 times sqrt(8 / 1000), for near-normal demand.
  EXPECT_NEAR(at(apart.pairs[0], last, "demand").variance_reduction, 1, 0.45);
}

TEST(Comparison, MatchesMeasuresByNameAndMonthsByDate) {
  const Scenario base = smoke();
  const std::string text = replaced(replaced(base.text, "h200", "b300"), "2026-01", "2026-04");
  const Scenario other = read_scenario_text(text, "other");
  const Comparison comparison = compare(base, other, options_on_threads(20));
  const ScenarioPair& pair = comparison.pairs.at(0);
  EXPECT_EQ(pair.base_month, 3);
  EXPECT_EQ(pair.other_month, 0);
  EXPECT_EQ(format(pair.start), "2026-04");
  EXPECT_EQ(pair.months(), base.months - 3);
  EXPECT_EQ(pair.find("chip_price[h200]"), -1);
  EXPECT_NE(std::find(pair.only_in_base.begin(), pair.only_in_base.end(), "chip_price[h200]"), pair.only_in_base.end());
  EXPECT_NE(std::find(pair.only_in_other.begin(), pair.only_in_other.end(), "chip_price[b300]"),
            pair.only_in_other.end());
  EXPECT_GE(pair.find("rental_price[cn,n910]"), 0);
  const ReplayedPath a = replay_path(base, 3, 7, {}), b = replay_path(other, 3, 7, {});
  const Comparison single = compare(base, other, options_on_threads(1));
  const int price = single.pairs[0].find("regional_price[cn]");
  const ComparedMeasure& compared = single.pairs[0].measures[static_cast<std::size_t>(price)];
  EXPECT_EQ(single.pairs[0].all.at(5, price).difference.mean,
            static_cast<double>(b.at(5, compared.other) - a.at(8, compared.base)));
}

TEST(Comparison, ShowsUnsolvedPathsApart) {
  const Scenario base = smoke({"market.tolerance=1e-6", "market.newton_limit=6", "market.sweep_limit=0"});
  const Comparison comparison = compare(base, with_subsidy(), options_on_threads(60));
  const ScenarioPair& pair = comparison.pairs.at(0);
  EXPECT_GT(pair.unsolved_paths, 0u);
  EXPECT_EQ(pair.unsolved_paths, comparison.walked[0].unsolved_paths);
  ASSERT_TRUE(pair.solved.has_value());
  EXPECT_EQ(pair.solved->paths + pair.unsolved_paths, pair.all.paths);
  EXPECT_EQ(pair.all.paths, 60u);
}

TEST(Comparison, RefusesWhatCannotBeCompared) {
  const Scenario base = smoke();
  const Scenario* const alone[] = {&base};
  EXPECT_THROW(compare_scenarios(alone, options_on_threads(1)), ComparisonError);
  const std::string later = replaced(replaced(base.text, "2026-", "2050-"), "2027-", "2051-");
  EXPECT_THROW(compare(base, read_scenario_text(later, "later"), options_on_threads(1)), ComparisonError);
}

TEST(Comparison, StopsOnRequest) {
  const Scenario base = smoke();
  const Scenario* const scenarios[] = {&base, &base};
  const std::atomic<bool> stop{true};
  RunControl control;
  control.stop = &stop;
  EXPECT_TRUE(compare_scenarios(scenarios, options_on_threads(100), control).interrupted);
}

/// A result whose paths this program does not reproduce: here, one that belongs to another scenario.
TEST(Comparison, NoticesAResultOfOtherPaths) {
  const Scenario base = smoke(), other = with_subsidy();
  const RunOptions options = options_on_threads(40);
  const auto input_of = [&](const Scenario& claimed, const Scenario& run) {
    RunOutcome outcome = run_paths(run, options);
    StoredResult stored;
    stored.provenance.seed = options.seed;
    stored.provenance.first_path = options.first_path;
    stored.provenance.paths = options.paths;
    stored.totals = outcome.all->totals();
    return CompareInput{"place", "label", claimed, std::move(stored)};
  };
  std::vector<CompareInput> inputs;
  inputs.push_back(input_of(base, base));
  inputs.push_back(input_of(other, other));
  const Comparison comparison = compare(base, other, options);
  EXPECT_NO_THROW(check_walked(inputs, options, comparison));
  inputs[1] = input_of(other, base);
  EXPECT_THROW(check_walked(inputs, options, comparison), NumericsError);
}

}  // namespace
}  // namespace chokepoint
