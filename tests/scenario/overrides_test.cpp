#include <gtest/gtest.h>

#include <cstring>

#include "chokepoint/market/parameters.hpp"
#include "config/overrides.hpp"
#include "scenario/edited.hpp"
#include "scenario/lower/lower.hpp"

namespace chokepoint {
namespace {

Scenario with(const std::vector<std::string>& overrides) {
  return read_scenario_text(minimal_text(), "test.toml", overrides);
}

std::string fault_of(const std::string& override_text) {
  return formatted(faults_of(minimal_text(), {override_text}));
}

TEST(Overrides, SetValuesOfEveryKind) {
  const Scenario scenario =
      with({"region.cn.power_mw=1e5", "scenario.months=24", "scenario.title=dry run", "segment.firms.trade_cost.us=1.5",
            "export.frontier.cn.leak_share=0", "export.frontier.cn.start=ban",
            "export.frontier.cn.schedule.2026-09.regime=quota", "seeds.demand=9", "freeze.sources=[\"fab\"]",
            "outage.quake.severity=[0.5, 0.6]", "event.dear.relative=false", "region.us.war.trigger=0.3",
            "finance.arms_race=1", "provider.beta.fleet_thousand.h200=3"});
  EXPECT_EQ(scenario.regions[1].power_mw, 1e5);
  EXPECT_EQ(scenario.months, 24);
  EXPECT_EQ(scenario.title, "dry run");
  EXPECT_EQ(scenario.segments[1].trade_cost.at("us"), 1.5);
  EXPECT_EQ(scenario.exports[0].leak_share, 0);
  EXPECT_EQ(scenario.exports[0].start, "ban");
  EXPECT_EQ(scenario.exports[0].schedule[0].regime, "quota");
  EXPECT_EQ(scenario.seeds.at("demand"), 9u);
  EXPECT_EQ(scenario.frozen, config::Names{"fab"});
  EXPECT_EQ(scenario.outages[0].hazard.severity.high, 0.6);
  EXPECT_FALSE(scenario.events[0].relative);
  EXPECT_EQ(scenario.regions[0].war.trigger, 0.3);
  EXPECT_EQ(scenario.finance.arms_race, 1);
  EXPECT_EQ(scenario.providers[0].fleet_thousand.at("h200"), 3);
}

TEST(Overrides, TextGivesTheSameScenarioAgain) {
  const Scenario first =
      with({"region.cn.power_mw=12345.678901234567", "scenario.title=a \"quoted\" \\ title", "market.kink=0.07"});
  const Scenario again = read_scenario_text(first.text);
  EXPECT_EQ(again.regions[1].power_mw, 12345.678901234567);
  EXPECT_EQ(again.title, "a \"quoted\" \\ title");
  EXPECT_EQ(again.market.kink, 0.07);
  EXPECT_EQ(again.text_hash, first.text_hash);
  const auto a = lower<double>(first, 3), b = lower<double>(again, 3);
  EXPECT_EQ(std::memcmp(&a->regions, &b->regions, sizeof a->regions), 0);
  EXPECT_EQ(std::memcmp(a->calendar, b->calendar, sizeof a->calendar), 0);
}

TEST(Overrides, NoKeyIsSetTwice) {
  EXPECT_EQ(
      formatted(faults_of(minimal_text(), {"scenario.months=3", "market.sigma=5", "scenario.months=3"})),
      "--set scenario.months=3: scenario.months: is given twice; first by --set scenario.months=3; leave one of them "
      "out\n");
  EXPECT_EQ(
      formatted(faults_of(minimal_text(), {"region.us.war.trigger=0.3", "region.us.war={trigger=0.2}"})),
      "--set region.us.war={trigger=0.2}: region.us.war: is given twice; first by --set region.us.war.trigger=0.3; "
      "leave one of them out\n");
  EXPECT_EQ(with({"market.sigma=5", "market.kink=0.1", "region.us.power_mw=1", "region.cn.power_mw=2"}).market.sigma,
            5);
  EXPECT_TRUE(keys_overlap("a.b", "a.b.c"));
  EXPECT_FALSE(keys_overlap("a.b", "a.bc"));
}

TEST(Overrides, FaultsStandAtTheOverride) {
  EXPECT_EQ(fault_of("region.cn.power_mw=-1"),
            "--set region.cn.power_mw=-1: region.cn.power_mw: is out of range (-1); allowed: 0 to 1e+07 MW\n");
  EXPECT_EQ(fault_of("region.cm.power_mw=1"),
            "--set region.cm.power_mw=1: region.cm.power_mw: there is no region 'cm'; did you mean 'cn'?\n");
  EXPECT_EQ(fault_of("region.cn.power=1"),
            "--set region.cn.power=1: region.cn.power: unknown key 'power'; did you mean 'power_mw'?\n");
  EXPECT_EQ(fault_of("regoin.cn.power_mw=1"),
            "--set regoin.cn.power_mw=1: regoin.cn.power_mw: unknown key 'regoin'; did you mean 'region'?\n");
  EXPECT_EQ(fault_of("months"), "--set months: months: is no override; write key.path=value\n");
  EXPECT_EQ(fault_of("=3"), "--set =3: is no override; write key.path=value\n");
  EXPECT_EQ(fault_of("region.cn=3"), "--set region.cn=3: region.cn: leads to no value; write region.NAME.KEY=value\n");
  EXPECT_EQ(fault_of("market.sigma.x=3"),
            "--set market.sigma.x=3: market.sigma.x: 'sigma' has no keys of its own; write market.sigma=value\n");
  EXPECT_EQ(
      fault_of("market.sigma=1e400"),
      "--set market.sigma=1e400: market.sigma: is beyond what a number holds here (1e400); allowed: 0, and numbers "
      "from 2.2e-308 to 1.8e308 of either sign\n");
  EXPECT_EQ(fault_of("market.sigma=1e-400").substr(0, 40), "--set market.sigma=1e-400: market.sigma:");
  EXPECT_EQ(fault_of("market.sigma=x\n[evil]").substr(0, 20), "--set market.sigma=x");
  EXPECT_EQ(faults_of(minimal_text(), {"region.cn.power_mw=nan"}).size(), 1u);
  EXPECT_EQ(faults_of(minimal_text(), {"scenario.title=" + std::string(1 << 20, '.')}).size(), 1u);
}

}  // namespace
}  // namespace chokepoint
