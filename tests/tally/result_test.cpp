#include "chokepoint/result.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using namespace tally_cases;

/// NumPy's default quantile of a sorted sample.
double exact_quantile(const std::vector<float>& sorted, double level) {
  const double rank = level * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(rank);
  const double low = static_cast<double>(sorted[below]);
  const double high = static_cast<double>(sorted[std::min(below + 1, sorted.size() - 1)]);
  return low + (rank - static_cast<double>(below)) * (high - low);
}

/// Mean of the first `share` of a sample, the last value in part.
double exact_tail(const std::vector<float>& ordered, double share) {
  double wanted = share * static_cast<double>(ordered.size()), sum = 0;
  const double all = wanted;
  for (std::size_t i = 0; wanted > 0; ++i, wanted -= 1) sum += std::min(wanted, 1.0) * static_cast<double>(ordered[i]);
  return sum / all;
}

struct Case {
  std::string name;
  Scale scale;
  std::function<double(std::uint64_t)> value;
};

std::vector<Case> cases() {
  return {
      {"lognormal", Scale::price, [](std::uint64_t i) { return 2 * std::exp(0.7 * normal(i)); }},
      {"narrow", Scale::price, [](std::uint64_t i) { return 2 * std::exp(1e-4 * normal(i)); }},
      {"same", Scale::price, [](std::uint64_t) { return 2.337; }},
      {"two values", Scale::price, [](std::uint64_t i) { return mixed(i) % 3 == 0 ? 1.999 : 3.001; }},
      {"uniform", Scale::share, [](std::uint64_t i) { return uniform(i); }},
      {"bounded", Scale::share, [](std::uint64_t i) { return std::min(1.0, 0.8 + 0.1 * normal(i)); }},
      {"wide", Scale::quantity, [](std::uint64_t i) { return std::exp(2 * normal(i)); }},
      {"normal", Scale::signed_value, [](std::uint64_t i) { return normal(i); }},
      {"firms", Scale::count, [](std::uint64_t i) { return std::floor(30 + 5 * normal(i)); }},
      {"flag", Scale::flag, [](std::uint64_t i) { return uniform(i) < 0.3 ? 1.0 : 0.0; }},
  };
}

std::vector<float> values_of(const Case& which, std::uint64_t size) {
  std::vector<float> values;
  for (std::uint64_t i = 0; i < size; ++i) values.push_back(static_cast<float>(which.value(i)));
  return values;
}

void expect_near(double got, double want, const Case& which, const char* what) {
  // A line between two values of either sign may end nearer to zero than both.
  EXPECT_LE(std::fabs(got - want), quantile_error_bound * std::fabs(want) + 1e-5) << which.name << " " << what;
}

TEST(Result, QuantilesAndTailsAreWithinTheirBound) {
  for (const Case& which : cases())
    for (const std::uint64_t size : {1U, 2U, 7U, 100U, 20001U}) {
      std::vector<float> values = values_of(which, size);
      const Tallies tallies = sample(which.scale, values);
      const Statistic s = statistic(tallies, 0, 0);
      std::sort(values.begin(), values.end());
      for (std::size_t i = 0; i < quantile_levels.size(); ++i)
        expect_near(s.quantile[i], exact_quantile(values, quantile_levels[i]), which, "quantile");
      for (const double level : {0.0, 0.333, 1.0})
        expect_near(quantile(tallies, 0, 0, level), exact_quantile(values, level), which, "any quantile");
      expect_near(s.shortfall_low5, exact_tail(values, 0.05), which, "low tail");
      EXPECT_EQ(s.smallest, static_cast<double>(values.front()));
      EXPECT_EQ(s.largest, static_cast<double>(values.back()));
      std::reverse(values.begin(), values.end());
      expect_near(s.shortfall_high5, exact_tail(values, 0.05), which, "high tail");
    }
}

TEST(Result, SmoothSamplesAreMuchBetterThanTheirBound) {
  std::vector<float> values = values_of(cases()[0], 100000);
  const Statistic s = statistic(sample(Scale::price, values), 0, 0);
  std::sort(values.begin(), values.end());
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    EXPECT_NEAR(s.quantile[i] / exact_quantile(values, quantile_levels[i]), 1, 4e-4);
  EXPECT_NEAR(s.shortfall_low5 / exact_tail(values, 0.05), 1, 1e-4);
  std::reverse(values.begin(), values.end());
  EXPECT_NEAR(s.shortfall_high5 / exact_tail(values, 0.05), 1, 1e-4);
}

TEST(Result, ConstantsWholeNumbersAndLimitsAreExact) {
  const Statistic same = statistic(sample(Scale::price, std::vector<float>(1000, 2.337F)), 0, 0);
  for (const double q : same.quantile) EXPECT_EQ(q, static_cast<double>(2.337F));
  EXPECT_EQ(same.mean, static_cast<double>(2.337F));
  EXPECT_EQ(same.variance, 0);
  EXPECT_EQ(same.shortfall_high5, same.mean);
  const Statistic share = statistic(sample(Scale::share, {0.5F, 0.75F, 1.0F, 1.0F, 1.0F, 1.0F}), 0, 0);
  EXPECT_EQ(share.quantile[6], 1.0);
}

