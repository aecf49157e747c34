#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "one_shot/clear.hpp"

/// Published equilibria and closed forms, each from its file in configs/markets. Tolerances: half a unit of the last
/// digit published, or what is stated beside the case; closed forms to rounding.
namespace chokepoint {
namespace {

ClearedMarkets cleared(const std::string& name, const std::vector<std::string>& overrides = {}) {
  const ClearedMarkets out =
      clear(read_one_shot(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/markets/" + name + ".toml", overrides));
  EXPECT_TRUE(out.solved) << name << " residual " << out.residual;
  return out;
}

void expect_quantities(const ClearedMarkets& got, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(got.firms.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(got.firms[i].quantity, expected[i], tolerance);
}

TEST(PublishedCases, MurphySheraliSoysterCournot) {
  const auto got = cleared("murphy_cournot");
  expect_quantities(got, {36.9325, 41.8181, 43.7066, 42.6592, 39.1790}, 0.5e-4);
  EXPECT_NEAR(*got.markets[0].price, 18.3006, 0.5e-4);
  EXPECT_NEAR(*got.markets[0].hhi, 2007.31, 0.005);
}

TEST(PublishedCases, MurphySheraliSoysterPriceTaking) {
  const auto got = cleared("murphy_price_taking");
  expect_quantities(got, {44.2628, 50.2959, 50.7747, 47.3421, 41.6578}, 0.5e-4);
  // The price printed is 16.1550; the quantities printed with it give 16.15494 on each firm's cost curve and on demand.
  EXPECT_NEAR(*got.markets[0].price, 16.1550, 1e-4);
  EXPECT_NEAR(*got.markets[0].price, 6 + 50.7747 / 5, 1e-5);
}

TEST(PublishedCases, LinearCournotWithIdleFirm) {
  const auto got = cleared("linear_idle_firm");
  expect_quantities(got, {30, 20, 10, 0}, 1e-12);
  EXPECT_NEAR(*got.markets[0].price, 40, 1e-12);
  EXPECT_NEAR(*got.markets[0].lerner, 0.583333, 0.5e-6);
  EXPECT_NEAR(*got.markets[0].hhi / 10000 / *got.markets[0].elasticity, *got.markets[0].lerner, 1e-9);
  EXPECT_FALSE(got.firms[3].quantity > 0);
}

TEST(PublishedCases, KrepsScheinkman) {
  const auto got = cleared("kreps_scheinkman");
  EXPECT_NEAR(*got.markets[0].price, 1.0 / 3, 1e-9);
  expect_quantities(got, {1.0 / 3, 1.0 / 3}, 1e-9);
  // The same capacities as Cournot players: capacity is what each would choose.
  const auto cournot = cleared("kreps_scheinkman", {"firm.one.conduct=1", "firm.two.conduct=1", "firm.one.capacity=0.9",
                                                    "firm.two.capacity=0.9"});
  EXPECT_NEAR(*cournot.markets[0].price, 1.0 / 3, 1e-9);
}

TEST(PublishedCases, TextbookHhi) {
  const auto four = cleared("hhi_four_firms"), nine = cleared("hhi_nine_firms");
  EXPECT_NEAR(*four.markets[0].hhi, 2600, 1e-9);
  EXPECT_NEAR(*nine.markets[0].hhi, 1540, 1e-9);
  EXPECT_NEAR(nine.markets[0].ratio[3], 0.70, 1e-12);
  EXPECT_FALSE(four.markets[0].price);
}

TEST(PublishedCases, FoundryRevenue) {
  const auto got = cleared("foundry_2025q2");
  EXPECT_NEAR(*got.markets[0].hhi, 5386.06, 0.005);
  EXPECT_NEAR(got.markets[0].ratio[3], 0.8991, 0.5e-4);
}

TEST(ClosedForms, SymmetricOligopolyMarksUp) {
  for (const int count : {1, 3, 5, 1000}) {
    const auto got = cleared("symmetric_oligopoly", {"firm.five.count=" + std::to_string(count)});
    const double margin = 0.35 / (count * 1.2);
    EXPECT_NEAR(*got.markets[0].price, 1.5 / (1 - margin), 1e-9) << count;
    EXPECT_NEAR(*got.markets[0].lerner, margin, 1e-9);
    EXPECT_NEAR(*got.markets[0].hhi, 10000.0 / count, 1e-6);
    EXPECT_NEAR(got.markets[0].quantity, 900 * std::pow(1.5 / (1 - margin), -1.2), 1e-6);
  }
}

TEST(ClosedForms, MeritOrderAtZeroConduct) {
  const auto got = cleared("merit_order");
  EXPECT_EQ(*got.markets[0].price, 4);
  expect_quantities(got, {70, 30, 20, 0}, 1e-12);
  // Between two steps demand sets the price: 130 p^-0.5 sells 100 at 1.69.
  EXPECT_NEAR(*cleared("merit_order", {"segment.buyers.quantity=180"}).markets[0].price, 3.24, 1e-9);
}

TEST(ClosedForms, ScarcityPrice) {
  EXPECT_NEAR(*cleared("scarcity").markets[0].price, std::pow(2.5, 0.8), 1e-9);
  EXPECT_NEAR(*cleared("scarcity").markets[0].utilisation, 1, 1e-12);
}

TEST(ClosedForms, BarredRegionsDecouple) {
  const auto got = cleared("two_regions_barred");
  EXPECT_NEAR(*got.markets[0].price, 1.2 / (1 - 0.5 / 4.4), 1e-9);
  EXPECT_NEAR(*got.markets[1].price, 2 / (1 - 0.5 / 1.8), 1e-9);
  const auto other = cleared("two_regions_barred", {"segment.eastern.quantity=9000"});
  EXPECT_NEAR(*other.markets[0].price, *got.markets[0].price, 1e-9);
  const auto weight =
      cleared("two_regions_barred", {"segment.western.weight={west=1, east=0}", "segment.western.trade_cost={}"});
  EXPECT_NEAR(*weight.markets[0].price, *got.markets[0].price, 1e-9);
}

TEST(ClosedForms, TradeCostBoundsThePriceGap) {
  for (const double sigma : {40.0, 200.0, 1000.0}) {
    const std::string value = std::to_string(sigma);
    const auto got = cleared("two_regions_trade", {"segment.western.sigma=" + value, "segment.eastern.sigma=" + value});
    const double imports = got.segments[1].quantity - 100;  // westerners buy at home
    EXPECT_EQ(*got.markets[0].price, 1);
    EXPECT_NEAR(*got.markets[1].price, 1.25 * std::pow(imports / 100, 1 / sigma), 1e-8) << sigma;
  }
  const auto barred = cleared("two_regions_trade",
                              {"segment.western.trade_cost.east=barred", "segment.eastern.trade_cost.west=barred"});
  EXPECT_NEAR(*barred.markets[1].price, std::pow(6, 1 / 1.2), 1e-9);
}

TEST(ClosedForms, LargeSigmaEqualisesPrices) {
  const double capacity[] = {320, 220, 100};
  for (const double sigma : {2.0, 10.0, 100.0, 1000.0, 10000.0}) {
    const auto got = cleared("class_arbitrage", {"segment.buyers.sigma=" + std::to_string(sigma)});
    // All full: p_m = (A / K)^(1/eps) (a_m K / K_m)^(1/sigma), K the sum of the K_m.
    for (std::size_t m = 0; m < 3; ++m)
      EXPECT_NEAR(*got.markets[m].price, std::pow(1000 / 640.0, 1 / 1.1) * std::pow(640 / (3 * capacity[m]), 1 / sigma),
                  1e-8)
          << sigma;
  }
}

TEST(ClosedForms, PriceCeilingRations) {
  const auto got = cleared("price_ceiling");
  const auto& market = got.markets[0];
  EXPECT_EQ(market.status, MarketStatus::rationed);
  EXPECT_NEAR(*market.price, 1.5, 1e-12);
  EXPECT_NEAR(market.shortage, 1000 * std::pow(1.5, -1.25) - 400, 1e-8);
  EXPECT_NEAR(market.expenditure, 600, 1e-9);
  const auto high = cleared("price_ceiling", {"market.rental.price_ceiling=3"});
  EXPECT_EQ(high.markets[0].status, MarketStatus::cleared);
  EXPECT_NEAR(*high.markets[0].price, std::pow(2.5, 0.8), 1e-9);
}

ClearedMarkets cleared_text(const std::string& text) {
  return clear(read_one_shot_text(text));
}

TEST(Edges, NoTradeAboveTheChokePrice) {
  const auto got = cleared_text("[[segment]]\nform='linear'\nintercept=10\nslope=1\n[[firm]]\ncost=12\n");
  EXPECT_TRUE(got.solved);
  EXPECT_EQ(got.markets[0].status, MarketStatus::no_trade);
  EXPECT_FALSE(got.markets[0].price);
  EXPECT_EQ(got.markets[0].quantity, 0);
  // Just under it: the monopoly quantity (10 - c) / 2, to its last digits.
  for (const double gap : {1e-3, 1e-6, 0x1p-40}) {
    const auto thin = cleared_text(
        "[[segment]]\nform='linear'\nintercept=10\nslope=1\n[[firm]]\ncost=" + fmt::format("{}", 10 - gap) + "\n");
    EXPECT_EQ(thin.markets[0].status, MarketStatus::cleared);
    EXPECT_NEAR(thin.markets[0].quantity, (10 - (10 - gap)) / 2, 1e-14 * gap);
  }
  // At it nobody trades either.
  const auto level = cleared_text("[[segment]]\nform='linear'\nintercept=10\nslope=1\n[[firm]]\ncost=10\n");
  EXPECT_EQ(level.markets[0].status, MarketStatus::no_trade);
}

TEST(Edges, MarketWithoutCapacityHasNoPrice) {
  const std::string two =
      "[[market]]\nname='a'\n[[market]]\nname='b'\n[[segment]]\nquantity=100\nelasticity=1.5\nsigma=4\n"
      "[[firm]]\nname='x'\nmarket='a'\ncost=1\ncapacity=50\nconduct=0\n";
  for (const std::string& other : {std::string(), std::string("[[firm]]\nmarket='b'\ncost=1\ncapacity=0\n")}) {
    const auto got = cleared_text(two + other);
    EXPECT_TRUE(got.solved);
    EXPECT_EQ(got.markets[1].status, MarketStatus::no_supply);
    // All buy in a, whose weight is 1/2: D = 100 * 2^(-eps/sigma) p^-eps = 50.
    EXPECT_NEAR(*got.markets[0].price, std::pow(2 * std::pow(2, -1.5 / 4), 1 / 1.5), 1e-8);
  }
}

TEST(Edges, FixedQuantitySetsThePriceByDemand) {
  const auto got =
      cleared_text("[[segment]]\nform='linear'\nintercept=10\nslope=0.5\n[[firm]]\nquantity=6\n[[firm]]\nquantity=2\n");
  EXPECT_NEAR(*got.markets[0].price, 6, 1e-9);
  EXPECT_NEAR(*got.markets[0].hhi, 6250, 1e-9);
}

}  // namespace
}  // namespace chokepoint
