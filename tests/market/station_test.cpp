#include <gtest/gtest.h>

#include <cmath>

#include "books.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/market/parameters.hpp"
#include "scenario/measure_layout.hpp"

// Stations of the month against their equations in docs/model.md, each on its own: what a whole path would blur.
namespace chokepoint {
namespace {

using testing_support::measured;
using testing_support::smoke;
using testing_support::walk_path;
using Walk = testing_support::Walk<double>;

constexpr RegionIndex us(0), cn(1);
constexpr ClassIndex h200(0);

/// State and flows of one path that has been started.
struct Path {
  explicit Path(const Parameters<double>& p) { start_path<double>(p, *state); }
  std::unique_ptr<State<double>> state = std::make_unique<State<double>>();
  std::unique_ptr<Flows<double>> flows = std::make_unique<Flows<double>>();
};

Draws<double> draws_of(const Parameters<double>& p, std::uint64_t path, std::uint32_t month) {
  return Draws<double>(p.seeds, path, month);
}

double covariance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    of_a += a[i];
    of_b += b[i];
    sum += a[i] * b[i];
  }
  const double n = static_cast<double>(a.size());
  return sum / n - of_a / n * (of_b / n);
}

// (4.2), (4.5)
TEST(Station, ChipPriceClearsOrdersWithinItsBand) {
  auto p = smoke({});
  Path path(*p);
  price_deliveries<double>(*p, p->calendar[1], *path.state, *path.flows);
  double at_list = 0;
  for (const UnitIndex i : units(*p)) {
    const FleetIndex k = fleet_index(*p, i, h200);
    path.state->spending[k] = 200;
    const double multiple =
        p->providers.cost_multiple[i] * path.flows->multiple[market_index(*p, region_of(*p, i), h200)];
    at_list += 200 / (multiple * p->calendar[1].list_price[h200]);
  }
  path.state->stock[h200] = 0;
  path.state->fab_log2[0] = std::log2(at_list / 1.44);  // short by 1.2 squared: list price times 1.2 clears
  Shipments<double, LargestShape> ships;
  clear_chip_market<double>(*p, p->calendar[1], *path.state, *path.flows, ships);
  EXPECT_NEAR(path.state->chip_price[h200], 1.2 * p->calendar[1].list_price[h200], 1e-6);
  double shipped = 0;
  for (const RegionIndex r : regions(*p)) shipped += ships.shipped[market_index(*p, r, h200)];
  EXPECT_NEAR(shipped, at_list / 1.44, 1e-6 * at_list);
}

// (3.7)
TEST(Station, AHazardStopsItsShareOfAPool) {
  auto p = smoke({});
  const auto produced = [&](double level) {
    Path path(*p);
    path.state->stock[h200] = 0;
    path.state->outage[0] = level;
    const double orders[] = {10, 10};
    produce_chips<double>(*p, *path.state, orders, *path.flows);
    return path.flows->produced[h200];
  };
  p->shocks.outage_exposure[0][0] = 0.8;
  EXPECT_NEAR(produced(0.5), 0.6 * produced(0), 1e-9);
}

// (4.8): what was ordered before a ban is cut to the leak; what is ordered under it comes through grey channels in
// full.
TEST(Station, ABanCutsOrdersThatWereDecidedBeforeIt) {
  auto p = smoke({});
  p->shocks.regime_start[0][cn] = regime_open;
  p->calendar[1].scheduled_regime[0][cn] = regime_ban;
  const UnitIndex unit = units_of(*p, cn).first();
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    if (walk.month < 1 || walk.month > 2) return;
    const double expected = walk.month == 1 ? p->trade.leak_share[0][cn] : 1;
    const double ordered = testing_support::chips_ordered(walk, unit, h200);
    ASSERT_GT(ordered, 0);
    EXPECT_NEAR(testing_support::delivered_to(walk, unit, h200) / ordered, expected, 1e-9) << walk.month;
  });
}

// (3.9): orders of power are lognormal, and half of the variance is common to the regions.
TEST(Station, PowerOrdersAreDrawnWithHalfInCommon) {
  auto p = smoke({}, true);
  p->noise[static_cast<int>(Source::grid_shock)] = 0;
  p->calendar[1].power_orders[us] = p->calendar[1].power_orders[cn] = 100;
  std::vector<double> z[2];
  constexpr int paths = 4000;
  for (std::uint64_t i = 0; i < paths; ++i) {
    Path path(*p);
    const auto draws = draws_of(*p, i, 1);
    advance_power<double>(*p, p->calendar[1], draws, draw_common_factors<double>(*p, draws), *path.state);
    for (int r = 0; r < 2; ++r) {
      const double ordered =
          path.state->power[r] + path.state->power_queue[r] - p->regions.start_power[r] - p->regions.start_queue[r];
      z[r].push_back(std::log2(ordered / 100) / p->shocks.power_volatility[r]);
    }
  }
  const double error = 4 * std::sqrt(2.0 / paths);
  EXPECT_NEAR(covariance(z[us], z[us]), 1, error);
  EXPECT_NEAR(covariance(z[cn], z[cn]), 1, error);
  EXPECT_NEAR(covariance(z[us], z[cn]), 0.5, error);
}

