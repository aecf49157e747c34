#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "one_shot/clear.hpp"

/// One-shot markets end at their sharp limit: no smoothing, no cancellation, no end of the range of numbers. What is
/// expected is solved by hand, or in closed form.
namespace chokepoint {
namespace {

ClearedMarkets cleared_limit(const std::string& text) {
  return clear(read_one_shot_text(text));
}

std::string isoelastic(double quantity, double elasticity) {
  return "[[segment]]\nquantity=" + std::to_string(quantity) + "\nelasticity=" + std::to_string(elasticity) + "\n";
}

constexpr const char* linear_ten = "[[segment]]\nform='linear'\nintercept=10\nslope=1\n";

/// A price-taker whose cost hardly rises wishes for thousands of capacities: the difference to its capacity had no
/// digits.
TEST(Limit, ASteepWishFillsTheCapacity) {
  for (const char* beta : {"5.5", "6", "10"}) {
    const auto got = cleared_limit(isoelastic(100, 1) + "[[firm]]\ncost=1\nslope=0.01\nbeta=" + beta +
                                   "\ncapacity=10\ncapacity_scale=10\nconduct=0\n[[firm]]\ncost=3\ncount=4\n");
    ASSERT_TRUE(got.solved) << beta;
    EXPECT_EQ(got.firms[0].quantity, 10);
    // 100 / p - 10 = 4 (1 - 3 / p) 100 / p: 10 p^2 + 300 p - 1200 = 0.
    EXPECT_NEAR(*got.markets[0].price, -15 + std::sqrt(225.0 + 120), 1e-12);
  }
}

/// A capacity that never binds changes no digit, also where the marginal cost at it is beyond all range.
TEST(Limit, ACapacityOutOfReachChangesNothing) {
  for (const auto& [beta, capacity, price] : {std::tuple{"0.05", "1000", 5.46841}, {"0.2", "1e8", 5.37235}}) {
    const std::string firm = std::string("[[firm]]\ncost=1\nslope=1\ncapacity_scale=1\nbeta=") + beta + "\n";
    const std::string other = "[[firm]]\ncost=2\n";
    const auto got = cleared_limit(linear_ten + firm + "capacity=" + capacity + "\n" + other);
    EXPECT_EQ(*got.markets[0].price, *cleared_limit(linear_ten + firm + other).markets[0].price);
    EXPECT_NEAR(*got.markets[0].price, price, 0.5e-5);
    EXPECT_LT(*got.firms[0].marginal_cost, 5);
  }
}

/// The price-taker at the margin sells just what is left: 100 / 2 less the 20 and 5 of those before it.
TEST(Limit, ThePriceTakerAtTheMarginIsExact) {
  const auto got = cleared_limit(isoelastic(100, 1) +
                                 "[[firm]]\ncost=1\ncapacity=20\nconduct=0\n[[firm]]\ncost=2\ncapacity=1e6\nconduct=0\n"
                                 "[[firm]]\nquantity=5\n[[firm]]\ncost=2\nconduct=0.5\n");
  EXPECT_EQ(*got.markets[0].price, 2);
  EXPECT_NEAR(got.firms[1].quantity, 25, 1e-13 * 25);
  EXPECT_EQ(got.firms[3].quantity, 0);
  EXPECT_LE(got.residual, 1e-15);
}

TEST(Limit, EqualPriceTakersShareByCapacity) {
  const auto got = cleared_limit(
      isoelastic(100, 1) + "[[firm]]\ncost=2\ncapacity=30\nconduct=0\n[[firm]]\ncost=2\ncapacity=90\nconduct=0\n");
  EXPECT_NEAR(got.firms[0].quantity, 12.5, 1e-12);
  EXPECT_NEAR(got.firms[1].quantity, 37.5, 1e-12);
}

/// Sizes eighteen orders of magnitude apart in one market. The large Cournot firm: (1 - 1 / 1.2) 1.5 of demand.
TEST(Limit, CapacitiesFarApart) {
  const auto got =
      cleared_limit(isoelastic(1, 1.5) +
                    "[[firm]]\ncost=1\ncapacity=1e-9\n[[firm]]\ncost=1\ncapacity=1e9\n"
                    "[[firm]]\ncost=1.2\ncapacity=1e9\nconduct=0\n[[firm]]\ncost=1.2\ncapacity=1e-9\nconduct=0\n");
  const double demand = std::pow(1.2, -1.5);
  ASSERT_TRUE(got.solved);
  EXPECT_EQ(*got.markets[0].price, 1.2);
  EXPECT_EQ(got.firms[0].quantity, 1e-9);
  EXPECT_NEAR(got.firms[1].quantity, demand / 4, 1e-15);
  EXPECT_NEAR(got.firms[2].quantity, demand * 0.75 - 1e-9, 1e-14);
  EXPECT_NEAR(got.firms[3].quantity, got.firms[2].quantity * 1e-18, 1e-32);
}

/// Costs spread by nearly nothing, conduct of nearly nothing: prices known to their last digit do not fix outputs.
TEST(Limit, NearlyFlatSupply) {
  for (const char* spread : {"1e-9", "1e-12"}) {
    const auto got =
        cleared_limit(isoelastic(100, 1) + "[[firm]]\ncost=1\ncapacity=150\nconduct=0\ndispersion=" + spread + "\n");
    ASSERT_TRUE(got.solved) << spread;
    EXPECT_NEAR(got.firms[0].quantity, 100, 1e-6);
    EXPECT_LE(got.residual, 1e-10);
  }
  const auto got =
      cleared_limit(isoelastic(100, 1) + "[[firm]]\ncost=1\nconduct=1e-9\n[[firm]]\ncost=1\nconduct=3e-9\n");
  EXPECT_NEAR(got.firms[0].share, 0.75, 1e-10);
  EXPECT_NEAR(got.firms[1].share, 0.25, 1e-10);
}

/// Price-takers whose cost hardly rises at first, beside another market: Newton's steps pass their supply by, and
/// markets brought to their roots in turn find it. Values from scipy (brentq), with the price of a at 2.
TEST(Limit, SteepSupplyBesideAnotherMarket) {
  const auto got = cleared_limit(
      "[[market]]\nname='a'\n[[market]]\nname='b'\n"
      "[[segment]]\nquantity=160\nelasticity=0.51\nsigma=7\nweight={a=1,b=0.3}\ntrade_cost={a=1.6268730997018592,b=1}\n"
      "[[firm]]\nmarket='a'\ncost=2\ncount=27\nconduct=0\nslope=0.2\ncapacity_scale=70\nbeta=0.1\ncapacity=100\n"
      "[[firm]]\nmarket='b'\ncost=1.4\ncount=15\nconduct=0.04\ncapacity=1000\n");
  ASSERT_TRUE(got.solved);
  EXPECT_NEAR(*got.markets[0].price, 2, 1e-15);
  EXPECT_NEAR(*got.markets[1].price, 1.4065750900652523, 1e-14);
  EXPECT_NEAR(got.firms[0].quantity, 1.243955060391716, 1e-12);
  EXPECT_NEAR(got.firms[1].quantity, 132.27300165716608, 1e-10);
}

/// A price-taker's cost that rises by (5 / 100)^20 over all that is wanted: no price in double says how much it sells.
TEST(Limit, ACostThatRisesByLessThanNumbersHold) {
  const std::string firm = "[[firm]]\ncost=2\nconduct=0\nslope=1\ncapacity_scale=100\nbeta=0.05\n";
  const auto got = cleared_limit(isoelastic(10, 1) + firm);
  ASSERT_TRUE(got.solved);
  EXPECT_EQ(*got.markets[0].price, 2);
  EXPECT_NEAR(got.firms[0].quantity, 5, 1e-14);
  EXPECT_FALSE(got.firms[0].utilisation || got.markets[0].utilisation);  // it has no capacity
  const auto full = cleared_limit(isoelastic(10, 1) + firm + "capacity=4\n");
  ASSERT_TRUE(full.solved);
  EXPECT_NEAR(*full.markets[0].price, 2.5, 1e-15);
  EXPECT_EQ(*full.firms[0].utilisation, 1);
  // One without any capacity stays out of the way.
  const auto idle =
      cleared_limit(isoelastic(10, 1) + "[[firm]]\ncost=4\nconduct=0\n\ncapacity=9\n" + firm + "capacity=0\n");
  ASSERT_TRUE(idle.solved);
  EXPECT_NEAR(idle.firms[0].quantity, 2.5, 1e-14);
  EXPECT_EQ(idle.firms[1].quantity, 0);
  // Beside a Cournot firm of lower cost, which sells (1 - 1.5 / 2) of what is wanted at 2.
  const auto beside = cleared_limit(isoelastic(10, 1) + "[[firm]]\ncost=1.5\n" + firm);
  ASSERT_TRUE(beside.solved);
  EXPECT_NEAR(beside.firms[0].quantity, 1.25, 1e-14);
  EXPECT_NEAR(beside.firms[1].quantity, 3.75, 1e-14);
}

/// Price-takers whose units cost nothing flood a market of linear demand: it clears at 0, by capacity.
TEST(Limit, AFreeGood) {
  const auto got =
      cleared_limit(std::string(linear_ten) + "[[firm]]\ncost=0\ncapacity=30\nconduct=0\n[[firm]]\nquantity=4\n");
  EXPECT_EQ(got.markets[0].status, MarketStatus::cleared);
  EXPECT_EQ(*got.markets[0].price, 0);
  EXPECT_NEAR(got.firms[0].quantity, 6, 1e-14);
  EXPECT_NEAR(*got.surplus, 50, 1e-12);
}

void expect_impossible(const std::string& text, const char* words) {
  const auto got = cleared_limit(text);
  EXPECT_FALSE(got.solved) << text;
  for (const ClearedMarket& market : got.markets) {
    EXPECT_EQ(market.status, MarketStatus::impossible) << text;
    EXPECT_NE(market.reason.find(words), std::string::npos) << market.reason;
    EXPECT_FALSE(market.price);
  }
}

TEST(Existence, WhatIsProvenImpossibleIsSaid) {
  expect_impossible(isoelastic(100, 1.5) + "[[firm]]\ncost=0\n", "falls to 0");
  expect_impossible(isoelastic(100, 1) + "[[firm]]\ncost=0\n", "every price clears the market");
  expect_impossible(isoelastic(100, 0.9) + "[[firm]]\ncost=1\n", "market power");
  expect_impossible(isoelastic(100, 1) + "[[firm]]\ncost=1\n", "market power");  // the price rises without end
  expect_impossible("[[segment]]\nform='linear'\nintercept=100\nslope=1\n[[firm]]\nquantity=150\n[[firm]]\ncost=10\n",
                    "more than buyers would take for nothing (100)");
  const std::string two =
      "[[market]]\nname='x'\n[[market]]\nname='y'\n[[firm]]\nmarket='x'\ncost=1\n[[firm]]\nmarket='y'\ncost=1\n";
  expect_impossible(two + "[[segment]]\nquantity=9\nelasticity=0.5\nsigma=0.9\n", "at most 0.9");
  // At equal weights the elasticity is (sigma + eps) / 2: 1 is not enough, 1.005 is.
  expect_impossible(two + "[[segment]]\nquantity=9\nelasticity=0.5\nsigma=1.5\n", "what buyers can switch");
  const auto just = cleared_limit(two + "[[segment]]\nquantity=9\nelasticity=0.5\nsigma=1.51\n");
  EXPECT_TRUE(just.solved);
  EXPECT_NEAR(*just.markets[0].price, 201, 1e-8);
}

/// A market without equilibrium does not keep others from theirs; a ceiling gives it one.
TEST(Existence, OneMarketAlone) {
  const std::string two =
      "[[market]]\nname='x'\n[[market]]\nname='y'\n[[firm]]\nmarket='x'\ncost=1\n[[firm]]\nmarket='y'\ncost=1\n"
      "[[segment]]\nmarket='x'\nquantity=9\nelasticity=0.5\n[[segment]]\nmarket='y'\nquantity=9\nelasticity=2\n";
  const auto got = cleared_limit(two);
  EXPECT_FALSE(got.solved);
  EXPECT_EQ(got.markets[0].status, MarketStatus::impossible);
  EXPECT_EQ(got.markets[1].status, MarketStatus::cleared);
  EXPECT_NEAR(*got.markets[1].price, 2, 1e-12);
  const std::vector<std::string> ceiling = {"market.x.price_ceiling=3"};
  const auto capped = clear(read_one_shot_text(two, "<text>", ceiling));
  EXPECT_TRUE(capped.solved);
  EXPECT_EQ(capped.markets[0].status, MarketStatus::capped);
}

}  // namespace
}  // namespace chokepoint
