#include <gtest/gtest.h>

#include <cmath>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/market/parameters.hpp"
#include "path_runner.hpp"
#include "scenario/measure_layout.hpp"

// Each mechanism by its direction or closed form: what a frozen digest alone could not tell from an intended change.
namespace chokepoint {
namespace {

using testing_support::measured;
using testing_support::smoke;
using testing_support::walk_path;
using Walk = testing_support::Walk<double>;
using Overrides = std::vector<std::string>;

/// A measure in one month of path 0.
double at(const Parameters<double>& p, int month, Measure measure, int element = 0) {
  double value = 0;
  walk_path<double>(p, 0, [&](const Walk& walk) {
    if (walk.month == month) value = measured(walk, measure, element);
  });
  return value;
}

constexpr RegionIndex us(0), cn(1);
constexpr ClassIndex h200(0);

TEST(Mechanism, OwnersWithAFringeCountItsFirmsOneByOne) {
  const auto p = smoke({});
  walk_path<double>(*p, 0, [](const Walk& walk) {
    const auto& providers = walk.parameters.providers;
    std::vector<double> of_owner(static_cast<std::size_t>(walk.parameters.sizes.owners)), count(of_owner.size());
    double world = 0, hhi = 0;
    for (const UnitIndex i : units(walk.parameters)) {
      of_owner[static_cast<std::size_t>(providers.owner[i])] += walk.flows.unit_fleet[i];
      count[static_cast<std::size_t>(providers.owner[i])] = providers.count[i];
      world += walk.flows.unit_fleet[i];
    }
    for (std::size_t o = 0; o < of_owner.size(); ++o) hhi += 1e4 * std::pow(of_owner[o] / world, 2) / count[o];
    EXPECT_NEAR(measured(walk, Measure::hhi_fleet), hhi, 1e-3);
  });
}

TEST(Mechanism, RationingServesTheHigherPriorityFirst) {
  auto p = smoke({});
  for (const UnitIndex i : units(*p)) p->providers.priority[i] = 1;
  const UnitIndex last(units(*p).size() - 1);
  p->providers.priority[last] = 4;
  p->providers.by_priority[0] = last;
  for (int k = 1; k <= last; ++k) p->providers.by_priority[k] = k - 1;
  const auto state = std::make_unique<State<double>>();
  Shipments<double, LargestShape> ships{};
  double claims = 0;
  for (double& per_million : ships.per_million) per_million = 1;
  for (const UnitIndex i : units(*p)) {
    state->spending[fleet_index(*p, i, h200)] = 10 * p->providers.cost_multiple[i];
    claims += 10 * p->providers.priority[i];
  }
  ships.level[0] = ration<double>(*p, *state, ships, h200, 20, claims);
  const auto served = [&](UnitIndex i) { return allocation<double>(*p, *state, ships, i, region_of(*p, i), h200); };
  EXPECT_NEAR(served(last), 10, 1e-9) << "level * 4 > 1";
  EXPECT_NEAR(served(UnitIndex(0)), 10.0 / last, 1e-9) << "the rest shares what is left";
}

TEST(Mechanism, PipelineDelaysByItsLeadTime) {
  auto p = smoke({"chip.h200.lead_time_months=6"});
  const auto state = std::make_unique<State<double>>();
  start_path<double>(*p, *state);
  for (auto& stage : state->pipeline) std::fill(std::begin(stage), std::end(stage), 0.0);
  double mean = 0, before = 0;
  for (int month = 1; month < 200; ++month) {
    move_fleet<double>(monthly_shares(*p, h200, 1.0), FleetIndex(0), month == 1 ? 1 : 0, *state);
    mean += month * (state->waiting[0] - before);
    before = state->waiting[0];
  }
  EXPECT_NEAR(before, 1, 1e-9);
  EXPECT_NEAR(mean, 7, 1e-6) << "three stages of two months, counted from the month of the order as 1";
}

TEST(Mechanism, APriceWarCutsPricesAndWaitsForLowUtilisation) {
  const Overrides slack = {"segment.lab-us.demand_kh100e=50", "segment.firms-us.demand_kh100e=50"};
  auto peace = smoke(slack), war = smoke(slack);
  const auto price = [](const Parameters<double>& p, double at_war) {
    const auto state = std::make_unique<State<double>>();
    const auto flows = std::make_unique<Flows<double>>();
    start_path<double>(p, *state);
    state->war[us] = at_war;
    advance_month<double>(p, 0, Draws<double>(p.seeds, 0, 0), *state, *flows);
    return flows->regional_price[us];
  };
  EXPECT_LT(price(*war, 1), 0.9 * price(*peace, 0));

  auto p = smoke({});
  p->noise[static_cast<int>(Source::conduct)] = 1;
  p->regions.war_start[us] = 1;
  p->regions.war_end[us] = 0;
  p->regions.war_trigger[us] = 0.01;
  EXPECT_EQ(at(*p, 3, Measure::price_war, us), 0) << "utilisation is above the trigger";
  p->regions.war_trigger[us] = 1.01;
  EXPECT_EQ(at(*p, 3, Measure::price_war, us), 1);
}

TEST(Mechanism, SurchargeSubsidyAndBanPriceDeliveries) {
  auto p = smoke({});
  const auto multiple = [&](std::uint32_t regime, double subsidy) {
    const auto state = std::make_unique<State<double>>();
    const auto flows = std::make_unique<Flows<double>>();
    start_path<double>(*p, *state);
    state->regime[0][cn] = regime;
    p->calendar[0].subsidy[cn] = subsidy;
    price_deliveries<double>(*p, p->calendar[0], *state, *flows);
    return flows->multiple[market_index(*p, cn, h200)];
  };
  const double open = multiple(regime_open, 0);
  EXPECT_NEAR(open, p->chips.system_multiple[0], 1e-12);
  EXPECT_NEAR(multiple(regime_window, 0) - open, p->trade.surcharge[0][cn][regime_window], 1e-12);
  EXPECT_NEAR(multiple(regime_ban, 0) - open, p->trade.grey_premium[0][cn], 1e-12);
  EXPECT_NEAR(multiple(regime_open, 0.3), 0.7 * open, 1e-12);
}

TEST(Mechanism, AWindowMakesBuyersStockpileAndABanCutsOrdersToTheLeak) {
  auto p = smoke({});
  const auto spending = [&](std::uint32_t regime) {
    const auto state = std::make_unique<State<double>>();
    const auto flows = std::make_unique<Flows<double>>();
    start_path<double>(*p, *state);
    state->regime[0][cn] = regime;
    advance_month<double>(*p, 0, Draws<double>(p->seeds, 0, 0), *state, *flows);
    return state->spending[fleet_index(*p, units_of(*p, cn).first(), h200)];
  };
  p->trade.surcharge[0][cn][regime_window] = p->trade.surcharge[0][cn][regime_open];
  p->trade.grey_premium[0][cn] = p->trade.surcharge[0][cn][regime_open];
  p->trade.stockpile[0][cn] = 1.5;
  p->trade.leak_share[0][cn] = 0.05;
  // The chip is the banned class alone, so that its part of the mix is what the ban scales.
  EXPECT_NEAR(spending(regime_window) / spending(regime_open), 1.5, 1e-9);
  const double kept = spending(regime_ban) / spending(regime_open);
  EXPECT_GT(kept, 0.02);
  EXPECT_LT(kept, 0.06) << "the leak share, times what a poorer mix takes off the appetite";
}

/// A window doubles what is ordered of the licensed class; the floor is on all that is spent, not on the plan before.
TEST(Mechanism, TheDomesticFloorHoldsOfWhatStockpilingMakesOfIt) {
  auto p = smoke({"region.cn.domestic_floor=0.6", "export.frontier.cn.stockpile=4"}, true);
  int binding = 0;
  for (std::uint64_t path = 0; path < 10; ++path)
    walk_path<double>(*p, path, [&](const Walk& walk) {
      for (const UnitIndex i : units_of(*p, cn)) {
        if (p->providers.kind[i] != provider_commercial && p->providers.kind[i] != provider_public) continue;
        double all = 0, own = 0;
        for (const ClassIndex c : classes(*p)) {
          const double spent = walk.state.spending[fleet_index(*p, i, c)];
          all += spent;
          own += p->chips.home[c] == cn ? spent : 0;
        }
        EXPECT_GE(own, 0.6 * all * (1 - 1e-12)) << path << " " << walk.month;
        binding += all > 0 && own < 0.6 * all * (1 + 1e-9) ? 1 : 0;
      }
    });
  EXPECT_GT(binding, 20);
}

TEST(Mechanism, EfficiencyCheapensTokensAndRaisesDemandOnlyWhereElastic) {
  auto p = smoke({});
  const auto state = std::make_unique<State<double>>();
  const auto flows = std::make_unique<Flows<double>>();
  start_path<double>(*p, *state);
  const double before = demand_at<double>(*p, *state, SegmentIndex(0), 1.0);
  advance_month<double>(*p, 0, Draws<double>(p->seeds, 0, 0), *state, *flows);
  const double token = flows->token_price[0], compute = flows->compute_price[0];
  state->efficiency_log2 = 1;
  EXPECT_NEAR(demand_at<double>(*p, *state, SegmentIndex(0), 1.0) / before, std::exp2(p->demand.elasticity[0] - 1),
              1e-9);
  price_downstream<double>(*p, false, *state, *flows);
  EXPECT_NEAR(flows->token_price[0], 0.5 * token, 1e-9 * token);
  EXPECT_EQ(flows->compute_price[0], compute);
}

TEST(Mechanism, SentimentTurnsAtItsRateAndCutsDemand) {
  auto p = smoke({}, true);
  p->shocks.sentiment_to_reversal = 0.1;
  p->shocks.sentiment_to_boom = 0;
  int turned = 0;
  constexpr int paths = 2000;
  for (std::uint64_t path = 0; path < paths; ++path) {
    const auto state = std::make_unique<State<double>>();
    start_path<double>(*p, *state);
    for (std::uint32_t month = 1; month <= 5; ++month) {
      advance_sentiment<double>(*p, p->calendar[month], Draws<double>(p->seeds, path, month), *state);
    }
    turned += state->reversal > 0.5 ? 1 : 0;
  }
  const double expected = 1 - std::pow(0.9, 5);
  EXPECT_NEAR(static_cast<double>(turned) / paths, expected, 4 * std::sqrt(expected * (1 - expected) / paths));
}

TEST(Mechanism, ExportRegimesFollowTheirMatrix) {
  auto p = smoke({}, true);
  double(&row)[3] = p->shocks.regime_cumulative[0][cn][regime_open];
  row[0] = 0.5;  // open
  row[1] = 0.8;  // window
  row[2] = 0.9;  // quota
  p->shocks.regime_start[0][cn] = regime_open;
  p->shocks.regime_moves[0][cn] = 1;
  int seen[4] = {};
  constexpr int paths = 4000;
  auto month = std::make_unique<CalendarMonth<double>>(p->calendar[1]);
  month->scheduled_regime[0][cn] = -1;
  for (std::uint64_t path = 0; path < paths; ++path) {
    const auto state = std::make_unique<State<double>>();
    start_path<double>(*p, *state);
    advance_export_regimes<double>(*p, *month, Draws<double>(p->seeds, path, 1), *state);
    ++seen[state->regime[0][cn]];
  }
  const double expected[4] = {0.5, 0.3, 0.1, 0.1};
  for (int k = 0; k < 4; ++k) {
    EXPECT_NEAR(static_cast<double>(seen[k]) / paths, expected[k],
                4 * std::sqrt(expected[k] * (1 - expected[k]) / paths));
  }
}

/// Path 0 of the smoke scenario without chance, with dated values put into its calendar.
template <class Change>
std::unique_ptr<Parameters<double>> dated(Change change) {
  auto p = smoke({});
  change(*p);
  return p;
}

TEST(Mechanism, ADatedOutageCutsOutputAndRecovers) {
  const auto with = dated([](auto& p) { p.calendar[6].outage_severity[0] = 0.8; });
  const auto without = smoke({});
  std::vector<double> made, level, made_without;
  walk_path<double>(*without, 0, [&](const Walk& walk) { made_without.push_back(walk.flows.produced[0]); });
  walk_path<double>(*with, 0, [&](const Walk& walk) {
    made.push_back(walk.flows.produced[0]);
    level.push_back(walk.state.outage[0]);
  });
  const double exposure = with->shocks.outage_exposure[0][0], persistence = with->shocks.outage.persistence[0];
  EXPECT_EQ(made[5], made_without[5]);
  EXPECT_NEAR(made[6] / made_without[6], 1 - exposure * 0.8, 1e-9);
  for (std::size_t month = 6; month < 12; ++month)
    EXPECT_NEAR(level[month], 0.8 * std::pow(persistence, static_cast<double>(month - 6)), 1e-12);
}

TEST(Mechanism, ADatedOutageStandsBesideThoseByChance) {
  auto p = smoke({}, true);
  p->shocks.outage.rate[0] = 1;  // one every month, of severity 0.5
  p->shocks.outage.minimum[0] = 0.5;
  p->shocks.outage.span[0] = 0;
  p->calendar[3].outage_severity[0] = 0.9;
  std::vector<double> levels;
  walk_path<double>(*p, 0, [&](const Walk& walk) { levels.push_back(walk.state.outage[0]); });
  EXPECT_EQ(levels[0], 0);
  EXPECT_EQ(levels[2], 0.5);
  EXPECT_EQ(levels[3], 0.9);
  EXPECT_DOUBLE_EQ(levels[4], 0.9 * p->shocks.outage.persistence[0]);
  EXPECT_EQ(levels[20], 0.5);
}

TEST(Mechanism, ADatedMoratoriumHaltsTheGridWhileItIsKeptUp) {
  const auto halted = dated([](auto& p) {
    p.shocks.grid_moratorium[us] = 1;
    p.shocks.grid_cut[us] = 0;
    for (int t = 4; t < 10; ++t) p.calendar[t].grid_severity[us] = 1;
  });
  std::vector<double> power;
  walk_path<double>(*halted, 0, [&](const Walk& walk) { power.push_back(walk.state.power[us]); });
  EXPECT_GT(power[3], power[2]);
  for (std::size_t t = 4; t < 10; ++t) EXPECT_EQ(power[t], power[3]) << t;
  EXPECT_GT(power[10], power[9]);
}

TEST(Mechanism, ADatedComponentOutageBindsInstallation) {
  const auto none = dated([](auto& p) { p.calendar[5].component_severity[0] = 1; });
  EXPECT_EQ(at(*none, 5, Measure::power_bound, us), 1);
  EXPECT_EQ(at(*none, 5, Measure::chip_installs, us), 0);
}

TEST(Mechanism, DatedTurnsSetSentimentAndWars) {
  const auto turned = dated([](auto& p) {
    p.calendar[4].sentiment_turn = 1;
    p.calendar[8].sentiment_turn = -1;
    p.calendar[5].war_turn[cn] = 1;
    p.calendar[9].war_turn[cn] = -1;
  });
  for (int month : {3, 4, 7, 8}) {
    EXPECT_EQ(at(*turned, month, Measure::sentiment_reversal), month >= 4 && month < 8 ? 1 : 0) << month;
    EXPECT_EQ(at(*turned, month + 1, Measure::price_war, cn), month >= 4 && month < 8 ? 1 : 0) << month;
    EXPECT_EQ(at(*turned, month + 1, Measure::price_war, us), 0) << month;
  }
}

/// Demand far beyond what there is, buyers who hardly tell markets apart: prices stay finite, nothing hides.
TEST(Mechanism, HostileSizesStayNumbers) {
  for (const Overrides& overrides :
       {Overrides{"market.sigma=12"}, Overrides{"market.sigma=20"},
        Overrides{"segment.lab-us.demand_kh100e=1e5", "segment.users-cn.demand_kh100e=1e5"}}) {
    const auto p = smoke(overrides, true);
    for (std::uint64_t path = 0; path < 20; ++path) {
      walk_path<double>(*p, path, [&](const Walk& walk) {
        for (const float value : walk.row) ASSERT_TRUE(std::isfinite(value)) << overrides[0];
        for (const MarketIndex m : markets(walk.parameters)) ASSERT_LE(std::abs(walk.state.log2_price[m]), 20.0);
      });
    }
  }
}

/// A ceiling holds a market still; it must not send the solver of the others to its last resort.
TEST(Mechanism, ACeilingRationsWithoutSlowingTheSolver) {
  const auto p = smoke({"region.us.price_ceiling_usd=1.2"}, true);
  double iterations = 0, unserved = 0;
  int months = 0;
  for (std::uint64_t path = 0; path < 10; ++path) {
    walk_path<double>(*p, path, [&](const Walk& walk) {
      iterations += walk.flows.iterations;
      unserved += measured(walk, Measure::unserved_share, us);
      EXPECT_LT(walk.flows.residual, 1e-10);
      EXPECT_LE(measured(walk, Measure::regional_price, us), 1.2 * (1 + 1e-6));
      ++months;
    });
  }
  EXPECT_GT(unserved / months, 0.01);
  EXPECT_LT(iterations / months, 20);
}

}  // namespace
}  // namespace chokepoint
