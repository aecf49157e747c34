#include <gtest/gtest.h>

#include "verification/rounding.hpp"

// Float against double on the same draws: docs/verification.md tells 100,000 paths of the baseline, this test some.
namespace chokepoint::verification {
namespace {

/// Together, 99 % of the values of every measure agree to 1e-3, and those of the rental price all do.
TEST(Rounding, FloatFollowsDoubleUntilAPathBranches) {
  const auto scenario = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/baseline.toml");
  const RoundingReport report = compare_precisions(scenario, 1, 0, 192);
  EXPECT_EQ(report.paths, 192u);
  EXPECT_LE(report.branched, 4u) << "one path in thousands branches";
  std::uint64_t compared = 0, equal_prices = 0;
  for (const MeasureRounding& measure : report.measures) {
    compared += measure.together.compared();
    EXPECT_LE(measure.together.share_above(rounding_bound), rounding_exceptions) << measure.name;
    if (measure.name == "rental_price") {
      EXPECT_LT(measure.together.largest(), rounding_bound);
      equal_prices = measure.together.compared() - measure.together.differing();
    }
  }
  EXPECT_GT(compared, 1000000u);
  EXPECT_LT(equal_prices, compared / 10) << "the two are not one engine";
}

}  // namespace
}  // namespace chokepoint::verification
