#include <gtest/gtest.h>

#include "books.hpp"
#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/lower.hpp"

// Every chip made is installed, in the pipeline, waiting, in stock, scrapped, retired or failed: the books balance each
// month on every path. Power, quotas and orders are never exceeded, and nothing is negative.
namespace chokepoint {
namespace {

using testing_support::chips_delivered;
using testing_support::chips_gone;
using testing_support::chips_in_world;
using testing_support::chips_ordered;
using testing_support::config_path;
using testing_support::delivered_to;
using testing_support::somebody_left;
using testing_support::walk_path;
using Walk = testing_support::Walk<double>;

void expect_books_balance(const Walk& walk) {
  const auto& p = walk.parameters;
  for (const ClassIndex c : classes(p)) {
    const double before = chips_in_world(p, walk.before, c);
    const double expected = before + walk.flows.produced[c] - chips_gone(walk, c) - walk.flows.scrapped[c];
    EXPECT_NEAR(chips_in_world(p, walk.state, c), expected, 1e-9 * (1 + expected))
        << "class " << c << " month " << walk.month;
  }
}

void expect_shipments_add_up(const Walk& walk) {
  const auto& p = walk.parameters;
  for (const ClassIndex c : classes(p)) {
    const double delivered = chips_delivered(walk, c);
    const double sold = walk.before.stock[c] + walk.flows.produced[c] - (walk.state.stock[c] - walk.flows.returned[c]);
    EXPECT_NEAR(delivered + walk.flows.returned[c], sold, 1e-9 * (1 + sold))
        << "class " << c << " month " << walk.month;
  }
}

void expect_limits_hold(const Walk& walk) {
  const auto& p = walk.parameters;
  for (const RegionIndex r : regions(p)) {
    for (const ClassIndex c : classes(p)) {
      const MarketIndex m = market_index(p, r, c);
      EXPECT_LE(walk.flows.market_supply[m], walk.flows.market_capacity[m] * (1 + 1e-12))
          << "more rented than there is";
      if (walk.month == 0 || somebody_left(walk, r)) continue;
      double arrived = 0;
      for (const UnitIndex i : units_of(p, r)) {
        const double ordered = chips_ordered(walk, i, c), delivered = delivered_to(walk, i, c);
        EXPECT_LE(delivered, ordered * (1 + 1e-9) + 1e-12) << "more than ordered";
        EXPECT_GE(delivered, -1e-12);
        arrived += delivered;
      }
      EXPECT_NEAR(arrived, walk.flows.delivered[m], 1e-9 * (1 + arrived));
    }
  }
  for (const UnitIndex i : units(p)) {
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      for (const double x : {walk.state.young[k], walk.state.old[k], walk.state.waiting[k], walk.state.pipeline[0][k],
                             walk.state.pipeline[1][k], walk.state.pipeline[2][k], walk.flows.capacity[k],
                             walk.flows.own_service[i], walk.state.spending[k]}) {
        EXPECT_GE(x, 0.0);
      }
    }
  }
  for (const RegionIndex r : regions(p)) {
    const double used = region_chips<double>(p, walk.state, r).used;
    const double installed_before = region_chips<double>(p, walk.before, r).used;
    // What was installed before a grid shock stays; new chips never take the fleet over what is available.
    EXPECT_LE(used, std::max(walk.flows.power_available[r], installed_before) * (1 + 1e-9)) << "region " << r;
  }
}

void expect_quotas_hold(const Walk& walk) {
  const auto& p = walk.parameters;
  for (const ExportClassIndex x : export_classes(p)) {
    for (const RegionIndex r : regions(p)) {
      if (walk.state.regime[x][r] != regime_quota || walk.month == 0) continue;
      double arrived = 0, leaked = 0;
      for (const ClassIndex c : classes(p)) {
        if (p.chips.export_class[c] != x) continue;
        leaked += walk.flows.leaked[market_index(p, r, c)];
        arrived += walk.flows.delivered[market_index(p, r, c)];
      }
      EXPECT_LE(arrived - leaked, p.calendar[walk.month].quota[x][r] * (1 + 1e-9));
    }
  }
}

class Accounting : public ::testing::TestWithParam<const char*> {};

TEST_P(Accounting, BooksBalanceEveryMonthOnEveryPath) {
  const auto scenario = read_scenario(config_path(GetParam()));
  const auto p = lower<double>(scenario, 7);
  for (std::uint64_t path = 0; path < 40; ++path) {
    walk_path<double>(*p, path, [](const Walk& walk) {
      expect_books_balance(walk);
      if (walk.month > 0) expect_shipments_add_up(walk);
      expect_limits_hold(walk);
      expect_quotas_hold(walk);
    });
    if (HasFailure()) FAIL() << "path " << path;
  }
}

INSTANTIATE_TEST_SUITE_P(Configs, Accounting, ::testing::Values("smoke.toml", "baseline.toml"));

/// Units whose cash runs out leave, and their fleets are passed on or scrapped: a scenario in which nobody can live.
TEST(Accounting, BalancesThroughExits) {
  const std::string no_runway[] = {"finance.fixed_capital_share=1", "provider.small-us.runway_months=0.5",
                                   "provider.small-us.cost_multiple=2.5"};
  const auto scenario = read_scenario(config_path("smoke.toml"), no_runway);
  const auto p = lower<double>(scenario, 7);
  double scrapped = 0;
  for (std::uint64_t path = 0; path < 10; ++path) {
    walk_path<double>(*p, path, [&](const Walk& walk) {
      expect_books_balance(walk);
      for (const ClassIndex c : classes(walk.parameters)) scrapped += walk.flows.scrapped[c];
    });
  }
  EXPECT_GT(scrapped, 0.0) << "the scenario must force exits, or it tests nothing";
}

}  // namespace
}  // namespace chokepoint
