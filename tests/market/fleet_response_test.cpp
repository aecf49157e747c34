#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "market/fleet_response_cases.hpp"

/// Closed forms that the rental markets of the monthly model must tend to as dispersion and kink go to 0
/// (docs/model.md, section 5), in double, and the derivatives that its solver uses.
namespace chokepoint {
namespace {

using test::Rental;

TEST(FleetResponse, TendsToTheClippedCournotRule) {
  for (const double cost : {0.2, 0.7, 0.95, 1.3}) {
    for (const double power : {0.05, 0.3, 2.0}) {
      const auto fleet = test::respond(cost, power, 1e-9, 1e-9);
      const double rule = std::min(std::max((1 - cost) / power, 0.0), 1.0);
      EXPECT_NEAR(fleet.share, rule, 3e-8) << cost << " " << power;
    }
  }
}

TEST(FleetResponse, LastUnitRentedEarnsItsCost) {
  const double cost = 0.8, power = 0.3, dispersion = 0.1, kink = 0.02;
  const auto fleet = test::respond(cost, power, dispersion, kink);
  ASSERT_GT(fleet.share, kink);
  ASSERT_LT(fleet.share, 1 - kink);
  EXPECT_NEAR(1 - power * fleet.share, cost * (1 - dispersion + 2 * dispersion * fleet.share), 1e-15);
}

TEST(FleetResponse, DerivativesAreThoseOfFiniteDifferences) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int trial = 0; trial < 2000; ++trial) {
    const double cost = 0.3 + unit(random), power = 0.05 + unit(random), dispersion = 0.02 + 0.2 * unit(random);
    const double kink = 0.02 + 0.1 * unit(random), step = 1e-6;
    const auto at = [&](double ln_price, double ln_demand) {
      return test::respond(cost * std::exp(-ln_price), power * std::exp(-ln_demand), dispersion, kink);
    };
    const auto fleet = at(0, 0);
    const double by_price = (at(step, 0).share - at(-step, 0).share) / (2 * step);
    const double by_demand = (at(0, step).share - at(0, -step).share) / (2 * step);
    // The second derivative jumps at the ends of a rounded kink: there a difference is off by its step times the jump.
    EXPECT_NEAR(fleet.price_part, by_price, 3e-4) << "cost " << cost << " power " << power;
    EXPECT_NEAR(fleet.demand_part, by_demand, 3e-4) << "cost " << cost << " power " << power;
    EXPECT_GE(fleet.price_part, 0);
    EXPECT_GE(fleet.demand_part, 0);
  }
}

// (5.21)
TEST(RentalLimits, SymmetricOligopolyMarksUp) {
  for (const int firms : {1, 2, 5, 40}) {
    for (const double theta : {0.05, 0.35, 0.8}) {
      Rental rental(1, 1, 3);
      rental.add_unit(0, {1.5}, {1e5}, firms);
      rental.add_segment({900, 1.2, {1}});
      EXPECT_NEAR(rental.prices(theta)[0], 1.5 / (1 - theta / (firms * 1.2)), 1e-5) << firms << " " << theta;
    }
  }
}

// (5.22)
TEST(RentalLimits, ZeroConductIsMeritOrder) {
  Rental rental(1, 1, 3);
  const double cost[] = {1, 2.5, 4, 6}, capacity[] = {70, 30, 60, 80};
  for (int i = 0; i < 4; ++i) rental.add_unit(0, {cost[i]}, {capacity[i]});
  rental.add_segment({240, 0.5, {1}});
  EXPECT_NEAR(rental.prices(0)[0], 4, 2e-5);
}

// (5.23)
TEST(RentalLimits, TightCapacityIsScarcityPrice) {
  Rental rental(1, 1, 3);
  rental.add_unit(0, {0.4}, {300});
  rental.add_unit(0, {0.6}, {100});
  rental.add_segment({1000, 1.25, {1}});
  EXPECT_NEAR(rental.prices(0.35)[0], std::pow(2.5, 0.8), 1e-6);
}

TEST(RentalLimits, LargeSigmaEqualisesPricesOfClasses) {
  double gap_before = 1;
  for (const double sigma : {3.0, 12.0, 48.0}) {
    Rental rental(1, 3, sigma);
    rental.add_unit(0, {0.5, 0.45, 0.4}, {320, 220, 100});
    rental.add_segment({1000, 1.1, {1}});
    const auto price = rental.prices(0);
    // All full: p_m = (A / K)^(1/eps) (a_m K / K_m)^(1/sigma), K the sum of the K_m.
    const double capacity[] = {320, 220, 100};
    for (std::size_t m = 0; m < 3; ++m)
      EXPECT_NEAR(price[m], std::pow(1000 / 640.0, 1 / 1.1) * std::pow(640 / (3 * capacity[m]), 1 / sigma), 1e-5)
          << sigma;
    EXPECT_LT(price[2] / price[0] - 1, gap_before);
    gap_before = price[2] / price[0] - 1;
  }
  EXPECT_LT(gap_before, 0.03);
}

