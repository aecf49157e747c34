#include <algorithm>
#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/names.hpp"
#include "scenario/taste.hpp"

namespace chokepoint {

namespace {

double value_or(const config::NumberByName& numbers, const std::string& name, double otherwise) {
  const auto found = numbers.find(name);
  return found == numbers.end() ? otherwise : found->second;
}

}  // namespace

std::vector<double> market_weights(const Scenario& scenario, const config::Segment& segment) {
  constexpr double least_weight = 1e-12;  // below, its square nears the end of float
  std::vector<double> liking;
  for (const config::Region& region : scenario.regions) {
    const double home_or_barred = region.name == segment.home ? 1 : config::infinity;
    const double cost = value_or(segment.trade_cost, region.name, home_or_barred);
    for (const config::Chip& chip : scenario.chips) liking.push_back(value_or(segment.taste, chip.name, 1) / cost);
  }
  // Relative to the best market, so that no power overflows.
  const double best = liking.empty() ? 0 : *std::max_element(liking.begin(), liking.end());
  if (!(best > 0)) return {};
  double sum = 0;
  for (double& weight : liking) sum += weight = std::pow(weight / best, scenario.market.sigma);
  for (double& weight : liking) weight = weight / sum < least_weight ? 0 : weight / sum;
  return liking;
}

template <class Real>
void lower_demand(const Scenario& scenario, Parameters<Real>& p) {
  const double sigma = scenario.market.sigma;
  const config::Names regions = region_names(scenario);
  set(p.demand.sigma, sigma);
  set(p.demand.inverse_sigma, 1 / sigma);
  for (std::size_t s = 0; s < scenario.segments.size(); ++s) {
    const config::Segment& segment = scenario.segments[s];
    const double elasticity = segment.elasticity;
    p.demand.home[s] = index_of(regions, segment.home);
    set(p.demand.elasticity[s], elasticity);
    set(p.demand.log2_reference[s],
        std::log2(segment.demand_kh100e) + elasticity * std::log2(segment.reference_price_usd));
    set(p.demand.efficiency_exponent[s], elasticity - 1);
    set(p.demand.index_exponent[s], elasticity / sigma - 1);
    set(p.demand.sigma_less_elasticity[s], sigma - elasticity);
    const std::vector<double> weights = market_weights(scenario, segment);
    for (std::size_t m = 0; m < weights.size(); ++m) set(p.demand.weight[s][m], weights[m]);
  }
}

template <class Real>
void lower_downstream(const Scenario& scenario, Parameters<Real>& p) {
  DownstreamParameters<Real>& d = p.downstream;
  for (std::size_t s = 0; s < scenario.segments.size(); ++s) {
    const config::Segment& segment = scenario.segments[s];
    set(d.inverse_tokens[s], 1e6 / segment.tokens_per_h100e_hour);
    set(d.discount[s], 1 - segment.discount);
    set(d.cloud_conduct[s], segment.cloud_conduct / segment.elasticity);
    set(d.application_conduct[s], segment.application_conduct / segment.elasticity);
    set(d.tightness[s], segment.tightness);
    set(d.fixed_cost[s], segment.fixed_cost_share);
    set(d.tokens_per_user[s], segment.tokens_per_user_million);
    set(d.allowance[s], segment.allowance_million);
    set(d.allowance_response[s], segment.allowance_response);
    set(d.base_fee[s], segment.base_fee_usd);
    set(d.log2_willingness[s], std::log2(segment.willingness_multiple));
    set(d.willingness_slope[s], segment.willingness_slope);
  }
  const config::Application& application = scenario.application;
  d.application_segment = std::max(index_of(segment_names(scenario), application.segment), 0);
  set(d.application_revenue, application.paid_share * application.arpu_usd);
  set(d.application_tokens, application.tokens_per_user_million);
  set(d.application_token_price, application.token_price_usd_per_million);
}

template void lower_demand(const Scenario&, Parameters<float>&);
template void lower_demand(const Scenario&, Parameters<double>&);
template void lower_downstream(const Scenario&, Parameters<float>&);
template void lower_downstream(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
