#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/market/parameters.hpp"
#include "market/books.hpp"
#include "market/fleet_response_cases.hpp"
#include "scenario/lower/lower.hpp"

/// Price ceilings (docs/model.md, section 5d): closed forms as dispersion and kink go to 0, the slopes on the scale
/// above a ceiling, and that a ceiling which nobody reaches changes no bit.
namespace chokepoint {
namespace {

using test::Rental;
using test::Response;

/// Markets of a Rental solved at a conduct: what is paid, what is rented.
struct Cleared {
  std::vector<double> paid, rented;
  std::vector<double> place;  ///< on the solver's scale
  double paid_share = 0;      ///< log2 of what the first segment pays over the shadow prices it chooses by
};

Cleared clear(Rental& rental, double theta) {
  double place[LargestShape::markets] = {};
  Solution<double> solution{};
  Response response;
  for (const double width : {0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-5, test::sharp}) {
    rental.smooth(width);
    auto open = rental.system(theta);
    solution = clear_markets<double>(open, {1e-9, 400, 60}, place, response);
  }
  EXPECT_TRUE(solution.solved) << "residual " << solution.residual;
  auto system = rental.system(theta);
  system.evaluate(place, response);
  Cleared out;
  for (const MarketIndex m : markets(*rental.p)) {
    const RegionIndex r = region_of(*rental.p, m);
    const ClassIndex c(m % rental.p->sizes.classes);
    const auto at = system.region_prices(r, place);
    double rented = 0;
    for (const UnitIndex i : units_of(*rental.p, r))
      rented += system.supplied(at, i, c) * system.bought_share(at, r, c);
    out.paid.push_back(std::exp2(system.ceilings().log2_paid(m, place[m])));
    out.rented.push_back(rented);
    out.place.push_back(place[m]);
  }
  out.paid_share = system.buyers().log2_paid_share(SegmentIndex(0), place);
  return out;
}

/// 100 p^-1.5 against equal firms of unit cost 1.
Rental firms(int count, double capacity, double ceiling) {
  Rental rental(1, 1, 3);
  rental.add_unit(0, {1}, {capacity}, count);
  rental.add_segment({100, 1.5, {1}});
  if (ceiling > 0) rental.month->log2_ceiling[0] = std::log2(ceiling);
  return rental;
}

TEST(Ceiling, AMonopolistSellsAllThatIsWanted) {
  Rental free = firms(1, 1e4, 0), capped = firms(1, 1e4, 1.1);
  EXPECT_NEAR(clear(free, 1).rented[0], 100 * std::pow(3, -1.5), 1e-3) << "p = 1 / (1 - 1 / 1.5)";
  const Cleared answer = clear(capped, 1);
  EXPECT_NEAR(answer.paid[0], 1.1, 1e-12);
  EXPECT_NEAR(answer.rented[0], 100 * std::pow(1.1, -1.5), 1e-3)
      << "86.7, not the 11.8 at which uncapped revenue turns";
}

TEST(Ceiling, SoDoThreeFirms) {
  Rental free = firms(3, 1e4, 0), capped = firms(3, 1e4, 1.05);
  const double price = 1 / (1 - 0.35 / (3 * 1.5));
  EXPECT_NEAR(clear(free, 0.35).rented[0], 100 * std::pow(price, -1.5), 1e-3);
  EXPECT_NEAR(clear(capped, 0.35).rented[0], 100 * std::pow(1.05, -1.5), 1e-3) << "92.9";
}

TEST(Ceiling, AboveThePriceItDoesNothing) {
  Rental free = firms(3, 1e4, 0), capped = firms(3, 1e4, 1.2);
  EXPECT_EQ(clear(free, 0.35).place, clear(capped, 0.35).place);
}

TEST(Ceiling, CapacityIsShortOnlyWhereThereIsLess) {
  Rental capped = firms(1, 50, 1.1);
  const Cleared answer = clear(capped, 1);
  EXPECT_NEAR(answer.paid[0], 1.1, 1e-12);
  EXPECT_NEAR(answer.rented[0], 50, 1e-3);
  EXPECT_NEAR(answer.place[0] - conduct_width, std::log2(std::pow(2, 1 / 1.5)), 1e-5)
      << "the shadow price, (100/50)^(1/1.5)";
  EXPECT_NEAR(answer.paid_share, std::log2(1.1) - 1 / 1.5, 1e-5) << "what is bought is bought at the ceiling";
}

/// What cannot be had at the ceiling is looked for elsewhere, as if it cost what it is worth: so a ceiling on a full
/// region changes its price and nothing else.
TEST(Ceiling, OnAFullRegionItMovesNothingElsewhere) {
  const auto regions = [](double ceiling) {
    Rental rental(2, 1, 4);
    rental.add_unit(0, {0.5}, {60});
    rental.add_unit(1, {0.6}, {500});
    rental.add_segment({100, 1.2, {1, 1.3}});
    rental.add_segment({80, 0.9, {1.2, 1}});
    if (ceiling > 0) rental.month->log2_ceiling[0] = std::log2(ceiling);
    return rental;
  };
  Rental without = regions(0), with = regions(0.8);
  const Cleared free = clear(without, 0.35), capped = clear(with, 0.35);
  ASSERT_GT(free.paid[0], 0.85);
  ASSERT_NEAR(free.rented[0], 60, 1e-3) << "full without a ceiling too";
  EXPECT_NEAR(capped.paid[0], 0.8, 1e-12);
  EXPECT_NEAR(capped.rented[0], 60, 1e-3);
  EXPECT_NEAR(capped.paid[1], free.paid[1], 1e-5);
  EXPECT_NEAR(capped.rented[1], free.rented[1], 1e-3);
}

/// Below, within and beyond the stretch on which conduct is given up: rows of the whole Jacobian against differences.
TEST(Ceiling, SlopesAreThoseOfFiniteDifferences) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int trial = 0; trial < 60; ++trial) {
    Rental rental = test::random_rental(random);
    rental.month->log2_ceiling[0] = 0.1 * unit(random);
    auto system = rental.system(0.35);
    double place[LargestShape::markets];
    for (const MarketIndex m : markets(*rental.p)) place[m] = -0.1 + 0.25 * unit(random);
    Response response, up, down;
    system.evaluate(place, response);
    std::vector<std::vector<double>> rows;
    for (const MarketIndex m : markets(*rental.p)) {
      double row[LargestShape::markets];
      const double own = system.whole_row(response, m, row);
      rows.emplace_back(row, row + markets(*rental.p).size());
      rows.back()[static_cast<std::size_t>(m)] = -own;
    }
    for (const MarketIndex k : markets(*rental.p)) {
      const double step = 1e-7, at = place[k];
      place[k] = at + step;
      system.evaluate(place, up);
      place[k] = at - step;
      system.evaluate(place, down);
      place[k] = at;
      for (const MarketIndex m : markets(*rental.p)) {
        const double slope = (up.residual[m] - down.residual[m]) / (2 * step) / std::log(2.0);
        EXPECT_NEAR(-rows[static_cast<std::size_t>(m)][static_cast<std::size_t>(k)], slope,
                    2e-5 * (1 + std::abs(slope)))
            << trial << " " << m << " " << k;
      }
    }
  }
}

