#include <algorithm>
#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/names.hpp"

namespace chokepoint {

namespace {

constexpr double hours_per_month = 730;

template <class Real>
void lower_chip(const Scenario& scenario, const config::Chip& chip, std::size_t c, ChipParameters<Real>& p) {
  p.pool[c] = index_of(fab_pool_names(scenario), chip.fab_pool);
  p.export_class[c] = index_of(export_class_names(scenario), chip.export_class);
  p.home[c] = index_of(region_names(scenario), chip.home_region);
  set(p.perf[c], chip.perf_h100e);
  set(p.inverse_perf[c], 1 / chip.perf_h100e);
  set(p.power_kw[c], chip.power_kw);
  set(p.system_multiple[c], chip.system_multiple);
  set(p.log2_price_floor[c], std::log2(chip.price_floor));
  set(p.log2_price_cap[c], std::log2(chip.price_cap));
  set(p.order_exponent[c], 1 + chip.order_elasticity);
  set(p.inverse_order_exponent[c], 1 / (1 + chip.order_elasticity));
  set(p.wafers[c], chip.wafers_per_chip);
  set(p.inverse_wafers[c], 1 / chip.wafers_per_chip);
  set(p.lead_rate[c], std::min(pipeline_stages / std::max(chip.lead_time_months, 1e-3), 1.0));
  set(p.ageing_rate[c], 2 / chip.life_months);
  set(p.failure_rate[c], 1 - std::pow(1 - chip.failure_per_year, 1.0 / 12));
  set(p.capital_hours[c], 1000 / (chip.life_months * hours_per_month * chip.perf_h100e));
  set(p.stock_limit[c], chip.stock_limit_months);
  set(p.start_stock[c], chip.stock_thousand);
}

template <class Real>
void lower_export(const config::Export& rules, std::size_t x, std::size_t r, TradeParameters<Real>& p) {
  set(p.leak_share[x][r], rules.leak_share);
  set(p.grey_premium[x][r], rules.grey_premium);
  set(p.stockpile[x][r], rules.stockpile);
  set(p.surcharge[x][r][regime_open], rules.surcharge.open);
  set(p.surcharge[x][r][regime_window], rules.surcharge.window);
  set(p.surcharge[x][r][regime_quota], rules.surcharge.quota);
}

}  // namespace

template <class Real>
void lower_chips(const Scenario& scenario, Parameters<Real>& p) {
  double weights = 0;
  for (const config::Chip& chip : scenario.chips) weights += chip.index_weight;
  for (std::size_t c = 0; c < scenario.chips.size(); ++c) {
    lower_chip(scenario, scenario.chips[c], c, p.chips);
    set(p.chips.index_weight[c], scenario.chips[c].index_weight / weights);
  }
  for (std::size_t f = 0; f < scenario.fab_pools.size(); ++f)
    set(p.chips.log2_capacity[f], std::log2(scenario.fab_pools[f].capacity_thousand_per_month));
  set(p.chips.pool_steer, scenario.market.pool_steer);
}

template <class Real>
void lower_trade(const Scenario& scenario, Parameters<Real>& p) {
  for (std::size_t x = 0; x < scenario.export_classes.size(); ++x)
    for (std::size_t r = 0; r < scenario.regions.size(); ++r) lower_export(config::Export{}, x, r, p.trade);
  const config::Names classes = export_class_names(scenario), regions = region_names(scenario);
  for (const config::Export& rules : scenario.exports)
    lower_export(rules, static_cast<std::size_t>(index_of(classes, rules.export_class)),
                 static_cast<std::size_t>(index_of(regions, rules.region)), p.trade);
}

template void lower_chips(const Scenario&, Parameters<float>&);
template void lower_chips(const Scenario&, Parameters<double>&);
template void lower_trade(const Scenario&, Parameters<float>&);
template void lower_trade(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
