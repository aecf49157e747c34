#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "scenario/measure_layout.hpp"

/// Every figure of every measure and month, against the values that the paths had.
namespace chokepoint {
namespace {

Scenario config(const char* name) {
  return read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/" + name);
}

/// Values of every row [months][measures] on all paths, in rising order; what is no number is left out, and what is
/// under 2^-126 is 0, as in tallies.
std::vector<std::vector<double>> sorted_values(const Scenario& scenario, const RunOptions& options,
                                               const TallyLayout& layout) {
  std::vector<std::vector<double>> values(layout.rows());
  std::mutex mutex;
  const Scenario* const all[] = {&scenario};
  walk_paths(all, options, [&](int, std::uint64_t, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    for (int month = 0; month < layout.months; ++month)
      for (int measure = 0; measure < layout.measures(); ++measure)
        for (const float value : rows[0].row(month, measure))
          if (unusable_mask(bits_of(value)) == 0)
            values[layout.row(month, measure)].push_back(std::fabs(value) < 0x1p-126F ? 0 : static_cast<double>(value));
  });
  for (std::vector<double>& row : values) std::sort(row.begin(), row.end());
  return values;
}

/// Allowed error of what lies between sorted values: that of the larger one.
void expect_quantiles(const Statistic& reported, const std::vector<double>& sorted, const std::string& where) {
  for (std::size_t k = 0; k < quantile_levels.size(); ++k) {
    const double rank = quantile_levels[k] * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const double a = sorted[below], b = sorted[std::min(below + 1, sorted.size() - 1)];
    const double exact = a + (rank - static_cast<double>(below)) * (b - a);
    EXPECT_LE(std::fabs(reported.quantile[k] - exact), quantile_error_bound * std::max(std::fabs(a), std::fabs(b)))
        << where << " level " << quantile_levels[k];
  }
}

/// Mean of the first 5 % of ordered values, the last in part, and of their sizes, which the error is measured by.
void expect_shortfall(double reported, const std::vector<double>& ordered, const std::string& where) {
  const double all = 0.05 * static_cast<double>(ordered.size());
  double wanted = all, sum = 0, size = 0;
  for (std::size_t i = 0; wanted > 0; ++i, wanted -= 1) {
    sum += std::min(wanted, 1.0) * ordered[i];
    size += std::min(wanted, 1.0) * std::fabs(ordered[i]);
  }
  EXPECT_LE(std::fabs(reported - sum / all), (quantile_error_bound + 1e-12) * size / all) << where << " shortfall";
}

void expect_moments(const Statistic& reported, const std::vector<double>& sorted, const std::string& where) {
  const auto size = static_cast<long double>(sorted.size());
  long double sum = 0, squares = 0;
  for (const double value : sorted) sum += static_cast<long double>(value);
  const long double mean = sum / size;
  for (const double value : sorted) {
    const long double distance = static_cast<long double>(value) - mean;
    squares += distance * distance;
  }
  const double deviation = static_cast<double>(std::sqrt(squares / (size - 1)));
  const double allowed = 1e-6 * std::max(std::fabs(static_cast<double>(mean)), deviation);
  EXPECT_LE(std::fabs(reported.mean - static_cast<double>(mean)), allowed) << where;
  EXPECT_LE(std::fabs(std::sqrt(reported.variance) - deviation), allowed) << where;
  if (deviation > 1e-6 * std::fabs(static_cast<double>(mean))) {
    EXPECT_NEAR(std::sqrt(reported.variance) / deviation, 1, 1e-6) << where;  // of small spreads too
  }
}

void expect_all_figures(const Scenario& scenario, std::uint64_t paths) {
  RunOptions options;
  options.paths = paths;
  const RunOutcome outcome = run_paths(scenario, options);
  const TallyLayout& layout = outcome.all->layout();
  std::vector<std::vector<double>> values = sorted_values(scenario, options, layout);
  const std::vector<std::string> names = measure_names(scenario);
  for (int month = 0; month < layout.months; ++month)
    for (int measure = 0; measure < layout.measures(); ++measure) {
      std::vector<double>& sorted = values[layout.row(month, measure)];
      const Statistic reported = statistic(*outcome.all, month, measure);
      const std::string where = names[static_cast<std::size_t>(measure)] + " month " + std::to_string(month);
      ASSERT_EQ(reported.defined, sorted.size()) << where;
      if (sorted.size() < 2) continue;
      EXPECT_LE(std::fabs(reported.smallest - sorted.front()), 0x1p-126) << where;
      EXPECT_LE(std::fabs(reported.largest - sorted.back()), 0x1p-126) << where;
      expect_moments(reported, sorted, where);
      expect_quantiles(reported, sorted, where);
      expect_shortfall(reported.shortfall_low5, sorted, where);
      std::reverse(sorted.begin(), sorted.end());
      expect_shortfall(reported.shortfall_high5, sorted, where);
    }
}

TEST(ExactStatistics, OfTheBaseline) {
  expect_all_figures(config("baseline.toml"), 1500);
}

TEST(ExactStatistics, OfTheBaselineOver240Months) {
  Scenario scenario = config("baseline.toml");
  scenario.months = 240;
  expect_all_figures(scenario, 500);
}

/// Large fringes, huge fees: values beyond what measures usually show.
TEST(ExactStatistics, OfMarketsOfAnotherSize) {
  Scenario scenario = config("smoke.toml");
  for (config::Segment& segment : scenario.segments) segment.tokens_per_user_million *= 1e9;
  scenario.efficiency.volatility = 2;
  expect_all_figures(scenario, 2000);
}

}  // namespace
}  // namespace chokepoint