TEST(Result, MeanAndVarianceAreExact) {
  for (const Case& which : cases()) {
    const std::vector<float> values = values_of(which, 20000);
    const Statistic s = statistic(sample(which.scale, values), 0, 0);
    long double sum = 0, squares = 0;
    for (const float x : values) sum += static_cast<long double>(x);
    const long double mean = sum / 20000;
    for (const float x : values) squares += (static_cast<long double>(x) - mean) * (static_cast<long double>(x) - mean);
    EXPECT_NEAR(s.mean, static_cast<double>(mean), 1e-15 * std::fabs(s.mean)) << which.name;
    const double deviation = static_cast<double>(std::sqrt(squares / 19999));
    EXPECT_NEAR(std::sqrt(s.variance), deviation, 1e-12 * deviation) << which.name;
    EXPECT_DOUBLE_EQ(s.standard_error, std::sqrt(s.variance / 20000));
  }
}

TEST(Result, MissingAndInvalidAreCountedApart) {
  const Statistic s = statistic(
      sample(Scale::price, {1.0F, 3.3e38F, missing_value, missing_value, std::nanf(""), -1e30F, -1.0F, INFINITY}), 0,
      0);
  EXPECT_EQ(s.defined, 4U);
  EXPECT_EQ(s.missing, 2U);
  EXPECT_EQ(s.invalid, 2U);
  EXPECT_EQ(s.smallest, static_cast<double>(-1e30F));
  EXPECT_EQ(s.largest, static_cast<double>(3.3e38F));
  const Statistic none = statistic(sample(Scale::price, {missing_value}), 0, 0);
  for (const double x :
       {none.mean, none.variance, none.standard_error, none.quantile[4], none.shortfall_low5, none.largest})
    EXPECT_TRUE(std::isnan(x));
  const Statistic one = statistic(sample(Scale::price, {2.0F}), 0, 0);
  EXPECT_EQ(one.mean, 2.0);
  EXPECT_TRUE(std::isnan(one.variance) && std::isnan(one.standard_error));
}

/// P(at most k) of n trials, from the logarithms of factorials.
double binomial_at_most(int n, double p, int k) {
  double sum = 0;
  for (int j = 0; j <= k; ++j)
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(j + 1) - std::lgamma(n - j + 1) + j * std::log(p) +
                    (n - j) * std::log1p(-p));
  return sum;
}

TEST(QuantileRanks, AreTheTightestOrderStatisticsThatBound) {
  for (const int n : {1, 2, 5, 6, 20, 100, 367, 368, 1500, 5000}) {
    const QuantileRanks ranks(static_cast<std::uint64_t>(n));
    for (std::size_t i = 0; i < quantile_levels.size(); ++i) {
      const double p = quantile_levels[i];
      const int low = ranks.low[i] ? static_cast<int>(*ranks.low[i]) : -1;
      const int high = ranks.high[i] ? static_cast<int>(*ranks.high[i]) : n;
      EXPECT_LE(binomial_at_most(n, p, low), 0.025) << n << " " << p;  // the quantile is below X(low)
      EXPECT_TRUE(low + 1 == n || binomial_at_most(n, p, low + 1) > 0.025) << n << " " << p;
      EXPECT_LE(1 - binomial_at_most(n, p, high), 0.025 + 1e-12) << n << " " << p;  // above X(high)
      EXPECT_TRUE(high == 0 || 1 - binomial_at_most(n, p, high - 1) > 0.025) << n << " " << p;
    }
  }
  EXPECT_FALSE(QuantileRanks(5).low[4]);
  EXPECT_EQ(QuantileRanks(6).low[4], 0U);
  EXPECT_FALSE(QuantileRanks(367).low[0]);
  EXPECT_EQ(QuantileRanks(368).low[0], 0U);
  EXPECT_FALSE(QuantileRanks(0).high[4]);
}

/// Of 400 samples the intervals must hold the true quantile in 95 % or more; four standard deviations allowed.
TEST(QuantileRanks, IntervalsHoldTheTrueQuantileAsOftenAsTheySay) {
  constexpr int samples = 400;
  std::array<int, 9> held{};
  for (std::uint64_t k = 0; k < samples; ++k) {
    std::vector<float> values;
    for (std::uint64_t i = 0; i < 1000; ++i) values.push_back(static_cast<float>(uniform(k, i, 77)));
    const Statistic s = statistic(sample(Scale::price, values), 0, 0);
    for (std::size_t i = 0; i < quantile_levels.size(); ++i)
      held[i] += s.quantile_low[i] <= quantile_levels[i] && quantile_levels[i] <= s.quantile_high[i] ? 1 : 0;
  }
  const double least = 0.95 * samples - 4 * std::sqrt(samples * 0.95 * 0.05);
  for (const int count : held) EXPECT_GE(count, least);
}

