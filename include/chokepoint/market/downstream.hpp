#pragma once

#include "chokepoint/market/investment.hpp"

/// Step 9, who pays: chip vendor -> cloud -> application -> end user (docs/model.md, section 6).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Mark-up of a layer whose conduct over demand elasticity is `lerner`, raised by scarcity in the layer above (6.1).
template <class N>
CHOKEPOINT_INLINE N layer_markup(const N& lerner, const N& tightness, const N& utilisation) {
  const N raised = minimum(lerner * fma(tightness, utilisation, N(1)), N(0.9));
  return reciprocal(N(1) - raised);
}

/// Monthly bill of one user, USD, and d bill / d ln price.
template <class N>
struct Bill {
  N amount, response;
};

/// The bill at an application price (USD per million tokens) that is `change` times the start: a fee, and tokens beyond
/// a free allowance that shrinks as prices rise (6.4).
template <class N, class P>
CHOKEPOINT_HD Bill<N> bill(const P& p, SegmentIndex s, const N& price, const N& change) {
  const auto& d = p.downstream;
  const N zero = N(0);
  const N free = N(d.allowance[s]) * exp2(-N(d.allowance_response[s]) * log2(change));
  const N paid = maximum(N(d.tokens_per_user[s]) - free, zero);
  const N marginal = select(paid > zero, fma(N(d.allowance_response[s]), free, paid), zero);
  return {fma(price, paid, N(d.base_fee[s])), price * marginal};
}

/// Share of users whose willingness to pay is under the price: log-logistic around its median (6.5).
template <class N, class P>
CHOKEPOINT_HD N share_priced_out(const P& p, SegmentIndex s, const N& change) {
  const N one = N(scalar_t<N>(1));
  const N log2_odds = N(p.downstream.willingness_slope[s]) * (log2(change) - N(p.downstream.log2_willingness[s]));
  const N odds = exp2(clamp(log2_odds, N(scalar_t<N>(-60)), N(scalar_t<N>(60))));
  return odds * reciprocal(one + odds);
}

/// Prices of one segment down the layers. `application` and `user` are at constant efficiency, for the price changes;
/// with each its pass-through: d ln price / d ln price of the layer above.
template <class N>
struct SegmentLayers {
  N token, application, user;
  N application_passes, user_passes;
};

/// Cloud and token price (6.2), application price (6.3), the user's bill (6.4) of one segment.
template <class N, class P, class St, class F>
CHOKEPOINT_HD SegmentLayers<N> price_segment(const P& p, SegmentIndex s, bool is_start, St& state, F& flows) {
  const auto& d = p.downstream;
  const N one = N(1);
  const N home_utilisation = flows.utilisation[home_of(p, s)];
  const N utilisation = select(home_utilisation < missing<N>(), home_utilisation, N(0));
  const N cloud = flows.compute_price[s] * layer_markup<N>(N(d.cloud_conduct[s]), N(d.tightness[s]), utilisation);
  const N markup = layer_markup<N>(N(d.application_conduct[s]), N(d.tightness[s]), utilisation);
  const N level_token = cloud * N(d.discount[s] * d.inverse_tokens[s]);
  flows.token_price[s] = level_token * exp2(-state.efficiency_log2);
  if (is_start) {
    state.start_compute_price[s] = cloud;
    state.start_token_price[s] = level_token;
    state.start_markup[s] = markup;
  }
  const N markup_change = markup * reciprocal(state.start_markup[s]);
  const N start_price = state.start_token_price[s] * state.start_markup[s];
  // The compute part of the application's cost moves with the price of compute. Efficiency lowers that cost, but is
  // left out of the price rise that users see.
  const N level_change = cloud * reciprocal(state.start_compute_price[s]);
  const N change = flows.token_price[s] * reciprocal(state.start_token_price[s]);
  const N cost = blend(N(d.fixed_cost[s]), level_change, one);
  const N application = cost * markup_change;
  const N application_now = blend(N(d.fixed_cost[s]), change, one) * markup_change;
  const Bill<N> level = bill<N>(p, s, application * start_price, application);
  const N level_bill = maximum(level.amount, N(1e-6));
  if (is_start) state.start_user_bill[s] = level_bill;
  flows.user_bill[s] = bill<N>(p, s, application_now * start_price, application_now).amount;
  flows.priced_out[s] = share_priced_out<N>(p, s, change);
  return {change, application, level_bill * reciprocal(state.start_user_bill[s]),
          (cost - N(d.fixed_cost[s])) * reciprocal(cost), level.response * reciprocal(level_bill)};
}

/// All segments, and over them the price changes of the layers (6.7), the links' pass-through (6.8) and the
/// application's margin (6.6).
template <class N, class P, class St, class F>
CHOKEPOINT_HD void price_downstream(const P& p, bool is_start, St& state, F& flows) {
  const N zero = N(0);
  N application = zero, user = zero, weights = zero, application_passes = zero, user_passes = zero;
  N application_token = zero;
  for (const SegmentIndex s : segments(p)) {
    const auto layers = price_segment<N>(p, s, is_start, state, flows);
    application = fma(flows.segment_demand[s], log2(layers.application), application);
    user = fma(flows.segment_demand[s], log2(layers.user), user);
    application_passes = fma(flows.segment_demand[s], layers.application_passes, application_passes);
    user_passes = fma(flows.segment_demand[s], layers.user_passes, user_passes);
    weights += flows.segment_demand[s];
    if (s == p.downstream.application_segment) application_token = layers.token;
  }
  N chip_index = zero;
  for (const ClassIndex c : classes(p)) chip_index = fma(N(p.chips.index_weight[c]), state.chip_price[c], chip_index);
  if (is_start) {
    state.start_chip_index = chip_index;
    state.start_cloud_price = flows.world_price;
  }
  const N per_weight = reciprocal(maximum(weights, tiny<N>()));
  flows.price_change[0] = log2(chip_index) - log2(state.start_chip_index);
  flows.price_change[1] = log2(flows.world_price) - log2(state.start_cloud_price);
  flows.price_change[2] = application * per_weight;
  flows.price_change[3] = user * per_weight;
  // The share of chips in the offer cost of what is used: the percentage that one per cent on chips adds to that cost.
  flows.pass_through[0] = ratio_or(flows.capital_offered, flows.running_offered + flows.capital_offered, missing<N>());
  flows.pass_through[1] = application_passes * per_weight;
  flows.pass_through[2] = user_passes * per_weight;
  const N token_cost = N(p.downstream.application_tokens * p.downstream.application_token_price) * application_token;
  flows.application_margin = N(p.downstream.application_revenue) - token_cost;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
