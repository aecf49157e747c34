#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <string>
#include <utility>

#include "one_shot/clear.hpp"
#include "one_shot/deviation.hpp"
#include "one_shot/lower.hpp"
#include "one_shot/roots.hpp"

/// Buyers that differ make demand less elastic as the price rises: profit has several peaks and the first-order
/// conditions several solutions. `clear` shows one at which no firm gains by any other output (docs/model.md, section
/// 5g). What is expected was computed with scipy: roots by brentq on a fine grid of prices, best replies by a scan over
/// outputs.
namespace chokepoint {
namespace {

std::string buyers(std::initializer_list<std::pair<double, double>> quantities_and_elasticities) {
  std::string text;
  for (const auto& [quantity, elasticity] : quantities_and_elasticities)
    text += "[[segment]]\nquantity=" + std::to_string(quantity) + "\nelasticity=" + std::to_string(elasticity) + "\n";
  return text;
}

const std::string sole_seller = "[[firm]]\ncost=1\n";

ClearedMarkets cleared_by_deviation(const std::string& text) {
  return clear(read_one_shot_text(text));
}

void expect_price(const std::string& text, double price, double profit) {
  const ClearedMarkets got = cleared_by_deviation(text);
  ASSERT_TRUE(got.solved) << text << got.markets[0].reason;
  EXPECT_NEAR(*got.markets[0].price, price, 1e-12 * price) << text;
  EXPECT_NEAR(*got.firms[0].profit, profit, 1e-12 * profit) << text;
  EXPECT_LE(got.residual, 1e-13);
}

void expect_none(const std::string& text, const char* words) {
  const ClearedMarkets got = cleared_by_deviation(text);
  EXPECT_FALSE(got.solved) << text;
  EXPECT_EQ(got.markets[0].status, MarketStatus::impossible) << text << *got.markets[0].price;
  EXPECT_NE(got.markets[0].reason.find(words), std::string::npos) << got.markets[0].reason;
}

/// Peaks at 1.399 (profit 10.84) and at 10.98; with more of the elastic buyers the low one is the higher.
TEST(Deviation, AMonopolistTakesTheHighestPeak) {
  expect_price(buyers({{100, 6}, {20, 1.1}}) + sole_seller, 10.980535313173402, 14.305902236784195);
  expect_price(buyers({{100, 6}, {20, 1.1}}) + sole_seller + "[solver]\nstart_price=1.3\n", 10.980535313173402,
               14.305902236784195);
  expect_price(buyers({{340, 6}, {20, 1.1}}) + sole_seller, 1.2319352421116154, 26.24657740771799);
}

/// Three firms that collude are the monopolist; so is one beside others that would lose at its price.
TEST(Deviation, ACartelIsAMonopolist) {
  expect_price(buyers({{100, 6}, {20, 1.1}}) + sole_seller + "count=3\nconduct=3\n", 10.980535313173402,
               14.305902236784195);
  expect_price(buyers({{100, 6}, {20, 1.1}}) + sole_seller + "[[firm]]\ncost=12\n", 10.980535313173402,
               14.305902236784195);
}

/// Peaks are equal at a quantity of 157.6573; here their profits differ by 7e-7.
TEST(Deviation, NearlyEqualPeaksAreDistinguished) {
  expect_price(buyers({{157.657147, 6}, {20, 1.1}}) + sole_seller, 10.969192495865904, 14.306231364446461);
  expect_price(buyers({{157.657462, 6}, {20, 1.1}}) + sole_seller, 1.2838658725567007, 14.306241355906863);
}

TEST(Deviation, EarningsThatGrowWithoutEndLeaveNoEquilibrium) {
  const std::string mix = buyers({{100, 4}, {20, 0.6}});
  expect_none(mix + sole_seller, "grows without end");
  expect_none(mix + sole_seller + "capacity=3\nslope=2\ncapacity_scale=1\n", "grows without end");
  expect_none(mix + sole_seller + "count=4\nconduct=4\n", "grows without end");
  expect_none(mix + sole_seller + "conduct=2\n[[firm]]\ncost=1.1\nconduct=2\n", "grows without end");
  // At 1.252 the second stays out, and the first supposes that it would at any price.
  expect_none(buyers({{300, 5}, {1, 0.6}}) + sole_seller + "[[firm]]\ncost=1.5\n", "ever more as the price rises");
  // A rival that sells, a smaller conduct: prices stay finite.
  EXPECT_TRUE(cleared_by_deviation(mix + sole_seller + "[[firm]]\ncost=1.1\n").solved);
  EXPECT_TRUE(cleared_by_deviation(mix + sole_seller + "conduct=0.5\n").solved);
}

/// Beside another market the switchers leave, and those bound to this one stay.
TEST(Deviation, BoundBuyersOfACoupledMarket) {
  const std::string two =
      "[[market]]\nname='a'\n[[market]]\nname='b'\n[[firm]]\nmarket='a'\ncost=1\n"
      "[[firm]]\nmarket='b'\ncost=1\n[[segment]]\nquantity=100\nelasticity=3\nsigma=4\n";
  const ClearedMarkets got = cleared_by_deviation(two + "[[segment]]\nmarket='a'\nquantity=1\nelasticity=0.6\n");
  for (const ClearedMarket& market : got.markets) EXPECT_EQ(market.status, MarketStatus::impossible);
  EXPECT_NE(got.markets[0].reason.find("grows without end"), std::string::npos) << got.markets[0].reason;
  EXPECT_TRUE(cleared_by_deviation(two + "[[segment]]\nmarket='a'\nquantity=1\nelasticity=1.2\n").solved);
}

/// The limit of profit as the price rises is 20, approached from below and never reached; 148.5 at 1.50 is more than 1.
TEST(Deviation, AtAnElasticityOfOneTheLimitCounts) {
  expect_none(buyers({{10, 3}, {20, 1}}) + sole_seller, "offer less than is bought");
  expect_none(buyers({{79, 3}, {20, 1}}) + sole_seller, "up to 20 as the price rises");
  expect_price(buyers({{80, 3}, {20, 1}}) + sole_seller, 2, 20);  // as much as the limit, and reached
  expect_price(buyers({{1000, 3}, {1, 1}}) + sole_seller, 1.5011266906707221, 148.48173160662236);
}

/// A capacity that allows the high peak (1.433 units) changes no digit; a smaller one is sold in full.
TEST(Deviation, CapacitiesFarApart) {
  const std::string text = buyers({{100, 6}, {20, 1.1}}) + sole_seller + "capacity=";
  for (const char* capacity : {"1e9", "100", "1.5"})
    expect_price(text + capacity, 10.980535313173402, 14.305902236784195);
  const double price = std::pow(20e9, 1 / 1.1);  // of the last 1e-9; the elastic buyers are gone
  expect_price(text + "1e-9", price, 1e-9 * (price - 1));
}

/// The peak at 1.418 earns 37.80; a ceiling of 5 allows 32.4, one of 9 allows 43.2.
TEST(Deviation, UnderACeiling) {
  const std::string text = buyers({{300, 4}, {20, 0.6}}) + sole_seller + "market='a'\n";
  expect_price("[[market]]\nname='a'\nprice_ceiling=5\n" + text, 1.418489074385169, 37.79604668283447);
  const ClearedMarkets got = cleared_by_deviation("[[market]]\nname='a'\nprice_ceiling=9\n" + text);
  ASSERT_TRUE(got.solved);
  EXPECT_EQ(got.markets[0].status, MarketStatus::capped);
  EXPECT_EQ(*got.markets[0].price, 9);
  EXPECT_NEAR(*got.firms[0].profit, 8 * (300 / 6561.0 + 20 * std::pow(9, -0.6)), 1e-12);
}

TEST(Deviation, OfSeveralEquilibriaTheLowestIsShownAndTheOthersNamed) {
  const ClearedMarkets half = cleared_by_deviation(buyers({{100, 8}, {20, 0.6}}) + sole_seller + "conduct=0.5\n");
  EXPECT_NEAR(*half.markets[0].price, 1.0917238622006598, 1e-12);
  ASSERT_EQ(half.markets[0].other_prices.size(), 1U);  // not 1.733, which a firm leaves
  EXPECT_NEAR(half.markets[0].other_prices[0], 5.996761810541215, 1e-11);
  const std::string pair = sole_seller + "conduct=1.5\n" + sole_seller + "conduct=1.5\n";
  const ClearedMarkets two = cleared_by_deviation(buyers({{100, 8}, {20, 0.8}}) + pair);
  EXPECT_NEAR(*two.markets[0].price, 1.1648313072772647, 1e-12);
  ASSERT_EQ(two.markets[0].other_prices.size(), 1U);
  EXPECT_NEAR(two.markets[0].other_prices[0], 15.99997689192745, 1e-10);
}

TEST(Deviation, WhereEveryRootIsLeftNoEquilibriumExists) {
  // At 1.399 the first would rather sell at 10.98, where the second would come in.
  expect_none(buyers({{100, 6}, {20, 1.1}}) + sole_seller + "[[firm]]\ncost=1.6\n",
              "at a price of 1.39904 firm 1 earns 10.8376, and would earn 14.3059 at one of 10.9805");
  // Two that suppose their rival to follow them, one for one: the larger would rather sell as if alone.
  expect_none(buyers({{10, 3}}) + sole_seller + "conduct=2\n[[firm]]\ncost=1.5\nconduct=2\n",
              "at a price of 1.875 firm 1 earns 0.929185, and would earn 0.937387 at one of 2.5447");
  expect_none(buyers({{1, 2}, {20, 0.7}}) + sole_seller + "conduct=1.5\n" + sole_seller + "conduct=1.5\n",
              "at every price the firms offer less than is bought");
}

/// Two monopolists with the same switchers, one of them also with buyers bound to it. With 200 units of switchers it
/// has first-order solutions at 1.330 (profit 11.1), at 1.798, a valley, and at 10.996 (14.3); with 300 the first
/// earns 14.4.
TEST(Deviation, CoupledMarketsGoToWhereNoFirmGains) {
  const auto expect = [](const std::string& switchers, double price_a, double price_b) {
    const ClearedMarkets got = cleared_by_deviation(
        "[[market]]\nname='a'\n[[market]]\nname='b'\n[[firm]]\nmarket='a'\ncost=1\n[[firm]]\nmarket='b'\ncost=1.3\n"
        "[[segment]]\nmarket='a'\nquantity=20\nelasticity=1.1\n[[segment]]\nelasticity=6\nsigma=7\nquantity=" +
        switchers);
    ASSERT_TRUE(got.solved) << got.markets[0].reason;
    EXPECT_NEAR(*got.markets[0].price, price_a, 1e-12 * price_a);
    EXPECT_NEAR(*got.markets[1].price, price_b, 1e-12 * price_b);
    EXPECT_TRUE(got.markets[0].other_prices.empty());
  };
  for (const char* start : {"", "[solver]\nstart_price=1.3\n", "[solver]\nstart_price=15\n"}) {
    expect(std::string("200\n") + start, 10.99634890420861, 1.5599999398639037);
    expect(std::string("300\n") + start, 1.2658827875475933, 1.5246731363020283);
  }
}

/// Enclosures find three crossings on some hundredths of an octave, and say that there is no other.
TEST(Roots, AllOfAMarketAlone) {
  const auto curves = lower(read_one_shot_text(buyers({{100, 8}, {20, 0.6}}) + sole_seller + "conduct=0.5\n"));
  const Roots roots = roots_alone(*curves, 0);
  EXPECT_TRUE(roots.is_complete);
  ASSERT_EQ(roots.at.size(), 3U);
  EXPECT_NEAR(std::exp2(roots.at[1].position[0]), 1.7334458226125502, 1e-12);
}

/// An idle firm's profit is 0, not a small negative number.
TEST(Deviation, AnIdleFirmEarnsNothing) {
  const ClearedMarkets got = cleared_by_deviation(buyers({{100, 6}}) + sole_seller + "[[firm]]\ncost=5\n");
  EXPECT_EQ(got.firms[1].quantity, 0);
  EXPECT_FALSE(std::signbit(*got.firms[1].profit));
}

}  // namespace
}  // namespace chokepoint
