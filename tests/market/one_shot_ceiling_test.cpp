#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "one_shot/clear.hpp"

/// Price ceilings, who gains, and who owns, in one-shot markets (docs/model.md, section 5g).
namespace chokepoint {
namespace {

ClearedMarkets cleared_by_ceiling(const std::string& text) {
  return clear(read_one_shot_text(text));
}

/// Demand 100 p^-1.5 under a ceiling.
std::string regulated(const std::string& ceiling, const std::string& firms) {
  return "[[market]]\nname='m'\nprice_ceiling=" + ceiling + "\n[[segment]]\nquantity=100\nelasticity=1.5\n" + firms;
}

void expect_sold(const std::string& text, MarketStatus status, double quantity, double shortage) {
  const auto got = cleared_by_ceiling(text);
  ASSERT_TRUE(got.solved) << text;
  EXPECT_EQ(got.markets[0].status, status) << text;
  EXPECT_NEAR(got.markets[0].quantity, quantity, 1e-9) << text;
  EXPECT_NEAR(got.markets[0].shortage, shortage, 1e-9) << text;
  EXPECT_LE(got.residual, 1e-10);
}

/// Marginal revenue at a binding ceiling is the ceiling itself: firms sell up to demand or capacity.
TEST(Ceilings, FirmsSellWhatIsWanted) {
  const std::string monopolist = "[[firm]]\ncost=1\n", three = "[[firm]]\ncost=1\ncount=3\nconduct=0.35\n";
  const auto wanted = [](double price) { return 100 * std::pow(price, -1.5); };
  expect_sold(regulated("50", monopolist), MarketStatus::cleared, wanted(3), 0);
  EXPECT_NEAR(wanted(3), 19.2, 0.05);
  expect_sold(regulated("1.1", monopolist), MarketStatus::capped, wanted(1.1), 0);
  EXPECT_NEAR(wanted(1.1), 86.7, 0.05);
  expect_sold(regulated("50", three), MarketStatus::cleared, wanted(1 / (1 - 0.35 / 4.5)), 0);
  expect_sold(regulated("1.05", three), MarketStatus::capped, wanted(1.05), 0);
  EXPECT_NEAR(wanted(1.05), 92.9, 0.05);
  // At a ceiling that is the cost it is all the same to it; below it, it sells nothing.
  expect_sold(regulated("1.0", monopolist), MarketStatus::capped, 100, 0);
  expect_sold(regulated("0.9", monopolist), MarketStatus::unwilling, 0, wanted(0.9));
  EXPECT_NEAR(cleared_by_ceiling(regulated("0.9", monopolist)).markets[0].demand, wanted(0.9), 1e-9);
}

/// Shortages only where capacity is short, or marginal cost above the ceiling.
TEST(Ceilings, ShortageIsOfCapacityOrWillingness) {
  const double wanted = 100 * std::pow(1.1, -1.5);
  expect_sold(regulated("1.1", "[[firm]]\ncost=1\ncapacity=60\n"), MarketStatus::rationed, 60, wanted - 60);
  // Marginal cost 1 + q / 100 reaches the ceiling at 10.
  expect_sold(regulated("1.1", "[[firm]]\ncost=1\nslope=0.01\n"), MarketStatus::rationed, 10, wanted - 10);
  expect_sold(regulated("1.1", "[[firm]]\ncost=1\ncapacity=60\n[[firm]]\ncost=1.05\ncapacity=60\n"),
              MarketStatus::capped, wanted, 0);
  const auto short_of = cleared_by_ceiling(regulated("1.1", "[[firm]]\ncost=1\ncapacity=60\n"));
  EXPECT_NEAR(*short_of.markets[0].shadow_price, std::pow(0.6, -1 / 1.5), 1e-12);
}

/// Firms share what the ceiling makes them sell by one common loss of market power: (1 - c / p) / theta.
TEST(Ceilings, UnlikeFirmsLoseMarketPowerAlike) {
  const auto got = cleared_by_ceiling(regulated("1.1", "[[firm]]\ncost=1\n[[firm]]\ncost=1.05\nconduct=0.5\n"));
  EXPECT_EQ(got.markets[0].status, MarketStatus::capped);
  EXPECT_NEAR(got.firms[0].quantity / got.firms[1].quantity, (0.1 / 1) / (0.05 / 0.5), 1e-12);
}

/// Who goes short in one market looks elsewhere, as at the shadow price: prices there are those that clear if the first
/// market's price were free and its supply what it is.
TEST(Ceilings, RationedBuyersLookElsewhere) {
  const std::string common =
      "[[market]]\nname='y'\n[[segment]]\nquantity=100\nelasticity=1.2\nsigma=4\n"
      "[[firm]]\nmarket='y'\ncost=1\ncount=3\n";
  const auto capped = cleared_by_ceiling("[[market]]\nname='x'\nprice_ceiling=1.2\n" + common +
                                         "[[firm]]\nmarket='x'\ncost=1\ncapacity=9\n");
  const auto free = cleared_by_ceiling("[[market]]\nname='x'\n" + common + "[[firm]]\nmarket='x'\nquantity=9\n");
  ASSERT_TRUE(capped.solved);
  EXPECT_EQ(capped.markets[0].status, MarketStatus::rationed);
  EXPECT_EQ(*capped.markets[0].price, 1.2);
  EXPECT_NEAR(*capped.markets[0].shadow_price, *free.markets[0].price, 1e-10);
  EXPECT_NEAR(*capped.markets[1].price, *free.markets[1].price, 1e-10);
  EXPECT_GT(capped.markets[0].shortage, 0);
}

double integral(double from, double to, double (*f)(double)) {
  double sum = 0;
  constexpr int steps = 200000;
  for (int k = 0; k < steps; ++k) sum += f(from + (to - from) * (k + 0.5) / steps);
  return sum * (to - from) / steps;
}

/// Areas under the demand curve and over the cost curve, by sums.
TEST(Surplus, IsTheAreaUnderTheCurves) {
  const auto got = cleared_by_ceiling(
      "[[segment]]\nform='linear'\nintercept=10\nslope=0.5\n[[firm]]\ncost=1\nslope=0.3\nbeta=0.5\ncapacity_scale=4\n");
  const double q = got.firms[0].quantity, p = *got.markets[0].price;
  EXPECT_NEAR(*got.surplus, (10 - p) * q / 2, 1e-12);
  const double cost = q + 0.3 / 16 * q * q * q / 3;
  EXPECT_NEAR(*got.firms[0].profit, p * q - cost, 1e-11);
  // 60 of 86.7 at 1.1: the area between willingness to pay (q / 100)^(-2/3) and 1.1, to 60.
  const auto short_of = cleared_by_ceiling(regulated("1.1", "[[firm]]\ncost=1\ncapacity=60\n"));
  const double area = 100 * integral(0, std::cbrt(0.6), [](double u) { return 3 * u * u * (1 / (u * u) - 1.1); });
  EXPECT_NEAR(*short_of.segments[0].surplus, area, 1e-6);
  EXPECT_NEAR(*short_of.firms[0].profit, 6, 1e-12);
}

/// Where demand is inelastic buyers would pay any sum: no number is printed for it.
TEST(Surplus, NotFiniteWhereTheIntegralDiverges) {
  for (const auto& [elasticity, finite] : {std::pair{"0.9", false}, {"1", false}, {"1.1", true}}) {
    const auto got =
        cleared_by_ceiling(std::string("[[segment]]\nquantity=100\nelasticity=") + elasticity +
                           "\n[[segment]]\nquantity=100\nelasticity=3\n[[firm]]\ncost=1\ncapacity=90\nconduct=0\n");
    EXPECT_EQ(got.segments[0].surplus.has_value(), finite);
    EXPECT_EQ(got.segments[0].is_infinite, !finite);
    EXPECT_EQ(got.surplus.has_value(), finite);
    EXPECT_TRUE(got.segments[1].surplus.has_value());
  }
}

TEST(Owners, CountAsOne) {
  const auto got = cleared_by_ceiling(
      "[[firm]]\nname='a'\nquantity=30\nowner='big'\n[[firm]]\nname='b'\nquantity=20\nowner='big'\n"
      "[[firm]]\nname='c'\nquantity=40\n[[firm]]\nname='small'\nquantity=10\ncount=10\n");
  EXPECT_NEAR(*got.markets[0].hhi, 900 + 400 + 1600 + 10, 1e-9);
  EXPECT_NEAR(*got.markets[0].owners_hhi, 2500 + 1600 + 10, 1e-9);
  ASSERT_EQ(got.owners.size(), 3u);
  EXPECT_EQ(got.owners[0].name, "big");
  EXPECT_NEAR(got.owners[0].share, 0.5, 1e-12);
}

TEST(Lerner, OfAnIdleFirmIsNotDefined) {
  const auto got =
      cleared_by_ceiling("[[segment]]\nform='linear'\nintercept=100\nslope=1\n[[firm]]\ncost=10\n[[firm]]\ncost=80\n");
  EXPECT_TRUE(got.firms[0].lerner.has_value());
  EXPECT_FALSE(got.firms[1].lerner.has_value());
  EXPECT_EQ(got.firms[1].quantity, 0);
  EXPECT_TRUE(got.markets[0].lerner.has_value());
}

}  // namespace
}  // namespace chokepoint