// (3.6)
TEST(Station, AShockLevelKeepsTheWorseOfOldAndNew) {
  const auto level = [](double before, double arrival) {
    return shock_level(before, arrival, 0.5, 0.3, 0.2, 0.4);  // severity, rate, least, span
  };
  EXPECT_DOUBLE_EQ(level(0.1, 0.2), 0.4);
  EXPECT_DOUBLE_EQ(level(0.7, 0.2), 0.7);
  EXPECT_DOUBLE_EQ(level(0.1, 0.4), 0.1);
}

// (3.3)
TEST(Station, SegmentsShareTheCommonPartOfTheirDemand) {
  auto p = smoke({"segment.lab-us.common_share=0.5", "segment.firms-us.common_share=0.8"}, true);
  std::vector<double> change[2];
  constexpr int paths = 4000;
  for (std::uint64_t i = 0; i < paths; ++i) {
    Path path(*p);
    const auto draws = draws_of(*p, i, 1);
    advance_demand<double>(*p, p->calendar[1], draws, draw_common_factors<double>(*p, draws), *path.state);
    for (int s = 0; s < 2; ++s)
      change[s].push_back(path.state->demand_log2[s] * std::log(2.0) / (s == 0 ? 0.04 : 0.05));
  }
  const double error = 4 * std::sqrt(2.0 / paths);
  EXPECT_NEAR(covariance(change[0], change[0]), 1, error);
  EXPECT_NEAR(covariance(change[1], change[1]), 1, error);
  EXPECT_NEAR(covariance(change[0], change[1]), std::sqrt(0.5 * 0.8), error);
}

// (4.13)
TEST(Station, AWarChangesConductAndCapitalShareAlike) {
  auto p = smoke({"segment.lab-us.demand_kh100e=50", "segment.firms-us.demand_kh100e=50"});
  const auto price = [&](double at_war) {
    Path path(*p);
    path.state->war[us] = at_war;
    advance_month<double>(*p, 0, draws_of(*p, 0, 0), *path.state, *path.flows);
    return path.flows->regional_price[us];
  };
  const double conduct = p->regions.war_conduct[us], share = p->regions.war_capital_share[us];
  p->regions.war_conduct[us] = p->regions.conduct[us];
  p->regions.war_capital_share[us] = p->regions.capital_share[us];
  EXPECT_EQ(price(1), price(0));
  p->regions.war_conduct[us] = conduct;
  const double softer = price(1);
  EXPECT_LT(softer, price(0) * (1 - 1e-4));
  p->regions.war_capital_share[us] = share;
  EXPECT_LT(price(1), softer * (1 - 1e-4));
}

/// What a unit pays in a month, million USD: running costs of what is rented and served, at the prices that cleared,
/// and the fixed charge.
double costs_of(const Walk& walk, const State<double>& state, UnitIndex unit) {
  const auto& p = walk.parameters;
  const RegionIndex r = region_of(p, unit);
  auto flows = std::make_unique<Flows<double>>(walk.flows);
  RentalSystem<double, Parameters<double>> system(p, p.calendar[walk.month], state, *flows);
  for (const RegionIndex k : regions(p))
    system.conduct[k] = blend(state.war[k], p.regions.conduct[k], p.regions.war_conduct[k]);
  MarketResponse<double, LargestShape::markets, LargestShape::regions> response;
  system.evaluate(state.log2_price, response);
  const auto at = system.region_prices(r, state.log2_price);
  double costs = 0;
  for (const ClassIndex c : classes(p)) {
    const FleetIndex k = fleet_index(p, unit, c);
    const double whole = (state.young[k] + state.old[k]) * p.chips.perf[c];
    const double own = whole * p.providers.occupancy_limit[unit] * walk.flows.powered[r] * walk.flows.own_service[unit];
    const double running =
        walk.flows.electricity[r] * p.chips.power_kw[c] / p.chips.perf[c] + p.providers.operations[unit];
    const double charge = p.chips.capital_hours[c] * p.calendar[walk.month].list_price[c] * p.chips.system_multiple[c];
    costs += running * (system.supplied(at, unit, c) * system.bought_share(at, r, c) + own) +
             p.finance.fixed_capital_share * p.providers.cost_multiple[unit] * charge * whole;
  }
  return 0.73 * costs;
}

// (4.14), (4.16)
TEST(Station, CashIsRevenueLessRunningAndFixedCosts) {
  const auto p = smoke({});
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    if (walk.month == 0) return;
    const auto cleared = testing_support::state_as_cleared(walk);
    for (const UnitIndex i : units(*p)) {
      const double change = walk.state.cash[i] - walk.before.cash[i];
      EXPECT_NEAR(change, walk.flows.revenue[i] - costs_of(walk, *cleared, i), 1e-6 * (1 + std::abs(change))) << i;
    }
  });
}

