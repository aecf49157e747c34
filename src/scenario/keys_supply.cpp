#include "scenario/keys.hpp"

namespace chokepoint {

using namespace config;

const Table& chip_table() {
  static const Table table = describe<Chip>(
      "a class of accelerator chips", {"name"},
      {
          field("name", &Chip::name, "", name_rule, "how other tables refer to it"),
          field("title", &Chip::title, "", {}, "one line for people"),
          field("perf_h100e", &Chip::perf_h100e, "H100e", {.min = 1e-3, .max = 1e3, .required = true},
                "performance of one chip"),
          field("power_kw", &Chip::power_kw, "kW", {.min = 1e-3, .max = 100, .required = true},
                "power of one chip with its share of server and cooling"),
          field("list_price_usd", &Chip::list_price_usd, "USD", {.min = 1, .max = 1e7, .required = true},
                "vendor's list price at the start"),
          field("list_price_decline_per_year", &Chip::list_price_decline_per_year, "1/year", {.min = -1, .max = 0.95},
                "fall of the list price a year, as a share"),
          field("system_multiple", &Chip::system_multiple, "1", {.min = 1, .max = 10},
                "dollars of chip, server, network and building per chip dollar"),
          field("life_months", &Chip::life_months, "months", {.min = 6, .max = 240}, "mean service life"),
          field("failure_per_year", &Chip::failure_per_year, "1/year", {.max = 0.9},
                "share that fails for good each year"),
          field("lead_time_months", &Chip::lead_time_months, "months", {.min = 3, .max = 60},
                "mean time from order to delivery"),
          field("fab_pool", &Chip::fab_pool, "", {.required = true, .refers = Refers::fab_pool}, "pool that makes it"),
          field("export_class", &Chip::export_class, "", {.refers = Refers::export_class},
                "export class that it falls under; left out: never restricted"),
          field("home_region", &Chip::home_region, "", {.refers = Refers::region},
                "region whose domestic floor counts it"),
          field("price_floor", &Chip::price_floor, "1", {.min = 0.01, .max = 1},
                "lowest price, as a multiple of the list price"),
          field("price_cap", &Chip::price_cap, "1", {.min = 1, .max = 100},
                "highest price, as a multiple of the list price"),
          field("order_elasticity", &Chip::order_elasticity, "1", {.max = 10},
                "elasticity of orders to price over list price, beyond the 1 due to the fixed budget"),
          field("wafers_per_chip", &Chip::wafers_per_chip, "pool units", {.min = 1e-3, .max = 1e3},
                "pool units that one chip takes"),
          field("stock_limit_months", &Chip::stock_limit_months, "months", {.max = 120},
                "months of output in stock at which the vendor stops starting wafers"),
          field("stock_thousand", &Chip::stock_thousand, "thousand chips", {.max = 1e6}, "vendor's stock at the start"),
          field("index_weight", &Chip::index_weight, "1", {.max = 1e6},
                "weight in the chip price index; scaled to sum to 1"),
      });
  return table;
}

const Table& fab_pool_table() {
  static const Table table = describe<FabPool>(
      "manufacturing capacity that chip classes share", {"name"},
      {
          field("name", &FabPool::name, "", name_rule, "how other tables refer to it"),
          field("capacity_thousand_per_month", &FabPool::capacity_thousand_per_month, "thousand pool units/month",
                {.min = 1e-3, .max = 1e6, .required = true}, "output at the start"),
          field("growth_per_year", &FabPool::growth, &Growth::per_year, "1/year", growth_rule,
                "growth of output a year, as a share"),
          field("growth_half_life_months", &FabPool::growth, &Growth::half_life_months, "months", half_life_rule,
                "half-life of the growth's excess over its long-run rate; 0: no decay"),
          field("growth_long_run_per_year", &FabPool::growth, &Growth::long_run_per_year, "1/year", growth_rule,
                "growth in the long run"),
          field("yield_volatility", &FabPool::yield_volatility, "1", volatility_rule,
                "standard deviation of the monthly log change of yield"),
      });
  return table;
}

const Table& outage_table() {
  static const Table table = describe<Outage>(
      "a hazard that cuts the output of one or more fab pools", {"name"},
      {
          field("name", &Outage::name, "", name_rule, "how overrides refer to it"),
          field("per_year", &Outage::hazard, &Hazard::per_year, "1/year", arrival_rule, "arrivals"),
          field("severity", &Outage::hazard, &Hazard::severity, "1", share_rule,
                "[least, largest] severity, uniform in between"),
          field("recovery_months", &Outage::hazard, &Hazard::recovery_months, "months", {.max = 240, .above_min = true},
                "time in which it falls to 1/e"),
          field("exposure", &Outage::exposure, "1", {.max = 1, .required = true, .refers = Refers::fab_pool},
                "share of each pool's output lost at severity 1; pools left out are not hit"),
      });
  return table;
}

const Table& component_pool_table() {
  static const Table table = describe<ComponentPool>(
      "parts that data centres need (cooling, generators, transformers); limits installation worldwide", {"name"},
      {
          field("name", &ComponentPool::name, "", name_rule, "how overrides refer to it"),
          field("mw_per_month", &ComponentPool::mw_per_month, "MW/month",
                {.max = 1e7, .above_min = true, .required = true}, "power that can be equipped a month at the start"),
          field("growth_per_year", &ComponentPool::growth, &Growth::per_year, "1/year", growth_rule,
                "growth a year, as a share"),
          field("growth_half_life_months", &ComponentPool::growth, &Growth::half_life_months, "months", half_life_rule,
                "half-life of the growth's excess over its long-run rate; 0: no decay"),
          field("growth_long_run_per_year", &ComponentPool::growth, &Growth::long_run_per_year, "1/year", growth_rule,
                "growth in the long run"),
          field("outages_per_year", &ComponentPool::hazard, &Hazard::per_year, "1/year", arrival_rule,
                "arrivals of an outage"),
          field("severity", &ComponentPool::hazard, &Hazard::severity, "1", share_rule,
                "[least, largest] share of output lost, uniform in between"),
          field("recovery_months", &ComponentPool::hazard, &Hazard::recovery_months, "months",
                {.max = 240, .above_min = true}, "time in which an outage falls to 1/e"),
      });
  return table;
}

}  // namespace chokepoint
