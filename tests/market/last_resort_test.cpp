#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "market/fleet_response_cases.hpp"
#include "market/path_runner.hpp"

/// What the solver does where its first steps fail, and what it refuses to call solved (docs/model.md, section 5e).
namespace chokepoint {
namespace {

using test::Rental;
using test::Response;

/// Unlike the first steps' it is exact: buyers that want other markets each, and own elasticities that move.
TEST(LastResort, TheWholeRowIsTheJacobian) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int trial = 0; trial < 50; ++trial) {
    Rental rental = test::random_rental(random);
    for (int s = 0; s < 3; ++s) rental.p->demand.weight[s][(s + trial) % 6] = 0;
    auto system = rental.system(0.5);
    double at[6], row[6];
    for (double& price : at) price = unit(random);
    const auto residual_of = [&](int m, int k, double step) {
      double moved[6];
      std::copy(at, at + 6, moved);
      moved[k] += step;
      Response response;
      system.evaluate(moved, response);
      return response.residual[m];
    };
    Response response;
    system.evaluate(at, response);
    for (int m = 0; m < 6; ++m) {
      const double own = system.whole_row(response, m, row);
      for (int k = 0; k < 6; ++k) {
        const double step = 1e-5, ln2 = std::log(2.0);
        const double slope = (residual_of(m, k, step) - residual_of(m, k, -step)) / (2 * step * ln2);
        // A second derivative jumps at the ends of a kink, as in the tests of fleet_response.
        EXPECT_NEAR(k == m ? own : -row[k], slope, 2e-3 * std::max(1.0, std::abs(slope)))
            << trial << " " << m << " " << k;
        system.evaluate(at, response);
      }
    }
  }
}

using FloatResponse = MarketResponse<float, LargestShape::markets, LargestShape::regions>;

/// Two markets of one fleet each at prices 2^40 apart, in float. The first buyers may only enter the cheap market, the
/// second, if there are any, only the dear one.
FloatResponse far_apart(int segments) {
  Rental shape(2, 1, 8);
  shape.add_unit(0, {1}, {10});
  shape.add_unit(1, {1}, {10});
  const auto p = std::make_unique<Parameters<float>>();
  p->sizes = shape.p->sizes;
  p->sizes.segments = segments;
  p->solver.kink = 0.05f;
  p->solver.inverse_four_kinks = 5;
  p->solver.empty_capacity = 1e-6f;
  std::copy_n(shape.p->providers.first, 3, p->providers.first);
  std::fill_n(p->providers.conduct_weight, 2, 1.0f);
  std::fill_n(p->providers.dispersion, 2, 0.05f);
  const float elasticity[2] = {0.5f, 0.2f};
  p->demand.sigma = 8;
  for (int s = 0; s < 2; ++s) {
    p->demand.elasticity[s] = elasticity[s];
    p->demand.index_exponent[s] = elasticity[s] / 8 - 1;
    p->demand.sigma_less_elasticity[s] = 8 - elasticity[s];
    p->demand.weight[s][1 - s] = 1;
  }
  const auto month = std::make_unique<CalendarMonth<float>>();
  const auto state = std::make_unique<State<float>>();
  const auto flows = std::make_unique<Flows<float>>();
  std::fill_n(flows->open_share, 2, 1.0f);
  for (const UnitIndex i : {UnitIndex(0), UnitIndex(1)}) flows->capacity[fleet_index(*p, i, ClassIndex(0))] = 10;
  std::fill_n(p->providers.operations, 2, 1e-6f);
  std::fill_n(flows->market_capacity, 2, 10.0f);
  derive(*p);
  state->demand_log2[0] = 4;
  state->demand_log2[1] = 100;
  RentalSystem<float, Parameters<float>> system(*p, *month, *state, *flows);
  std::fill_n(system.conduct, 2, 0.5f);
  const float prices[2] = {20, -20};
  FloatResponse response;
  system.evaluate(prices, response);
  return response;
}

/// Buyers whose only market is far too dear leave the range of numbers; a market that they may not enter does not
/// notice.
TEST(LastResort, BuyersOutOfRangeDoNotTouchMarketsTheyMayNotEnter) {
  const FloatResponse alone = far_apart(1), together = far_apart(2);
  EXPECT_NE(together.pull[0][0], alone.pull[0][0]) << "they are there";
  EXPECT_EQ(together.residual[1], alone.residual[1]);
  EXPECT_EQ(together.slope[1], alone.slope[1]);
  EXPECT_EQ(together.lever[1], alone.lever[1]);
}

