"""Who pays (docs/model.md, section 6)."""

import numpy as np
from compiled import MISSING, ONE, TINY, ZERO, blend, clip, compiled, greater, lesser, ratio_or

CAP, LEAST_BILL, SIXTY = np.float32(0.9), np.float32(1e-6), np.float32(60)


@compiled
def layer_markup(lerner, tightness, utilisation):
    """(6.1)"""
    return ONE / (ONE - lesser(lerner * (ONE + tightness * utilisation), CAP))


@compiled
def bill(d, k, price, change):
    """(6.4): amount, and its response to the price"""
    free = d.allowance[k] * np.exp2(-d.allowance_response[k] * np.log2(change))
    paid = greater(d.tokens_per_user[k] - free, ZERO)
    return d.base_fee[k] + price * paid, (price * (paid + d.allowance_response[k] * free) if paid > ZERO else ZERO)


@compiled
def price_downstream(p, is_start, s, f):
    d = p.downstream
    efficiency = np.exp2(-s.efficiency)
    weights = application_sum = user_sum = application_passes = user_passes = own_token = ZERO
    for k in range(f.token_price.shape[0]):
        home = f.utilisation[p.demand.home[k]]
        utilisation = home if home < MISSING else ZERO
        cloud = f.compute_price[k] * layer_markup(d.cloud_conduct[k], d.tightness[k], utilisation)
        markup = layer_markup(d.application_conduct[k], d.tightness[k], utilisation)
        level_token = cloud * d.discount[k] * d.inverse_tokens[k]  # (6.2)
        f.token_price[k] = level_token * efficiency
        if is_start:
            s.start_compute[k], s.start_token[k], s.start_markup[k] = cloud, level_token, markup
        start_price, markup_change = s.start_token[k] * s.start_markup[k], markup / s.start_markup[k]
        change = f.token_price[k] / s.start_token[k]
        cost = blend(d.fixed_cost[k], cloud / s.start_compute[k], ONE)  # (6.3)
        application, application_now = cost * markup_change, blend(d.fixed_cost[k], change, ONE) * markup_change
        amount, response = bill(d, k, application * start_price, application)
        amount = greater(amount, LEAST_BILL)
        if is_start:
            s.start_bill[k] = amount
        f.user_bill[k] = bill(d, k, application_now * start_price, application_now)[0]
        log2_odds = d.willingness_slope[k] * (np.log2(change) - d.log2_willingness[k])  # (6.5)
        odds = np.exp2(clip(log2_odds, -SIXTY, SIXTY))
        f.priced_out[k] = odds / (ONE + odds)
        weight = f.segment_demand[k]
        weights += weight
        application_sum += weight * np.log2(application)
        user_sum += weight * np.log2(amount / s.start_bill[k])
        application_passes += weight * (cost - d.fixed_cost[k]) / cost
        user_passes += weight * response / amount
        if k == d.application_segment:
            own_token = change
    chip_index = ZERO
    for c in range(s.chip_price.shape[0]):
        chip_index += p.chips.index_weight[c] * s.chip_price[c]
    if is_start:
        s.start_chip_index, s.start_cloud = chip_index, f.world_price
    weights = greater(weights, TINY)
    f.price_change[0] = np.log2(chip_index / s.start_chip_index)  # (6.7)
    f.price_change[1] = np.log2(f.world_price / s.start_cloud)
    f.price_change[2], f.price_change[3] = application_sum / weights, user_sum / weights
    f.pass_through[0] = ratio_or(f.capital_offered, f.running_offered + f.capital_offered, MISSING)  # (6.8)
    f.pass_through[1], f.pass_through[2] = application_passes / weights, user_passes / weights
    f.application_margin = d.application_revenue - d.application_tokens * d.application_token_price * own_token  # (6.6)