TEST(RentalLimits, BarredRegionsDecouple) {
  const auto west_price = [](double eastern_demand) {
    Rental rental(2, 1, 4);
    rental.add_unit(0, {1.2}, {1e5}, 4);
    rental.add_unit(1, {2.0}, {1e5}, 2);
    rental.add_segment({500, 1.1, {1, 0}});
    rental.add_segment({eastern_demand, 0.9, {0, 1}});
    const auto price = rental.prices(0.5);
    EXPECT_NEAR(price[1], 2 / (1 - 0.5 / (2 * 0.9)), 1e-5);
    return price[0];
  };
  EXPECT_NEAR(west_price(300), 1.2 / (1 - 0.5 / (4 * 1.1)), 1e-5);
  EXPECT_NEAR(west_price(3000), west_price(300), 1e-6);
}

TEST(RentalLimits, TradeCostBoundsThePriceGap) {
  for (const double tau : {1.1, 1.25, 1.5}) {
    Rental rental(2, 1, 40);
    rental.add_unit(0, {1.0}, {5000});
    rental.add_unit(1, {0.8}, {20});
    rental.add_segment({400, 1.2, {1, tau}});
    rental.add_segment({600, 1.2, {tau, 1}});
    const auto price = rental.prices(0);
    EXPECT_NEAR(price[0], 1, 1e-4);
    EXPECT_GT(price[1] / price[0], 1);
    // With imperfect substitutes the last 20 of 600 carry a premium of (600 / 20)^(1 / sigma) at most.
    EXPECT_LT(price[1] / price[0], tau * std::pow(30.0, 1.0 / 40));
  }
}

/// Slope, lever and pull against finite differences. Without market power the elasticity, which the solver's slope
/// holds fixed, does not enter, and the slope is the exact derivative.
TEST(RentalDerivatives, AreThoseOfFiniteDifferences) {
  std::mt19937 random(3);
  constexpr double step = 1e-6, ln2 = 0.6931471805599453;
  for (int trial = 0; trial < 200; ++trial) {
    Rental rental = test::random_rental(random);
    auto system = rental.system(0);
    double at[6];
    for (double& log2_price : at) log2_price = std::uniform_real_distribution<double>(-0.5, 1)(random);
    test::Response base, up, down;
    system.evaluate(at, base);
    for (int m = 0; m < 6; ++m) {
      double moved[6];
      std::copy(at, at + 6, moved);
      moved[m] = at[m] + step;
      system.evaluate(moved, up);
      moved[m] = at[m] - step;
      system.evaluate(moved, down);
      for (int j = 0; j < 6; ++j) {
        const double change = (up.residual[j] - down.residual[j]) / (2 * step * ln2);
        if (j != m) {
          EXPECT_LE(change, 1e-8) << "markets are gross substitutes";
        } else {
          EXPECT_NEAR(base.slope[m], change, 3e-4 * (1 + change));
        }
      }
    }
    for (double& log2_demand : rental.state->demand_log2) log2_demand += step / ln2;
    rental.system(0).evaluate(at, up);
    for (int m = 0; m < 6; ++m)
      EXPECT_NEAR(base.lever[m], -(up.residual[m] - base.residual[m]) / step, 1e-4 * (1 + base.lever[m]));
  }
}

TEST(RentalDerivatives, PullIsWhatARegionsPricesDoToDemand) {
  std::mt19937 random(4);
  constexpr double step = 1e-6, ln2 = 0.6931471805599453;
  for (int trial = 0; trial < 200; ++trial) {
    Rental rental = test::random_rental(random);
    auto system = rental.system(0.3);
    double at[6];
    for (double& log2_price : at) log2_price = std::uniform_real_distribution<double>(-0.5, 1)(random);
    const auto log_demand = [&](int r, int k, double by) {
      test::Response response;
      double moved[6];
      for (int m = 0; m < 6; ++m) moved[m] = at[m] + (m / 3 == k ? by / ln2 : 0);
      system.evaluate(moved, response);
      double demand = 0;
      for (const MarketIndex m : markets_of(*rental.p, RegionIndex(r))) demand += system.buyers().demand(m);
      return std::log(demand);
    };
    test::Response base;
    system.evaluate(at, base);
    for (int r = 0; r < 2; ++r)
      for (int k = 0; k < 2; ++k) {
        const double change = (log_demand(r, k, step) - log_demand(r, k, -step)) / (2 * step);
        EXPECT_NEAR(base.pull[r][k] - (r == k ? rental.p->demand.sigma : 0), change, 1e-6);
      }
  }
}

TEST(RentalSystem, RentIsWhatTheResidualCounted) {
  Rental rental(1, 2, 3);
  rental.add_unit(0, {0.9, 0.5}, {50, 40});
  rental.add_unit(0, {1.2, 0.7}, {30, 60}, 4);
  rental.add_segment({120, 1.1, {1}});
  rental.smooth(0.05);
  auto system = rental.system(0.4);
  const double log2_price[] = {0.4, 0.1};
  test::Response response;
  system.evaluate(log2_price, response);
  const auto at = system.region_prices(RegionIndex(0), log2_price);
  for (const ClassIndex c : classes(*rental.p)) {
    double supply = 0;
    for (const UnitIndex i : units(*rental.p)) supply += system.supplied(at, i, c);
    EXPECT_EQ(system.bought_share(at, RegionIndex(0), c), 1);
    EXPECT_NEAR(response.residual[c], supply / system.buyers().demand(market_index(*rental.p, RegionIndex(0), c)) - 1,
                1e-14);
  }
}

}  // namespace
}  // namespace chokepoint