// (4.22)
TEST(Station, RivalsThatOutgrowAUnitMakeItSpend) {
  const auto p = smoke({});
  double start_world = 0;
  for (const UnitIndex i : units(*p)) start_world += p->providers.start_fleet[i];
  const auto race = [&](double rivals) {
    Path path(*p);
    const double own = p->providers.start_fleet[0];
    path.flows->unit_orders[0] = own;
    const double most = std::log2(p->finance.arms_race_max);
    return std::exp2(
        arms_race<double>(*p, *path.flows, UnitIndex(0), own + rivals * (start_world - own), start_world, most));
  };
  EXPECT_NEAR(race(1.44), 1.2, 1e-9);  // to the power 0.5
  EXPECT_EQ(race(0.5), 1);
  EXPECT_NEAR(race(9), p->finance.arms_race_max, 1e-12);
}

// (6.8)
TEST(Station, PassThroughIsWhatAPerCentAboveAdds) {
  const auto p = smoke({});
  double largest_by_bill = 0;
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    const auto& f = walk.flows;
    double application = 0, weights = 0;
    for (const SegmentIndex s : segments(*p)) {
      const double level = f.token_price[s] * std::exp2(walk.state.efficiency_log2) / walk.state.start_token_price[s];
      const double fixed = p->downstream.fixed_cost[s];
      application += f.segment_demand[s] * (1 - fixed) * level / (fixed + (1 - fixed) * level);
      weights += f.segment_demand[s];
    }
    EXPECT_NEAR(measured(walk, Measure::pass_through, 1), application / weights, 1e-6);
    EXPECT_GT(measured(walk, Measure::pass_through, 0), 0.3);
    EXPECT_LT(measured(walk, Measure::pass_through, 0), 1) << "energy and operations are not chips";
    largest_by_bill = std::max(largest_by_bill, measured(walk, Measure::pass_through, 2));
  });
  EXPECT_GT(largest_by_bill, 0.5);
}

/// Dearer chips raise offers by the share of capital in them: between the least and the most of all fleets.
TEST(Station, OffersRiseWithChipsByTheirShareOfCost) {
  const auto p = smoke({});
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    const double reported = measured(walk, Measure::pass_through, 0);
    double least = 1, most = 0;
    for (const UnitIndex i : units(*p))
      for (const ClassIndex c : classes(*p)) {
        const RegionIndex r = region_of(*p, i);
        const double running = energy_cost<double>(*p, walk.flows, r, c) + p->providers.operations[i];
        const double share = 1 - running / offer_cost<double>(*p, walk.state, walk.flows, i, r, c);
        least = std::min(least, share);
        most = std::max(most, share);
      }
    EXPECT_GE(reported, least - 1e-6);
    EXPECT_LE(reported, most + 1e-6);
  });
}

/// A bill with an allowance that shrinks rises by more than prices do, one with a fee by less.
TEST(Station, BillsAnswerToPricesByTheirSlope) {
  auto p = smoke({});
  auto& d = p->downstream;
  d.tokens_per_user[0] = 1, d.allowance[0] = 0.4, d.allowance_response[0] = 1.5, d.base_fee[0] = 2;
  for (const double change : {0.8, 1.0, 1.7}) {
    const double step = 1e-6;
    const auto at = [&](double factor) {
      return bill<double>(*p, SegmentIndex(0), 3 * change * factor, change * factor).amount;
    };
    const double slope = (at(1 + step) - at(1 - step)) / (2 * step);
    EXPECT_NEAR((bill<double>(*p, SegmentIndex(0), 3 * change, change).response), slope, 1e-6 * slope) << change;
  }
}

// Month 0 is observed: nothing is shipped or installed in it, and a sum over its year has no eleven months.
TEST(Station, FlowsHaveNoValueInMonthZero) {
  const auto p = smoke({});
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    for (int k = 0; k < measure_count; ++k) {
      const auto measure = static_cast<Measure>(k);
      if (!is_flow(measure)) continue;
      for (int r = 0; r < dimension_size(measure_table[k].dimension, p->sizes); ++r) {
        const bool none = measured(walk, measure, r) == static_cast<double>(missing_value);
        if (walk.month == 0)
          EXPECT_TRUE(none) << measure_table[k].name;
        else
          EXPECT_TRUE(!none || measure == Measure::domestic_install_share) << measure_table[k].name;
      }
    }
  });
}

// (4.17), and firms counted as (7.1) counts them
TEST(Station, TheFirmsOfAFringeLeaveTogether) {
  const auto p = smoke({"provider.small-us.runway_months=0", "provider.small-us.cost_multiple=6"});
  double exits = 0;
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    exits = measured(walk, Measure::exits);
    EXPECT_EQ(measured(walk, Measure::firms) + exits, 24);
  });
  EXPECT_EQ(exits, 20);
}

}  // namespace
}  // namespace chokepoint
