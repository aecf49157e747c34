#include <gtest/gtest.h>

#include <cmath>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/measures.hpp"
#include "scenario/edited.hpp"
#include "scenario/lower/lower.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

// The flat block against closed forms of the small config.
namespace chokepoint {
namespace {

class Lowered : public testing::Test {
 protected:
  Scenario scenario = read_scenario_text(minimal_text());
  std::unique_ptr<Parameters<double>> p = lower<double>(scenario, 11);
};

TEST_F(Lowered, Sizes) {
  const Sizes& s = p->sizes;
  EXPECT_EQ(s.months, 12);
  EXPECT_EQ(s.regions, 2);
  EXPECT_EQ(s.classes, 2);
  EXPECT_EQ(s.pools, 1);
  EXPECT_EQ(s.units, 3);
  EXPECT_EQ(s.segments, 2);
  EXPECT_EQ(s.owners, 3);
  EXPECT_EQ(s.export_classes, 1);
  EXPECT_EQ(s.outages, 1);
  EXPECT_EQ(s.component_pools, 0);
  EXPECT_EQ(s.events, 1);
  EXPECT_EQ(s.measures, static_cast<int>(measure_names(scenario).size()));
}

TEST_F(Lowered, SourcesAndSeeds) {
  const Scenario frozen = read_scenario_text(minimal_text() + "[seeds]\nfab = 5\n[freeze]\nsources = [\"power\"]\n");
  const auto block = lower<float>(frozen, 11);
  EXPECT_EQ(block->seeds.seed[static_cast<int>(Source::fab)], 5u);
  EXPECT_EQ(block->seeds.seed[static_cast<int>(Source::demand)], 11u);
  EXPECT_EQ(block->noise[static_cast<int>(Source::power)], 0);
  EXPECT_EQ(block->noise[static_cast<int>(Source::conduct)], 1);
}

TEST_F(Lowered, Correlation) {
  const auto& l = p->shocks.cholesky;
  EXPECT_DOUBLE_EQ(l[1][0], 0.5);
  EXPECT_DOUBLE_EQ(l[1][1], std::sqrt(0.75));
  EXPECT_EQ(l[0][1], 0);
  EXPECT_EQ(l[3][3], 1);
}

TEST_F(Lowered, Chips) {
  EXPECT_DOUBLE_EQ(p->chips.lead_rate[0], 0.5);
  EXPECT_DOUBLE_EQ(p->chips.ageing_rate[0], 0.04);
  EXPECT_DOUBLE_EQ(std::pow(1 - p->chips.failure_rate[0], 12), 0.9);
  EXPECT_DOUBLE_EQ(p->chips.capital_hours[0], 1000.0 / (50 * 730 * 2));
  EXPECT_DOUBLE_EQ(p->chips.log2_capacity[0], 5);
  EXPECT_DOUBLE_EQ(p->chips.index_weight[0], 0.25);
  EXPECT_DOUBLE_EQ(p->chips.index_weight[1], 0.75);
  EXPECT_EQ(p->chips.export_class[0], 0);
  EXPECT_EQ(p->chips.export_class[1], -1);
  EXPECT_EQ(p->chips.home[0], -1);
  EXPECT_EQ(p->chips.home[1], 1);
  EXPECT_DOUBLE_EQ(p->calendar[0].list_price[0], 30);
  EXPECT_DOUBLE_EQ(p->calendar[6].list_price[0], 27);
}

TEST_F(Lowered, GrowthDecaysToItsLongRun) {
  EXPECT_EQ(p->calendar[0].fab_growth[0], 0);
  EXPECT_DOUBLE_EQ(p->calendar[1].fab_growth[0], std::log2(1.5) / 12);
  EXPECT_DOUBLE_EQ(p->calendar[11].fab_growth[0], std::log2(1.1 + 0.4 * std::exp2(-10.0 / 12)) / 12);
  EXPECT_EQ(p->calendar[5].demand_drift[0], 0);
}

// The model's own queue, fed with the orders, must give the growth path of the config.
TEST_F(Lowered, PowerFollowsItsPath) {
  double power = p->regions.start_power[0], queue = p->regions.start_queue[0], path = 1000;
  EXPECT_DOUBLE_EQ(queue, 9 * (1000 * std::pow(1.4, 1.0 / 12) - 1000));
  EXPECT_EQ(p->calendar[0].power_orders[0], 0);
  for (int t = 1; t < 12; ++t) {
    queue += p->calendar[t].power_orders[0];
    const double connected = queue * p->regions.build_rate[0];
    power += connected;
    queue -= connected;
    path *= std::pow(1 + 0.4 * std::exp2(-(t - 1) / 24.0), 1.0 / 12);
    EXPECT_NEAR(power, path, 1e-9 * path) << t;
  }
  EXPECT_EQ(p->calendar[3].power_orders[1], 0);
}

TEST_F(Lowered, FullQueueDelaysOrders) {
  const std::vector<std::string> full = {"region.us.power_in_build_mw=2000"};
  const auto block = lower<double>(read_scenario_text(minimal_text(), "x", full), 1);
  EXPECT_EQ(block->regions.start_queue[0], 2000);
  EXPECT_EQ(block->calendar[1].power_orders[0], 0);
}

TEST_F(Lowered, ExportChainAndSchedule) {
  const auto& q = p->shocks;
  EXPECT_EQ(q.regime_start[0][0], regime_open);
  EXPECT_EQ(q.regime_start[0][1], regime_window);
  EXPECT_EQ(q.regime_moves[0][0], 0);
  EXPECT_EQ(q.regime_moves[0][1], 1);
  EXPECT_DOUBLE_EQ(q.regime_cumulative[0][1][regime_window][0], 0.1);
  EXPECT_DOUBLE_EQ(q.regime_cumulative[0][1][regime_window][2], 0.9);
  EXPECT_EQ(q.regime_cumulative[0][1][regime_ban][2], 0);  // a row that is not given stays
  EXPECT_EQ(q.regime_cumulative[0][1][regime_open][0], 1);
  EXPECT_EQ(p->calendar[6].scheduled_regime[0][1], regime_ban);
  EXPECT_EQ(p->calendar[5].scheduled_regime[0][1], -1);
  EXPECT_EQ(p->calendar[0].quota[0][1], 5);
  EXPECT_EQ(p->trade.stockpile[0][0], 1);
  EXPECT_DOUBLE_EQ(p->trade.leak_share[0][1], 0.2);
}

TEST_F(Lowered, PoliciesHoldFromUntil) {
  EXPECT_EQ(p->calendar[1].log2_ceiling[1], 100);
  EXPECT_EQ(p->calendar[2].log2_ceiling[1], 2);
  EXPECT_EQ(p->calendar[4].log2_ceiling[1], 2);
  EXPECT_EQ(p->calendar[5].log2_ceiling[1], 100);
  EXPECT_EQ(p->calendar[2].log2_ceiling[0], 100);
  const std::vector<std::string> power = {"policy.cap.key=power_mw_added", "policy.cap.value=70",
                                          "policy.cap.from=2026-03"};
  const auto block = lower<double>(read_scenario_text(minimal_text(), "x", power), 1);
  EXPECT_EQ(block->calendar[1].power_orders[1], 70);  // nothing is ordered in month 0
  EXPECT_EQ(block->calendar[2].power_orders[1], 0);
}

TEST_F(Lowered, DatesAfterTheEndHaveNoEffect) {
  const std::vector<std::string> cut = {"scenario.months=2"};
  const auto block = lower<double>(read_scenario_text(minimal_text(), "x", cut), 1);
  for (const auto& month : block->calendar) EXPECT_NE(month.scheduled_regime[0][1], regime_ban);
}

std::unique_ptr<Parameters<double>> with_shock(const std::string& lines) {
  return lower<double>(read_scenario_text(minimal_text() + "\n[[shock]]\nname = \"x\"\n" + lines), 1);
}

TEST_F(Lowered, DatedSeveritiesStrikeOnceOrAreKeptUp) {
  const auto once = with_shock("kind = \"fab_outage\"\ntarget = \"quake\"\nfrom = \"2026-05\"\nvalue = 0.8\n");
  for (int t = 0; t < 12; ++t) EXPECT_EQ(once->calendar[t].outage_severity[0], t == 2 ? 0.8 : 0) << t;
  const auto kept = with_shock("kind = \"grid_shock\"\nfrom = \"2026-05\"\nuntil = \"2026-08\"\nvalue = 1\n");
  for (int t = 0; t < 12; ++t)
    for (int r = 0; r < 2; ++r) EXPECT_EQ(kept->calendar[t].grid_severity[r], t >= 2 && t < 5 ? 1 : 0) << t;
}

TEST_F(Lowered, DatedTurns) {
  const auto war = with_shock("kind = \"price_war\"\ntarget = \"cn\"\nfrom = \"2026-03\"\n");
  EXPECT_EQ(war->calendar[0].war_turn[1], 0);  // month 0 is observed
  EXPECT_EQ(war->calendar[1].war_turn[1], 1);
  EXPECT_EQ(war->calendar[2].war_turn[1], 0);
  EXPECT_EQ(war->calendar[1].war_turn[0], 0);
  const auto boom = with_shock("kind = \"boom\"\nfrom = \"2026-05\"\nuntil = \"2026-07\"\n");
  for (int t = 0; t < 12; ++t) EXPECT_EQ(boom->calendar[t].sentiment_turn, t >= 2 && t < 4 ? -1 : 0) << t;
}

TEST_F(Lowered, DatedFactorsAreTakenBackAtTheirEnd) {
  const auto block =
      with_shock("kind = \"demand_factor\"\ntarget = \"lab\"\nfrom = \"2026-05\"\nuntil = \"2026-08\"\nvalue = 4\n");
  for (int t = 1; t < 12; ++t) {
    const double step = t == 2 ? 2 : t == 5 ? -2 : 0;
    EXPECT_DOUBLE_EQ(block->calendar[t].demand_drift[0], p->calendar[t].demand_drift[0] + step) << t;
    EXPECT_EQ(block->calendar[t].demand_drift[1], p->calendar[t].demand_drift[1]) << t;
  }
  const auto jump = with_shock("kind = \"efficiency_factor\"\nfrom = \"2026-05\"\nvalue = 8\n");
  for (int t = 1; t < 12; ++t)
    EXPECT_DOUBLE_EQ(jump->calendar[t].efficiency_drift, p->calendar[t].efficiency_drift + (t == 2 ? 3 : 0)) << t;
}

TEST_F(Lowered, DatedCapacityStandsBesideThatOfThePool) {
  const auto block = with_shock("kind = \"fab_capacity_added\"\nfrom = \"2026-05\"\nvalue = 10\n");
  double own = 5, all = 5;  // log2 of 32
  for (int t = 1; t < 12; ++t) {
    own += p->calendar[t].fab_growth[0];
    all += block->calendar[t].fab_growth[0];
    EXPECT_NEAR(std::exp2(all) - std::exp2(own), t < 2 ? 0 : 10, 1e-9) << t;
  }
}

TEST_F(Lowered, ProvidersAreSortedByRegion) {
  EXPECT_EQ(unit_names(scenario), (config::Names{"alpha", "fringe", "beta"}));
  EXPECT_EQ(owner_names(scenario), (config::Names{"beta", "alpha", "small"}));
  const auto& q = p->providers;
  EXPECT_EQ(q.first[0], 0);
  EXPECT_EQ(q.first[1], 2);
  EXPECT_EQ(q.first[2], 3);
  EXPECT_EQ(q.owner[0], 1);
  EXPECT_EQ(q.owner[1], 2);
  EXPECT_EQ(q.by_priority[0], 1);  // fringe and beta tie, in this order
  EXPECT_EQ(q.by_priority[1], 2);
  EXPECT_EQ(q.by_priority[2], 0);
  EXPECT_DOUBLE_EQ(q.start_young[0][0], 75);
  EXPECT_DOUBLE_EQ(q.start_old[0][0], 25);
  EXPECT_DOUBLE_EQ(q.start_fleet[0], 100 * 2 + 10 + 20 * 2);
  EXPECT_DOUBLE_EQ(q.budget[2], 100);
  EXPECT_DOUBLE_EQ(q.conduct_weight[1], 0.5 / 20);
  EXPECT_DOUBLE_EQ(q.inverse_count[1], 0.05);
  EXPECT_DOUBLE_EQ(q.occupancy_limit[0], 0.9);
}

TEST_F(Lowered, Demand) {
  const auto& d = p->demand;
  EXPECT_DOUBLE_EQ(d.log2_reference[0], 7 + 1.5);
  EXPECT_DOUBLE_EQ(d.index_exponent[0], 1.5 / 4 - 1);
  // us h200, us n910, cn h200, cn n910: (taste / trade cost)^4 of 1, 1/2, 1/2, 1/4
  const double sum = 1 + 2.0 / 16 + 1.0 / 256;
  EXPECT_DOUBLE_EQ(d.weight[0][0], 1 / sum);
  EXPECT_DOUBLE_EQ(d.weight[0][1], 1 / sum / 16);
  EXPECT_DOUBLE_EQ(d.weight[0][3], 1 / sum / 256);
  EXPECT_EQ(d.weight[1][0], 0);
  EXPECT_DOUBLE_EQ(d.weight[1][3], 0.5);
  EXPECT_DOUBLE_EQ(p->shocks.demand_common[0], 0.06 / std::log(2));
  EXPECT_DOUBLE_EQ(p->shocks.demand_own[0], 0.08 / std::log(2));
  EXPECT_DOUBLE_EQ(p->downstream.application_conduct[0], 0.4);
}

TEST_F(Lowered, ShocksAndEvents) {
  EXPECT_DOUBLE_EQ(p->shocks.outage.rate[0], 1 - std::exp(-0.5 / 12));
  EXPECT_DOUBLE_EQ(p->shocks.outage.span[0], 0.5);
  EXPECT_DOUBLE_EQ(p->shocks.outage.persistence[0], std::exp(-0.25));
  EXPECT_DOUBLE_EQ(p->shocks.outage_exposure[0][0], 0.5);
  EXPECT_EQ(measure_names(scenario)[static_cast<std::size_t>(p->events.measure[0])], "rental_price[cn,n910]");
  EXPECT_EQ(p->events.measure[0], p->measure_offset[static_cast<int>(Measure::rental_price)] + 3);
  EXPECT_EQ(p->events.above[0], 1);
  EXPECT_EQ(p->events.relative[0], 1);
}

TEST_F(Lowered, FloatIsTheRoundedDouble) {
  const auto single = lower<float>(scenario, 11);
  for (int s = 0; s < 2; ++s)
    for (int m = 0; m < 4; ++m) EXPECT_EQ(single->demand.weight[s][m], static_cast<float>(p->demand.weight[s][m]));
  EXPECT_EQ(single->solver.tolerance, 3e-5f);
  EXPECT_EQ(p->solver.tolerance, 1e-10);
}

TEST(MeasureLayout, BlocksFollowEachOther) {
  const Scenario scenario = read_scenario_text(minimal_text());
  const Sizes sizes = scenario_sizes(scenario);
  const std::vector<std::string> names = measure_names(scenario);
  int offset = 0;
  for (const MeasureBlock& block : measure_layout(sizes)) {
    EXPECT_EQ(block.offset, offset);
    EXPECT_EQ(block.size, static_cast<int>(element_names(scenario, block.dimension).size())) << block.name;
    if (block.size > 0) {
      EXPECT_TRUE(names[static_cast<std::size_t>(offset)].starts_with(block.name));
    }
    offset += block.size;
  }
  EXPECT_EQ(offset, sizes.measures);
}

}  // namespace
}  // namespace chokepoint