/// From prices 2^24 apart, with a single one of the usual steps.
TEST(LastResort, SolvesWhereOneStepIsAllThatNewtonGets) {
  std::mt19937 random(6);
  for (int trial = 0; trial < 100; ++trial) {
    Rental rental = test::random_rental(random);
    auto system = rental.system(0.5);
    double from_afar[6], usual[6] = {};
    for (int m = 0; m < 6; ++m) from_afar[m] = m % 2 ? 12 : -12;
    Response response;
    EXPECT_TRUE(clear_markets<double>(system, {1e-8, 1, 40}, from_afar, response).solved) << trial;
    EXPECT_TRUE(clear_markets<double>(system, {1e-8, 60, 0}, usual, response).solved) << trial;
    for (int m = 0; m < 6; ++m) EXPECT_NEAR(from_afar[m], usual[m], 1e-6) << trial << " " << m;
  }
}

/// Where a fleet earns many times its cost, the output it would wish for is far above what it has.
TEST(FleetResponse, FullFleetsRentAllTheyHaveAndNoMore) {
  for (float cost = 0.1f; cost > 1e-7f; cost *= 0.7f) {
    for (const float power : {0.0f, 1e-3f}) {
      const auto fleet = test::respond(cost, power, 0.05f, 0.05f);
      EXPECT_FLOAT_EQ(fleet.share, 1) << cost << " " << power;
      EXPECT_EQ(fleet.price_part, 0);
    }
  }
}

TEST(RentalRange, AMarketNobodyMayRentInIsClosed) {
  Rental rental(2, 1, 4);
  rental.add_unit(0, {1}, {100});
  rental.add_unit(1, {1}, {100});
  rental.add_segment({400, 1, {1, 0}});
  auto system = rental.system(0);
  EXPECT_EQ(system.active(0), 1);
  EXPECT_EQ(system.active(1), 0);
  EXPECT_NEAR(rental.prices(0)[0], 4, 1e-6);
}

/// Idle capacity a billion times demand: no price is represented finely enough for supply to meet it, and none need be.
TEST(RentalRange, ALittleDemandForMuchCapacityIsSolved) {
  Rental rental(1, 1, 4);
  rental.smooth(1e-3);
  rental.add_unit(0, {1}, {1e6});
  rental.add_segment({1e-3, 1, {1}});
  auto system = rental.system(0);
  double log2_price[LargestShape::markets] = {1};
  Response response;
  EXPECT_TRUE(clear_markets<double>(system, {1e-8, 40, 40, 20, 1e-10}, log2_price, response).solved);
  EXPECT_NEAR(std::exp2(log2_price[0]), 1, 2e-3) << "the price is that of the first unit rented";
}

/// A segment that may buy only where a chip-hour costs a hundred times what it costs elsewhere, at the largest sigma.
TEST(RentalRange, PricesTooFarApartAreUnsolvedNotWrong) {
  for (const double demand : {1e1, 1e3}) {
    Rental rental(2, 1, 20);
    rental.smooth(0.05);
    rental.add_unit(0, {1}, {1e3});
    rental.add_unit(1, {1}, {1});
    rental.add_segment({100, 1, {1, 0}});
    rental.add_segment({demand, 1, {0, 1}});
    auto system = rental.system(0);
    double log2_price[LargestShape::markets] = {};
    Response response;
    clear_markets<double>(system, {1e-8, 60, 40}, log2_price, response);
    EXPECT_EQ(system.buyers().in_range(), demand < 1e2) << "price of the second region " << std::exp2(log2_price[1]);
  }
}

/// The same in a scenario: China's users may buy at home only.
TEST(RentalRange, APathThatLeavesTheRangeCountsAsUnsolved) {
  for (const bool far : {false, true}) {
    const auto p =
        testing_support::smoke({"market.sigma=20", far ? "segment.users-cn.demand_kh100e=1e6" : "market.kink=0.05"});
    double largest = 0;
    testing_support::walk_path<double>(
        *p, 0, [&](const testing_support::Walk<double>& walk) { largest = std::max(largest, walk.flows.residual); });
    EXPECT_EQ(largest >= 1e30, far) << largest;
  }
}

}  // namespace
}  // namespace chokepoint
