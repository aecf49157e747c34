#include "scenario/lower/lower.hpp"

#include <cmath>
#include <type_traits>

#include "chokepoint/market/derived_parameters.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/measures.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {

namespace {

/// Number of a source of shocks by its place in source_words().
std::size_t source_number(std::size_t word) {
  return word + static_cast<std::size_t>(Source::demand);
}

template <class Real>
void lower_sources(const Scenario& scenario, std::uint64_t seed, Parameters<Real>& p) {
  for (std::int32_t& noise : p.noise) noise = 1;
  for (std::uint64_t& source_seed : p.seeds.seed) source_seed = seed;
  const config::Names& words = source_words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (index_of(scenario.frozen, words[i]) >= 0) p.noise[source_number(i)] = 0;
    const auto own = scenario.seeds.find(words[i]);
    if (own != scenario.seeds.end()) p.seeds.seed[source_number(i)] = own->second;
  }
}

template <class Real>
void lower_finance(const config::Finance& finance, FinanceParameters<Real>& p) {
  set(p.fixed_capital_share, finance.fixed_capital_share);
  set(p.transfer_share, finance.transfer_share);
  set(p.expected_decline, finance.expected_decline);
  set(p.class_choice, finance.class_choice);
  set(p.q_exponent, finance.q_exponent);
  set(p.q_min, finance.q_min);
  set(p.q_max, finance.q_max);
  set(p.demand_exponent, finance.demand_exponent);
  set(p.arms_race, finance.arms_race);
  set(p.arms_race_max, finance.arms_race_max);
}

template <class Real>
void lower_solver(const config::Market& market, SolverParameters<Real>& p) {
  constexpr double double_tolerance = 1e-10;
  set(p.tolerance, std::is_same_v<Real, double> ? double_tolerance : market.tolerance);
  set(p.kink, market.kink);
  set(p.inverse_four_kinks, 1 / (4 * market.kink));
  set(p.log2_start_price, std::log2(market.start_price_usd));
  set(p.empty_capacity, market.empty_capacity_kh100e);
  p.newton_limit = market.newton_limit;
  p.sweep_limit = market.sweep_limit;
}

template <class Real>
void lower_events(const Scenario& scenario, EventParameters<Real>& p) {
  const config::Names names = measure_names(scenario);
  for (std::size_t e = 0; e < scenario.events.size(); ++e) {
    const config::Event& event = scenario.events[e];
    p.measure[e] = index_of(names, event.measure);
    p.above[e] = event.above.has_value();
    p.relative[e] = event.relative;
    p.first_month[e] = is_flow(measure_of(event.measure)) ? std::min(1, scenario.months - 1) : 0;
    set(p.threshold[e], event.above ? *event.above : event.below.value_or(0));
  }
}

}  // namespace

template <class Real>
std::unique_ptr<Parameters<Real>> lower(const Scenario& scenario, std::uint64_t seed) {
  auto p = std::make_unique<Parameters<Real>>();
  p->sizes = scenario_sizes(scenario);
  for (const MeasureBlock& block : measure_layout(p->sizes))
    p->measure_offset[static_cast<int>(block.measure)] = block.offset;
  lower_sources(scenario, seed, *p);
  lower_shocks(scenario, *p);
  lower_chips(scenario, *p);
  lower_trade(scenario, *p);
  lower_regions(scenario, *p);
  lower_providers(scenario, *p);
  lower_finance(scenario.finance, p->finance);
  lower_demand(scenario, *p);
  lower_downstream(scenario, *p);
  lower_events(scenario, p->events);
  lower_solver(scenario.market, p->solver);
  lower_calendar(scenario, *p);
  derive(*p);
  return p;
}

template std::unique_ptr<Parameters<float>> lower(const Scenario&, std::uint64_t);
template std::unique_ptr<Parameters<double>> lower(const Scenario&, std::uint64_t);

}  // namespace chokepoint