/// With a ceiling that no price reaches all goes through the arithmetic of ceilings, and comes out the same to the bit.
TEST(Ceiling, OutOfReachItChangesNoBit) {
  using testing_support::config_path;
  const std::vector<std::string> capped = {"region.us.price_ceiling_usd=1e6", "region.cn.price_ceiling_usd=1e6"};
  const auto rows = [](const std::vector<std::string>& overrides) {
    std::vector<float> all;
    const auto p = lower<float>(read_scenario(config_path("smoke.toml"), overrides), 3);
    for (std::uint64_t path = 0; path < 20; ++path)
      testing_support::walk_path<float>(*p, path, [&](const auto& walk) {
        all.insert(all.end(), walk.row.begin(), walk.row.end());
        all.push_back(walk.flows.iterations);
      });
    return all;
  };
  EXPECT_EQ(rows({}), rows(capped));
}

/// Where demand goes unserved, fleets rent out all that they would with the ceiling for their marginal revenue.
TEST(Ceiling, DemandGoesUnservedOnlyWhereCapacityIsShort) {
  using testing_support::measured;
  const auto p = testing_support::smoke({"region.us.price_ceiling_usd=1.9"}, true);
  int short_months = 0, capped_months = 0;
  for (std::uint64_t path = 0; path < 10; ++path)
    testing_support::walk_path<double>(*p, path, [&](const testing_support::Walk<double>& walk) {
      const double unserved = measured(walk, Measure::unserved_share, 0);
      const auto cleared = testing_support::state_as_cleared(walk);
      for (const ClassIndex c : classes(*p)) {
        const MarketIndex m = market_index(*p, RegionIndex(0), c);
        const double beyond = walk.state.log2_price[m] - p->calendar[walk.month].log2_ceiling[0];
        capped_months += beyond > 0 ? 1 : 0;
        if (unserved == 0 || !(beyond > conduct_width)) continue;
        ++short_months;
        double all = 0;
        for (const UnitIndex i : units_of(*p, RegionIndex(0))) {
          const double cost = offer_cost<double>(*p, *cleared, walk.flows, i, RegionIndex(0), c) / 1.9;
          const auto fleet = test::respond<double>(cost, 0, p->providers.dispersion[i], p->solver.kink);
          all += fleet.share * walk.flows.capacity[fleet_index(*p, i, c)];
        }
        EXPECT_NEAR(walk.flows.market_supply[m], all, 1e-5 * all);
      }
      EXPECT_LE(measured(walk, Measure::regional_price, 0), 1.9 * (1 + 1e-6));
    });
  EXPECT_GT(short_months, 20);
  EXPECT_GE(capped_months, short_months);
}

}  // namespace
}  // namespace chokepoint
