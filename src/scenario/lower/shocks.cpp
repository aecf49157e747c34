#include <cmath>
#include <numbers>

#include "chokepoint/market/parameters.hpp"
#include "scenario/cholesky.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/growth.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/names.hpp"

namespace chokepoint {

namespace {

/// The config states natural logarithms, the block log2.
double to_log2(double natural) {
  return natural / std::numbers::ln2;
}

/// Share of a shock that is left after a month.
double persistence(double recovery_months) {
  return std::exp(-1 / recovery_months);
}

template <class Real>
void lower_factors(const Scenario& scenario, ShockParameters<Real>& p) {
  config::FactorMatrix factor;
  cholesky_factor(scenario.correlation, factor);
  for (std::size_t i = 0; i < factor.size(); ++i)
    for (std::size_t j = 0; j < factor.size(); ++j) set(p.cholesky[i][j], factor[i][j]);
  for (std::size_t s = 0; s < scenario.segments.size(); ++s) {
    const config::Segment& segment = scenario.segments[s];
    set(p.demand_common[s], to_log2(segment.volatility * std::sqrt(segment.common_share)));
    set(p.demand_own[s], to_log2(segment.volatility * std::sqrt(1 - segment.common_share)));
  }
}

template <class Real>
void lower_efficiency(const config::Efficiency& efficiency, ShockParameters<Real>& p) {
  const double low = std::log2(efficiency.jump_factor.low), high = std::log2(efficiency.jump_factor.high);
  set(p.efficiency_volatility, to_log2(efficiency.volatility));
  set(p.efficiency_jump_rate, monthly_probability(efficiency.jumps_per_year));
  set(p.efficiency_jump_min, low);
  set(p.efficiency_jump_span, high - low);
}

template <class Real>
void lower_sentiment(const config::Sentiment& sentiment, ShockParameters<Real>& p) {
  set(p.sentiment_start, sentiment.start == "reversal" ? 1 : 0);
  set(p.sentiment_to_reversal, monthly_probability(sentiment.to_reversal_per_year));
  set(p.sentiment_to_boom, monthly_probability(sentiment.to_boom_per_year));
  set(p.reversal_demand_drift, to_log2(sentiment.reversal_demand_drift_per_year / 12));
  set(p.reversal_capex, sentiment.reversal_capex);
}

template <class Real, int size>
void lower_hazard(const config::Hazard& hazard, std::size_t k, Hazards<Real, size>& p) {
  set(p.rate[k], monthly_probability(hazard.per_year));
  set(p.minimum[k], hazard.severity.low);
  set(p.span[k], hazard.severity.high - hazard.severity.low);
  set(p.persistence[k], persistence(hazard.recovery_months));
}

template <class Real>
void lower_outages(const Scenario& scenario, ShockParameters<Real>& p) {
  for (std::size_t f = 0; f < scenario.fab_pools.size(); ++f)
    set(p.yield_volatility[f], to_log2(scenario.fab_pools[f].yield_volatility));
  const config::Names pools = fab_pool_names(scenario);
  for (std::size_t k = 0; k < scenario.outages.size(); ++k) {
    const config::Outage& outage = scenario.outages[k];
    lower_hazard(outage.hazard, k, p.outage);
    for (const auto& [pool, share] : outage.exposure) set(p.outage_exposure[k][index_of(pools, pool)], share);
  }
}

template <class Real>
void lower_grids(const Scenario& scenario, ShockParameters<Real>& p) {
  for (std::size_t r = 0; r < scenario.regions.size(); ++r) {
    const config::Region& region = scenario.regions[r];
    const config::GridShock& shock = region.grid_shock;
    set(p.power_volatility[r], to_log2(region.power_volatility));
    lower_hazard(shock.hazard, r, p.grid);
    set(p.grid_cut[r], shock.cut);
    set(p.grid_moratorium[r], shock.moratorium);
    set(p.grid_price_spike[r], shock.price_spike);
  }
}

template <class Real>
void lower_components(const Scenario& scenario, ShockParameters<Real>& p) {
  for (std::size_t b = 0; b < scenario.component_pools.size(); ++b)
    lower_hazard(scenario.component_pools[b].hazard, b, p.component);
}

/// The chain of one export class and region, as cumulative probabilities; a row that is not given never leaves.
template <class Real>
void lower_chain(const config::Export& rules, std::size_t x, std::size_t r, ShockParameters<Real>& p) {
  p.regime_start[x][r] = static_cast<std::uint32_t>(index_of(regime_words(), rules.start));
  for (std::size_t from = 0; from < regime_count; ++from) {
    config::RegimeRow row{};
    row[from] = 1;
    if (rules.transition.from[from]) row = *rules.transition.from[from];
    if (row[from] < 1) p.regime_moves[x][r] = 1;
    double sum = 0;
    for (std::size_t to = 0; to + 1 < regime_count; ++to) set(p.regime_cumulative[x][r][from][to], sum += row[to]);
  }
}

template <class Real>
void lower_chains(const Scenario& scenario, ShockParameters<Real>& p) {
  for (std::size_t x = 0; x < scenario.export_classes.size(); ++x)
    for (std::size_t r = 0; r < scenario.regions.size(); ++r) lower_chain(config::Export{}, x, r, p);
  const config::Names classes = export_class_names(scenario), regions = region_names(scenario);
  for (const config::Export& rules : scenario.exports)
    lower_chain(rules, static_cast<std::size_t>(index_of(classes, rules.export_class)),
                static_cast<std::size_t>(index_of(regions, rules.region)), p);
}

}  // namespace

template <class Real>
void lower_shocks(const Scenario& scenario, Parameters<Real>& p) {
  lower_factors(scenario, p.shocks);
  lower_efficiency(scenario.efficiency, p.shocks);
  lower_sentiment(scenario.sentiment, p.shocks);
  lower_outages(scenario, p.shocks);
  lower_grids(scenario, p.shocks);
  lower_components(scenario, p.shocks);
  lower_chains(scenario, p.shocks);
}

template void lower_shocks(const Scenario&, Parameters<float>&);
template void lower_shocks(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
