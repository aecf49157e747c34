#include <algorithm>
#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/dated_shocks.hpp"
#include "scenario/lower/growth.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/lower/power_path.hpp"
#include "scenario/names.hpp"

namespace chokepoint {

namespace {

/// Month 0 is the start itself; month t has grown from the one before at that one's rate.
template <class Real>
void lower_growth(const Scenario& scenario, int t, CalendarMonth<Real>& month) {
  for (std::size_t s = 0; s < scenario.segments.size(); ++s)
    set(month.demand_drift[s], monthly_log2_growth(scenario.segments[s].growth, t - 1) + demand_step(scenario, s, t));
  set(month.efficiency_drift, monthly_log2_growth(scenario.efficiency.growth, t - 1) + efficiency_step(scenario, t));
  for (std::size_t f = 0; f < scenario.fab_pools.size(); ++f)
    set(month.fab_growth[f], monthly_log2_growth(scenario.fab_pools[f].growth, t - 1) + fab_step(scenario, f, t));
}

template <class Real>
void lower_list_prices(const Scenario& scenario, int t, CalendarMonth<Real>& month) {
  for (std::size_t c = 0; c < scenario.chips.size(); ++c) {
    const config::Chip& chip = scenario.chips[c];
    set(month.list_price[c], chip.list_price_usd / 1000 * std::pow(1 - chip.list_price_decline_per_year, t / 12.0));
  }
}

template <class Real>
void lower_rules(const Scenario& scenario, CalendarMonth<Real>& month) {
  for (std::size_t r = 0; r < scenario.regions.size(); ++r) {
    const config::Region& region = scenario.regions[r];
    set(month.electricity[r], region.electricity_usd_per_kwh);
    set(month.log2_ceiling[r], region.price_ceiling_usd ? std::log2(*region.price_ceiling_usd) : no_ceiling_log2);
    set(month.domestic_floor[r], region.domestic_floor);
    set(month.subsidy[r], region.subsidy);
    set(month.share_cap[r], region.share_cap);
    for (std::size_t x = 0; x < scenario.export_classes.size(); ++x) month.scheduled_regime[x][r] = -1;
  }
}

template <class Real>
void lower_power(const Scenario& scenario, Parameters<Real>& p) {
  for (std::size_t r = 0; r < scenario.regions.size(); ++r) {
    const PowerPath path = plan_power(scenario.regions[r], scenario.months);
    for (std::size_t t = 0; t < path.orders.size(); ++t) set(p.calendar[t].power_orders[r], path.orders[t]);
  }
}

template <class Real>
void lower_components(const Scenario& scenario, Parameters<Real>& p) {
  for (std::size_t b = 0; b < scenario.component_pools.size(); ++b) {
    double log2_capacity = std::log2(scenario.component_pools[b].mw_per_month);
    for (int t = 0; t < scenario.months; ++t) {
      set(p.calendar[t].component_capacity[b], std::exp2(log2_capacity));
      log2_capacity += monthly_log2_growth(scenario.component_pools[b].growth, t);
    }
  }
}

template <class Real>
void lower_exports(const Scenario& scenario, Parameters<Real>& p) {
  const config::Names classes = export_class_names(scenario), regions = region_names(scenario);
  for (const config::Export& rules : scenario.exports) {
    const int x = index_of(classes, rules.export_class), r = index_of(regions, rules.region);
    for (int t = 0; t < scenario.months; ++t) set(p.calendar[t].quota[x][r], rules.quota_thousand_per_month);
    for (const config::ScheduledRegime& entry : rules.schedule) {
      const int t = month_index(scenario, entry.date), regime = index_of(regime_words(), entry.regime);
      if (t < scenario.months) p.calendar[t].scheduled_regime[x][r] = regime;
      if (t == 0) p.shocks.regime_start[x][r] = static_cast<std::uint32_t>(regime);  // no chain moves in month 0
    }
  }
}

template <class Real>
void lower_policy_month(const config::Policy& policy, int x, int r, CalendarMonth<Real>& month) {
  if (policy.key == "quota_thousand_per_month") set(month.quota[x][r], policy.value);
  if (policy.key == "price_ceiling_usd") set(month.log2_ceiling[r], std::log2(policy.value));
  if (policy.key == "subsidy") set(month.subsidy[r], policy.value);
  if (policy.key == "domestic_floor") set(month.domestic_floor[r], policy.value);
  if (policy.key == "share_cap") set(month.share_cap[r], policy.value);
}

/// Policies apply in the order of the file; where two meet, the later one holds.
template <class Real>
void lower_policies(const Scenario& scenario, Parameters<Real>& p) {
  const config::Names classes = export_class_names(scenario), regions = region_names(scenario);
  for (const config::Policy& policy : scenario.policies) {
    const int x = index_of(classes, policy.export_class), r = index_of(regions, policy.region);
    const int first = month_index(scenario, policy.from);
    const int end = policy.until.year ? month_index(scenario, policy.until) : scenario.months;
    for (int t = first; t < std::min(end, scenario.months); ++t) lower_policy_month(policy, x, r, p.calendar[t]);
    const int ordered = std::max(first, 1);  // nothing is ordered in month 0
    if (policy.key == "power_mw_added" && ordered < scenario.months)
      p.calendar[ordered].power_orders[r] += static_cast<Real>(policy.value);
  }
}

}  // namespace

template <class Real>
void lower_calendar(const Scenario& scenario, Parameters<Real>& p) {
  for (int t = 0; t < scenario.months; ++t) {
    if (t > 0) lower_growth(scenario, t, p.calendar[t]);
    lower_list_prices(scenario, t, p.calendar[t]);
    lower_rules(scenario, p.calendar[t]);
  }
  lower_power(scenario, p);
  lower_components(scenario, p);
  lower_exports(scenario, p);
  lower_policies(scenario, p);
  lower_dated_shocks(scenario, p);
}

template void lower_calendar(const Scenario&, Parameters<float>&);
template void lower_calendar(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
