#pragma once

#include <algorithm>
#include <cmath>

#include "state.hpp"

/// Who pays (docs/model.md, section 6).
namespace peer {

/// (6.1)
inline float layer_markup(float lerner, float tightness, float utilisation) {
  return 1 / (1 - std::min(lerner * (1 + tightness * utilisation), 0.9f));
}

struct Bill {
  float amount, response;
};

/// (6.4)
inline Bill bill(const Downstream& d, int k, float price, float change) {
  const float free = d.allowance[k] * std::exp2(-d.allowance_response[k] * std::log2(change));
  const float paid = std::max(d.tokens_per_user[k] - free, 0.0f);
  return {d.base_fee[k] + price * paid, paid > 0 ? price * (paid + d.allowance_response[k] * free) : 0};
}

inline void price_downstream(const Parameters& p, bool is_start, State& s, Flows& f) {
  const Downstream& d = p.downstream;
  const float efficiency = std::exp2(-s.efficiency);
  float weights = 0, application_sum = 0, user_sum = 0, application_passes = 0, user_passes = 0, own_token = 0;
  for (int k = 0; k < segments; ++k) {
    const float home = f.utilisation[p.demand.home[k]], utilisation = home < missing ? home : 0;
    const float cloud = f.compute_price[k] * layer_markup(d.cloud_conduct[k], d.tightness[k], utilisation);
    const float markup = layer_markup(d.application_conduct[k], d.tightness[k], utilisation);
    const float level_token = cloud * d.discount[k] * d.inverse_tokens[k];  // (6.2)
    f.token_price[k] = level_token * efficiency;
    if (is_start) s.start_compute[k] = cloud, s.start_token[k] = level_token, s.start_markup[k] = markup;
    const float start_price = s.start_token[k] * s.start_markup[k], markup_change = markup / s.start_markup[k];
    const float change = f.token_price[k] / s.start_token[k];
    const float cost = blend(d.fixed_cost[k], cloud / s.start_compute[k], 1);  // (6.3)
    const float application = cost * markup_change, application_now = blend(d.fixed_cost[k], change, 1) * markup_change;
    const Bill level = bill(d, k, application * start_price, application);
    const float level_bill = std::max(level.amount, 1e-6f);
    if (is_start) s.start_bill[k] = level_bill;
    f.user_bill[k] = bill(d, k, application_now * start_price, application_now).amount;
    const float log2_odds = d.willingness_slope[k] * (std::log2(change) - d.log2_willingness[k]);  // (6.5)
    const float odds = std::exp2(std::clamp(log2_odds, -60.0f, 60.0f));
    f.priced_out[k] = odds / (1 + odds);
    const float weight = f.segment_demand[k];
    weights += weight;
    application_sum += weight * std::log2(application);
    user_sum += weight * std::log2(level_bill / s.start_bill[k]);
    application_passes += weight * (cost - d.fixed_cost[k]) / cost;
    user_passes += weight * level.response / level_bill;
    if (k == d.application_segment) own_token = change;
  }
  float chip_index = 0;
  for (int c = 0; c < classes; ++c) chip_index += p.chips.index_weight[c] * s.chip_price[c];
  if (is_start) s.start_chip_index = chip_index, s.start_cloud = f.world_price;
  weights = std::max(weights, tiny);
  f.price_change[0] = std::log2(chip_index / s.start_chip_index);  // (6.7)
  f.price_change[1] = std::log2(f.world_price / s.start_cloud);
  f.price_change[2] = application_sum / weights;
  f.price_change[3] = user_sum / weights;
  f.pass_through[0] = ratio_or(f.capital_offered, f.running_offered + f.capital_offered, missing);  // (6.8)
  f.pass_through[1] = application_passes / weights;
  f.pass_through[2] = user_passes / weights;
  f.application_margin = d.application_revenue - d.application_tokens * d.application_token_price * own_token;  // (6.6)
}

}  // namespace peer