TEST(Result, FiguresOfAnySizeAndSpread) {
  const Statistic tiny = statistic(sample(Scale::price, {2e-30F, 4e-30F, 6e-30F}), 0, 0);
  EXPECT_NEAR(tiny.mean, 4e-30, 1e-36);
  EXPECT_NEAR(std::sqrt(tiny.variance), 2e-30, 1e-36);
  EXPECT_NEAR(tiny.quantile[4], 4e-30, 4e-30 * quantile_error_bound);
  const Statistic mixed_sizes = statistic(sample(Scale::price, {-1e38F, 1e38F, 1e-20F}), 0, 0);
  EXPECT_EQ(mixed_sizes.mean, static_cast<double>(1e-20F) / 3);
  EXPECT_NEAR(std::sqrt(mixed_sizes.variance), 1e38, 1e32);
  const Statistic close = statistic(sample(Scale::price, {1e6F, 1e6F + 0.0625F}), 0, 0);  // an ulp apart
  EXPECT_EQ(close.mean, 1e6 + 0.03125);
  EXPECT_EQ(close.variance, 0.0625 * 0.0625 / 2);
}

// R: binom::binom.wilson and statsmodels proportion_confint(method="wilson").
TEST(Result, WilsonIntervals) {
  const Probability half = probability(50, 100), few = probability(1, 10), none = probability(0, 20),
                    all = probability(20, 20);
  EXPECT_NEAR(half.low, 0.4038315303659956, 1e-14);
  EXPECT_NEAR(half.high, 0.5961684696340044, 1e-14);
  EXPECT_NEAR(few.low, 0.0178762131, 1e-10);
  EXPECT_NEAR(few.high, 0.4041500268, 1e-10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611251581, 1e-10);
  EXPECT_NEAR(all.low, 1 - none.high, 1e-15);
  EXPECT_EQ(all.high, 1);
  EXPECT_TRUE(std::isnan(probability(0, 0).value));
}

TEST(Result, EventsAreReadFromTheirCounts) {
  Tallies tallies(make_tally_layout(4, {bin_spec(Scale::price)}, {{0, 1, 0, 1.0F}}));
  RunTotals totals(tallies.layout());
  totals.paths = 125;
  totals.first_passage = {4, 0, 21, 35, 40, 25};
  totals.recovery = {0, 20, 10, 0, 20, 10};
  tallies.add_totals(totals);
  const EventResult event = event_result(tallies, 0);
  EXPECT_EQ(event.undefined, 25U);
  EXPECT_EQ(event.passed, 60U);
  EXPECT_EQ(event.recovered, 30U);
  EXPECT_EQ(event.recovery_undefined, 10U);
  EXPECT_DOUBLE_EQ(event.recovered_share(), 30.0 / 50);
  EXPECT_DOUBLE_EQ(event.occurs.value, 0.6) << "of the 100 that are defined";
  EXPECT_EQ(event.occurs.low, probability(60, 100).low);
  EXPECT_DOUBLE_EQ(event.mean_recovery, 40.0 / 30);
  EXPECT_EQ(event.cumulative, (std::vector<double>{0.04, 0.04, 0.25, 0.60}));
  EXPECT_EQ(event.quantile_month, (std::array<int, 9>{0, 2, 2, 2, 3, -1, -1, -1, -1}));
}

TEST(Result, AnEventThatIsNowhereDefinedHasNoProbability) {
  Tallies tallies(make_tally_layout(2, {bin_spec(Scale::price)}, {{0, 1, 0, 1.0F}}));
  RunTotals totals(tallies.layout());
  totals.paths = 7;
  totals.first_passage = {0, 0, 0, 7};
  tallies.add_totals(totals);
  const EventResult event = event_result(tallies, 0);
  EXPECT_EQ(event.undefined, 7U);
  EXPECT_TRUE(std::isnan(event.occurs.value) && std::isnan(event.occurs.low) && std::isnan(event.occurs.high));
  EXPECT_TRUE(std::isnan(event.cumulative[1]));
  EXPECT_EQ(event.quantile_month[4], -1);
}

TEST(Result, BundlesEverything) {
  const Tallies tallies = run(range(0, 400), 64);
  const Result result(tallies);
  EXPECT_EQ(result.months(), months);
  EXPECT_EQ(result.measures(), 7);
  EXPECT_EQ(result.events(), 3);
  EXPECT_EQ(result.digest(), tallies.digest());
  EXPECT_EQ(result.totals().paths, 400U);
  EXPECT_EQ(result.statistic(3, 6).mean, statistic(tallies, 3, 6).mean);
  EXPECT_EQ(result.event(0).passed, event_result(tallies, 0).passed);
  double iterations = 0;
  for (std::uint64_t path = 0; path < 400; ++path)
    for (std::uint64_t month = 0; month < months; ++month)
      iterations += static_cast<double>(std::min<std::uint64_t>(mixed(path, month, 9) % 25, 20));
  EXPECT_DOUBLE_EQ(result.mean_iterations(), iterations / (400 * months));
}

}  // namespace
}  // namespace chokepoint
