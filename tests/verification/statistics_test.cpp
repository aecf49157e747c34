#include <gtest/gtest.h>

#include <cmath>

#include "verification/statistics.hpp"

// Small samples of what docs/verification.md tells from large ones. Tolerances are four to five standard errors.
namespace chokepoint::verification {
namespace {

TEST(Statistics, ErrorOfMeansFallsAsTheRootOfThePaths) {
  const MeanErrors got = mean_errors(50);
  EXPECT_NEAR(got.slope, -0.5, 4 * got.slope_error * std::sqrt(2.0));
}

TEST(Statistics, QuantilesAreWithinTheirBound) {
  const QuantileErrors got = quantile_errors(1000);
  EXPECT_GT(got.quantiles, 10000u);
  EXPECT_LE(got.worst, 1.0);
  EXPECT_GT(got.worst, 0.0);
}

/// Wilson's intervals are discrete: their true coverage moves about the nominal one by some percent.
TEST(Statistics, IntervalsCoverAtTheirNominalRate) {
  const Coverage got = coverage(200);
  const double tolerance = 4 * std::sqrt(0.05 * 0.95 / got.seeds);
  EXPECT_NEAR(got.mean_covered, 0.95 * got.seeds, tolerance * got.seeds);
  EXPECT_NEAR(got.likely_covered, 0.95 * got.seeds, (tolerance + 0.01) * got.seeds);
  EXPECT_NEAR(got.rare_covered, 0.95 * got.seeds, (tolerance + 0.02) * got.seeds);
  EXPECT_GT(got.rare, 0.001);
  EXPECT_LT(got.rare, 0.3);
  EXPECT_NEAR(got.likely, 0.5, 0.4);
}

TEST(Statistics, DrawsThatDifferInOnePartOfTheirKeyAreIndependent) {
  const Independence got = independence(200000);
  for (const Independence::Pair& pair : got.pairs) {
    EXPECT_LT(std::abs(pair.correlation), 4.5) << pair.differ;
    EXPECT_LT(std::abs(pair.chi_square), 5) << pair.differ;
  }
}

TEST(Statistics, ScenariosThatDifferInAPolicyShareAllOtherDraws) {
  const CommonDraws got = common_draws(2000);
  EXPECT_EQ(got.shared, got.exogenous);
  EXPECT_NE(got.difference, 0);
  EXPECT_GT(got.variance_reduction, 4);
}

}  // namespace
}  // namespace chokepoint::verification
