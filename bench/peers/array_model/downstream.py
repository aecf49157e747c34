"""Who pays (docs/model.md, section 6)."""

import numpy as np

from array_model.parameters import MISSING, TINY, blend, ratio_or


def layer_markup(xp, lerner, tightness, utilisation):
    """(6.1)"""
    return 1 / (1 - xp.minimum(lerner * (1 + tightness * utilisation), np.float32(0.9)))


def bill(xp, d, price, change):
    """(6.4): amount, and its response to the price"""
    free = d.allowance * xp.exp2(-d.allowance_response * xp.log2(change))
    paid = xp.maximum(d.tokens_per_user - free, np.float32(0))
    marginal = xp.where(paid > 0, paid + d.allowance_response * free, np.float32(0))
    return d.base_fee + price * paid, price * marginal


def price_downstream(p, s, f, is_start):
    xp, d = p.xp, p.downstream
    utilisation = xp.where(f["utilisation"] < MISSING, f["utilisation"], np.float32(0))[p.demand.home]
    cloud = f["compute_price"] * layer_markup(xp, d.cloud_conduct, d.tightness, utilisation)
    markup = layer_markup(xp, d.application_conduct, d.tightness, utilisation)
    level_token = cloud * (d.discount * d.inverse_tokens)  # (6.2)
    f["token_price"] = level_token * xp.exp2(-s["efficiency"])
    chip_index = (p.chips.index_weight * s["chip_price"]).sum(0)
    if is_start:
        s["start_compute"], s["start_token"], s["start_markup"] = cloud, level_token, markup
        s["start_chip_index"], s["start_cloud"] = chip_index, f["world_price"]
    markup_change, start_price = markup / s["start_markup"], s["start_token"] * s["start_markup"]
    change = f["token_price"] / s["start_token"]
    cost = blend(d.fixed_cost, cloud / s["start_compute"], np.float32(1))  # (6.3)
    application, application_now = cost * markup_change, blend(d.fixed_cost, change, np.float32(1)) * markup_change
    level_bill, response = bill(xp, d, application * start_price, application)
    level_bill = xp.maximum(level_bill, np.float32(1e-6))
    if is_start:
        s["start_bill"] = level_bill
    f["user_bill"] = bill(xp, d, application_now * start_price, application_now)[0]
    log2_odds = d.willingness_slope * (xp.log2(change) - d.log2_willingness)  # (6.5)
    odds = xp.exp2(xp.clip(log2_odds, np.float32(-60), np.float32(60)))
    f["priced_out"] = odds / (1 + odds)
    share = f["segment_demand"] / xp.maximum(f["segment_demand"].sum(0), np.float32(TINY))
    mean = lambda values: (share * values).sum(0)
    f["price_change"] = xp.stack(
        [  # (6.7)
            xp.log2(chip_index / s["start_chip_index"]),
            xp.log2(f["world_price"] / s["start_cloud"]),
            mean(xp.log2(application)),
            mean(xp.log2(level_bill / s["start_bill"])),
        ]
    )
    chips = ratio_or(p, f["capital_offered"], f["running_offered"] + f["capital_offered"], MISSING)
    f["pass_through"] = xp.stack([chips, mean((cost - d.fixed_cost) / cost), mean(response / level_bill)])  # (6.8)
    own_token = change[d.application_segment]
    f["application_margin"] = (
        d.application_revenue - d.application_tokens * d.application_token_price * own_token
    )  # (6.6)
    return s, f
