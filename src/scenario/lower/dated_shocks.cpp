#include "scenario/lower/dated_shocks.hpp"

#include <algorithm>
#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/growth.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/names.hpp"

namespace chokepoint {

namespace {

/// Months of a shock; `end` is the first without it.
struct Span {
  int first, end;
  bool holds(int t) const { return first <= t && t < end; }
};

Span span_of(const Scenario& scenario, const config::Shock& shock, int end_if_open) {
  const int first = std::max(month_index(scenario, shock.from), 1);
  const int end = shock.until.year ? month_index(scenario, shock.until) : end_if_open;
  return {first, std::min(end, scenario.months)};
}

/// What changes for good unless it is taken back.
Span lasting(const Scenario& scenario, const config::Shock& shock) {
  return span_of(scenario, shock, scenario.months);
}

/// What strikes once unless it is kept up.
Span passing(const Scenario& scenario, const config::Shock& shock) {
  return span_of(scenario, shock, std::max(month_index(scenario, shock.from), 1) + 1);
}

bool hits(const config::Shock& shock, const char* kind, const std::string& target) {
  return shock.kind == kind && (shock.target.empty() || shock.target == target);
}

/// Sum of `amount(shock)` over lasting shocks of a kind that hold in month t.
template <class Amount>
double sum_in_force(const Scenario& scenario, const char* kind, const std::string& target, int t, Amount amount) {
  double sum = 0;
  for (const config::Shock& shock : scenario.shocks)
    if (hits(shock, kind, target) && lasting(scenario, shock).holds(t)) sum += amount(shock);
  return sum;
}

double factor_step(const Scenario& scenario, const char* kind, const std::string& target, int t) {
  const auto log2_factor = [](const config::Shock& shock) { return std::log2(*shock.value); };
  return sum_in_force(scenario, kind, target, t, log2_factor) -
         sum_in_force(scenario, kind, target, t - 1, log2_factor);
}

/// Median output of a pool in month t over that of its own growth, in log2.
double log2_extension(const Scenario& scenario, const config::FabPool& pool, int t) {
  const double added = sum_in_force(scenario, "fab_capacity_added", pool.name, t,
                                    [](const config::Shock& shock) { return *shock.value; });
  if (!(added > 0)) return 0;
  double log2_own = std::log2(pool.capacity_thousand_per_month);
  for (int month = 0; month < t; ++month) log2_own += monthly_log2_growth(pool.growth, month);
  return std::log2(1 + added / std::exp2(log2_own));
}

/// Index sets that a shock of these kinds hits.
template <class Visit>
void for_each_target(const config::Names& names, const config::Shock& shock, const char* kind, Visit visit) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (hits(shock, kind, names[i])) visit(i);
}

template <class Real>
void raise(Real& level, double severity) {
  set(level, std::max(static_cast<double>(level), severity));
}

template <class Real>
void lower_passing(const Scenario& scenario, const config::Shock& shock, CalendarMonth<Real>& month) {
  const auto each = [&](const config::Names& names, const char* kind, auto visit) {
    for_each_target(names, shock, kind, visit);
  };
  const double value = shock.value.value_or(0);
  each(outage_names(scenario), "fab_outage", [&](std::size_t k) { raise(month.outage_severity[k], value); });
  each(region_names(scenario), "grid_shock", [&](std::size_t r) { raise(month.grid_severity[r], value); });
  each(component_pool_names(scenario), "component_outage",
       [&](std::size_t b) { raise(month.component_severity[b], value); });
  each(region_names(scenario), "price_war", [&](std::size_t r) { month.war_turn[r] = 1; });
  each(region_names(scenario), "price_peace", [&](std::size_t r) { month.war_turn[r] = -1; });
  if (shock.kind == "reversal") month.sentiment_turn = 1;
  if (shock.kind == "boom") month.sentiment_turn = -1;
}

}  // namespace

double demand_step(const Scenario& scenario, std::size_t s, int t) {
  return factor_step(scenario, "demand_factor", scenario.segments[s].name, t);
}

double efficiency_step(const Scenario& scenario, int t) {
  return factor_step(scenario, "efficiency_factor", "", t);
}

double fab_step(const Scenario& scenario, std::size_t f, int t) {
  const config::FabPool& pool = scenario.fab_pools[f];
  return log2_extension(scenario, pool, t) - log2_extension(scenario, pool, t - 1);
}

template <class Real>
void lower_dated_shocks(const Scenario& scenario, Parameters<Real>& p) {
  const config::Names component_pools = component_pool_names(scenario);
  for (const config::Shock& shock : scenario.shocks) {
    const Span strikes = passing(scenario, shock), lasts = lasting(scenario, shock);
    for (int t = strikes.first; t < strikes.end; ++t) lower_passing(scenario, shock, p.calendar[t]);
    for (int t = lasts.first; t < lasts.end; ++t)
      for_each_target(component_pools, shock, "component_capacity_added",
                      [&](std::size_t b) { p.calendar[t].component_capacity[b] += static_cast<Real>(*shock.value); });
  }
}

template void lower_dated_shocks(const Scenario&, Parameters<float>&);
template void lower_dated_shocks(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
