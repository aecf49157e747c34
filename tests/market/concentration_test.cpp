#include "chokepoint/market/concentration.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace chokepoint {
namespace {

template <class R>
Concentration<R> measured(const std::vector<R>& value, std::vector<R> count = {}) {
  if (count.empty()) count.assign(value.size(), R(1));
  std::vector<R> inverse;
  for (const R n : count) inverse.push_back(R(1) / n);
  return concentration<R>(value.data(), count.data(), inverse.data(), static_cast<int>(value.size()));
}

template <class R>
class ConcentrationOf : public testing::Test {
 protected:
  static constexpr double relative = sizeof(R) == 4 ? 1e-6 : 1e-14;
  static void expect_close(R got, double exact) { EXPECT_NEAR(static_cast<double>(got), exact, exact * relative); }
};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ConcentrationOf, Reals);

TYPED_TEST(ConcentrationOf, TextbookShares) {
  using R = TypeParam;
  const auto four = measured<R>({30, 30, 20, 20});
  this->expect_close(four.hhi, 2600);
  const double ratio[5] = {0.3, 0.6, 0.8, 1, 1};
  for (int k = 0; k < 5; ++k) this->expect_close(four.ratio[k], ratio[k]);
  const auto nine = measured<R>({4, 25, 20, 15, 10, 8, 7, 6, 5});  // the order is of no account
  this->expect_close(nine.hhi, 1540);
  this->expect_close(nine.ratio[3], 0.70);
  this->expect_close(nine.ratio[4], 0.78);
}

TYPED_TEST(ConcentrationOf, FringeCountsFirmByFirm) {
  using R = TypeParam;
  // 60 in one firm and 40 in a fringe of eight: 60^2 + 8 * 5^2.
  const auto grouped = measured<R>({60, 40}, {1, 8});
  this->expect_close(grouped.hhi, 3800);
  const auto single = measured<R>({60, 5, 5, 5, 5, 5, 5, 5, 5});
  this->expect_close(grouped.hhi, static_cast<double>(single.hhi));
  for (int k = 0; k < 5; ++k) this->expect_close(grouped.ratio[k], static_cast<double>(single.ratio[k]));
  // A fringe of three stops at three.
  const auto small = measured<R>({30, 50, 20}, {3, 1, 1});
  const double ratio[5] = {0.5, 0.7, 0.8, 0.9, 1.0};
  for (int k = 0; k < 5; ++k) this->expect_close(small.ratio[k], ratio[k]);
}

TYPED_TEST(ConcentrationOf, MonopolyEqualFirmsAndNothing) {
  using R = TypeParam;
  this->expect_close(measured<R>({7}).hhi, 10000);
  this->expect_close(measured<R>({0, 7, 0}).hhi, 10000);
  this->expect_close(measured<R>({80}, {16}).hhi, 625);
  this->expect_close(measured<R>({80}, {16}).ratio[4], 5.0 / 16);
  for (const std::vector<R>& none : {std::vector<R>{}, std::vector<R>{0, 0}}) {
    const auto nothing = measured<R>(none);
    EXPECT_EQ(nothing.hhi, R(0));
    for (const R ratio : nothing.ratio) EXPECT_EQ(ratio, R(0));
  }
}

TYPED_TEST(ConcentrationOf, FoundryRevenueWithinTheTen) {
  using R = TypeParam;
  const auto foundries = measured<R>({30239, 3159, 2209, 1903, 1688, 1061, 379, 372, 363, 345});
  EXPECT_NEAR(static_cast<double>(foundries.hhi), 5386.06, 0.005);
  EXPECT_NEAR(static_cast<double>(foundries.ratio[3]), 0.8991, 0.00005);
}

TYPED_TEST(ConcentrationOf, BoundsHoldForAnyShares) {
  using R = TypeParam;
  std::mt19937 random(5);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<R> value(1 + random() % 12);
    for (R& v : value) v = static_cast<R>(random() % 1000 + 1);
    const auto c = measured<R>(value);
    const double firms = static_cast<double>(value.size()), slack = 1 + 10 * this->relative;
    EXPECT_GE(static_cast<double>(c.hhi) * slack, 10000 / firms);
    EXPECT_LE(static_cast<double>(c.hhi), 10000 * slack);
    for (int k = 1; k < 5; ++k) {
      EXPECT_GE(c.ratio[k], c.ratio[k - 1]);
      EXPECT_LE(c.ratio[k], R(1));
    }
  }
}

}  // namespace
}  // namespace chokepoint
