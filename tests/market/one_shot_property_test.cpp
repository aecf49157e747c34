#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "commands/clear_solve.hpp"
#include "market/one_shot_cases.hpp"

/// What must hold in any market, on some hundreds of random ones (market/one_shot_cases.hpp).
namespace chokepoint {
namespace {

constexpr int trials = 300;
constexpr double close = 1e-7;  // log2 of a price

ClearingPrices solved(const OneShotMarkets<double>& curves, double start = 0) {
  const ClearingPrices prices = find_prices(curves, 1e-10, start);
  EXPECT_TRUE(prices.solved) << "residual " << prices.residual;
  return prices;
}

std::vector<int> active_markets(const OneShotMarkets<double>& curves) {
  std::vector<int> all;
  for (int m = 0; m < curves.markets; ++m)
    if (curves.active[m] > 0.5) all.push_back(m);
  return all;
}

/// The equilibrium is unique, as far as starts from a ten-thousandth to ten thousand can tell.
TEST(RandomMarkets, FarStartsEndAtTheSamePrices) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    const auto curves = lower(test::random_one_shot(seed));
    const ClearingPrices base = solved(*curves);
    for (const double start : {1e-4, 0.1, 1e4}) {
      const ClearingPrices other = solved(*curves, start);
      for (const int m : active_markets(*curves)) EXPECT_NEAR(other.log2_price[m], base.log2_price[m], close);
    }
  }
}

/// With price-takers, more demand of one segment lowers no price: markets are gross substitutes.
TEST(RandomMarkets, MoreDemandLowersNoPrice) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    OneShot one_shot = test::random_one_shot(seed);
    for (auto& firm : one_shot.firms) firm.conduct = 0;
    const auto before = lower(one_shot);
    auto& segment = one_shot.segments[seed % one_shot.segments.size()];
    if (segment.quantity)
      *segment.quantity *= 1.5;
    else
      *segment.intercept *= 1.5;
    const auto after = lower(one_shot);
    const ClearingPrices low = solved(*before), high = solved(*after);
    for (const int m : active_markets(*before)) EXPECT_GE(high.log2_price[m], low.log2_price[m] - close);
  }
}

/// More capacity never raises the price of its own market, whatever the conduct.
TEST(RandomMarkets, MoreCapacityRaisesNoOwnPrice) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    OneShot one_shot = test::random_one_shot(seed);
    const auto before = lower(one_shot);
    const std::size_t grower = seed % one_shot.firms.size();
    auto& firm = one_shot.firms[grower];
    if (!firm.capacity) continue;
    if (firm.slope == 0)
      *firm.capacity *= 1.4;
    else
      firm.capacity.reset();
    if (firm.slope > 0 && !firm.capacity_scale) continue;
    const auto after = lower(one_shot);
    const int own = before->firm[grower].market;
    if (before->active[own] < 0.5) continue;
    EXPECT_LE(solved(*after).log2_price[own], solved(*before).log2_price[own] + close);
  }
}

TEST(RandomMarkets, ConcentrationAndBooksAreInBounds) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    const OneShot one_shot = test::random_one_shot(seed);
    const ClearedMarkets got = clear(one_shot);
    for (const ClearedMarket& market : got.markets) {
      if (!market.price) continue;
      double firms = 0, quantity = 0;
      for (const ClearedFirm& firm : got.firms)
        if (firm.market == market.name) firms += firm.count, quantity += firm.quantity;
      EXPECT_NEAR(quantity, market.demand, 1e-6 * market.demand);
      EXPECT_GE(*market.hhi, 10000 / firms * (1 - 1e-12));
      EXPECT_LE(*market.hhi, 10000 * (1 + 1e-12));
      EXPECT_GE(*market.lerner, -1e-5);
      EXPECT_LE(market.utilisation.value_or(0), 1 + 1e-12);
    }
    double paid = 0, spent = 0;
    for (const ClearedMarket& market : got.markets) paid += market.expenditure;
    for (const ClearedSegment& segment : got.segments) spent += segment.expenditure;
    EXPECT_NEAR(spent, paid, 1e-6 * paid);
  }
}

/// Slope and lever times pull are the exact derivatives of the residual, elasticities included.
TEST(OneShotSystem, DerivativesAreThoseOfFiniteDifferences) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    auto curves = lower(test::random_one_shot(seed));
    curves->kink = 0.05;
    for (FirmCurve<double>& firm : curves->firm) firm.dispersion = 0.1;
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response base, up, down;
    double at[one_shot_markets] = {};
    for (int m = 0; m < curves->markets; ++m) at[m] = std::min(0.7 + 0.3 * m, curves->log2_ceiling[m] - 0.5);
    system.evaluate(at, base);
    const auto change = [&](int m, int j) {
      constexpr double step = 1e-6;
      double moved[one_shot_markets];
      std::copy(at, at + one_shot_markets, moved);
      moved[j] = at[j] + step;
      system.evaluate(moved, up);
      moved[j] = at[j] - step;
      system.evaluate(moved, down);
      return (up.residual[m] - down.residual[m]) / (2 * step * std::log(2.0));
    };
    for (const int m : active_markets(*curves)) {
      EXPECT_NEAR(base.slope[m], change(m, m), 1e-3 * (1 + std::abs(base.slope[m])));
      for (const int j : active_markets(*curves)) {
        const double exact = j == m ? 0 : std::max(0.0, -change(m, j));
        EXPECT_NEAR(base.lever[m] * base.pull[m][j], exact, 1e-3 * (1 + exact));
      }
    }
  }
}

/// Away from kinks the steps are those of a full Newton: errors square, for one market and for several.
class Quadratic : public testing::TestWithParam<const char*> {};

TEST_P(Quadratic, ErrorsSquare) {
  const auto curves = lower(read_one_shot(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/markets/" + GetParam()));
  double residual[8];
  for (int steps = 0; steps < 8; ++steps) {
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response response;
    ClearingPrices near = find_prices(*curves, 1e-10);
    double* log2_price = near.log2_price;
    for (int m = 0; m < curves->markets; ++m) log2_price[m] += 0.3 - 0.2 * m;
    residual[steps] = clear_markets<double>(system, {1e-15, steps, 0}, log2_price, response).residual;
  }
  EXPECT_GT(residual[0], 0.01);
  for (int steps = 1; steps < 6; ++steps)
    EXPECT_LT(residual[steps], std::max(3 * residual[steps - 1] * residual[steps - 1], 1e-12)) << steps;
}

INSTANTIATE_TEST_SUITE_P(Markets, Quadratic, testing::Values("murphy_cournot.toml", "coupled_oligopolies.toml"));

/// The root of linear y + curved y^exponent = margin, over many orders of magnitude.
TEST(FirmResponse, InnerRootSolvesItsEquation) {
  for (const double linear : {0.0, 1e-9, 0.3, 1e6})
    for (const double curved : {1e-9, 0.7, 1e6})
      for (const double exponent : {0.05, 0.8, 1.0, 1.25, 20.0})
        for (const double margin : {1e-8, 0.3, 1.0}) {
          const double y = wished_output(linear, curved, exponent, margin);
          if (y < 1e-30 || y > 1e30) continue;  // beyond, powers are cut off
          EXPECT_NEAR(linear * y + curved * std::pow(y, exponent), margin, 1e-12 * margin)
              << linear << " " << curved << " " << exponent << " " << margin;
        }
}

}  // namespace
}  // namespace chokepoint
