#include "scenario/keys.hpp"

namespace chokepoint {

using namespace config;

namespace {

const Table& grid_shock_table() {
  static const Table table = describe<GridShock>(
      "random grid shocks that limit power", {},
      {
          field("per_year", &GridShock::hazard, &Hazard::per_year, "1/year", arrival_rule, "arrivals of a shock"),
          field("severity", &GridShock::hazard, &Hazard::severity, "1", share_rule,
                "[least, largest] severity, uniform in between"),
          field("recovery_months", &GridShock::hazard, &Hazard::recovery_months, "months",
                {.max = 240, .above_min = true}, "months until a shock has decayed to 1/e of its severity"),
          field("cut", &GridShock::cut, "1", share_rule, "share of the available power lost at severity 1"),
          field("moratorium", &GridShock::moratorium, "1", share_rule,
                "share of new grid orders and connections stopped at severity 1"),
          field("price_spike", &GridShock::price_spike, "1", {.max = 20},
                "rise of the electricity price at severity 1, as a share"),
      });
  return table;
}

const Table& war_table() {
  static const Table table = describe<War>(
      "price wars between the providers of a region", {},
      {
          field("trigger", &War::trigger, "1", share_rule, "utilisation under which a war may start; 0: never"),
          field("start_probability", &War::start_probability, "1/month", share_rule,
                "chance a month that it starts then"),
          field("end_probability", &War::end_probability, "1/month", share_rule, "chance a month that a war ends"),
          field("conduct", &War::conduct, "1", share_rule, "conduct theta in a war"),
          field("capital_share", &War::capital_share, "1", share_rule, "share of capital cost in offers in a war"),
      });
  return table;
}

}  // namespace

const Table& region_table() {
  static const Table table = describe<Region>(
      "a market area with its own grid, export status and rental prices", {"name"},
      {
          field("name", &Region::name, "", name_rule, "how other tables refer to it"),
          field("title", &Region::title, "", {}, "one line for people"),
          field("electricity_usd_per_kwh", &Region::electricity_usd_per_kwh, "USD/kWh", {.max = 10, .required = true},
                "electricity price paid by data centres"),
          field("power_mw", &Region::power_mw, "MW", {.max = 1e7, .required = true},
                "power available to AI at the start"),
          field("power_in_build_mw", &Region::power_in_build_mw, "MW", {.max = 1e7},
                "power being built or connected at the start; left out: what the growth path needs"),
          field("power_growth_per_year", &Region::power_growth, &Growth::per_year, "1/year", {.max = 10},
                "growth of the available power a year, as a share, without shocks"),
          field("power_growth_half_life_months", &Region::power_growth, &Growth::half_life_months, "months",
                half_life_rule, "half-life of that growth; 0: no decay"),
          field("build_delay_months", &Region::build_delay_months, "months", {.min = 1, .max = 120},
                "mean time from order to power"),
          field("power_volatility", &Region::power_volatility, "1", volatility_rule,
                "standard deviation of the log of each month's grid orders"),
          table_field("grid_shock", &Region::grid_shock, grid_shock_table()),
          field("conduct", &Region::conduct, "1", share_rule,
                "conduct theta of providers in normal months: 0 price takers, 1 Cournot"),
          field("capital_share", &Region::capital_share, "1", share_rule,
                "share of capital cost in offers in normal months: 1 is full-cost pricing"),
          table_field("war", &Region::war, war_table()),
          field("share_cap", &Region::share_cap, "1", {.max = 1, .above_min = true},
                "cap on the region's share of the world fleet, enforced on restricted exports; 1: none"),
          field("domestic_floor", &Region::domestic_floor, "1", share_rule,
                "least share of chip spending on chips whose home_region it is"),
          field("price_ceiling_usd", &Region::price_ceiling_usd, "USD per H100e-hour", {.max = 1e6, .above_min = true},
                "highest rental price allowed; left out: none"),
          field("subsidy", &Region::subsidy, "1", {.max = 0.95},
                "share of the delivered chip cost that the state pays"),
      });
  return table;
}

const Names& policy_words() {
  static const Names words = {"quota_thousand_per_month", "price_ceiling_usd", "subsidy",
                              "domestic_floor",           "share_cap",         "power_mw_added"};
  return words;
}

const Table& policy_table() {
  static const Table table = describe<Policy>(
      "a dated change of one value of a region", {"name"},
      {
          field("name", &Policy::name, "", name_rule, "how overrides refer to it"),
          field("title", &Policy::title, "", {}, "one line for people"),
          field("from", &Policy::from, "", {.required = true}, "first month"),
          field("until", &Policy::until, "", {}, "first month in which it no longer holds; left out: to the end"),
          field("region", &Policy::region, "", {.required = true, .refers = Refers::region}, "region"),
          field("class", &Policy::export_class, "", {.refers = Refers::export_class}, "export class; for quotas only"),
          field("key", &Policy::key, "", {.required = true, .choices = policy_words()},
                "what changes; power_mw_added is ordered once, in the first month"),
          field("value", &Policy::value, "as the key", {.max = 1e7, .required = true}, "new value"),
      });
  return table;
}

}  // namespace chokepoint
