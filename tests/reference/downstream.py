"""Who pays: token prices, bills, layers (docs/model.md, section 6)."""

import math
from dataclasses import dataclass

SMALLEST_MOVE = 0.0704
SMALLEST_BILL = 1e-6  # USD a month, where all is free
LAYERS = ("chip", "cloud", "application", "user")


@dataclass
class SegmentPrices:
    cloud: float  # USD per H100e-hour
    token: float  # USD per million
    application_mark_up: float
    application: float = 1.0  # over the start, at constant efficiency
    user_token: float = 0.0  # USD per million, at the application's price
    bill: float = 0.0
    bill_constant_efficiency: float = 0.0
    priced_out: float = 0.0


def mark_up(conduct, segment, utilisation):
    """(6.1)"""
    return 1.0 / (1.0 - min(0.9, conduct / segment.elasticity * (1.0 + segment.tightness * utilisation)))


def bill(segment, price, relative):
    """(6.4)"""
    allowance = segment.allowance * relative ** -segment.allowance_response
    return segment.base_fee + price * max(segment.tokens - allowance, 0.0)


def segment_prices(s, state, month, name, start):
    """(6.1) to (6.5); `start` is the same of month 0, None in month 0."""
    segment = s.segments[name]
    used = month.utilisation[segment.home] or 0.0
    efficiency = 2.0 ** state.efficiency_log2
    cloud = month.compute_price[name] * mark_up(segment.cloud_conduct, segment, used)
    token = cloud * (1.0 - segment.discount) * 1e6 / (segment.tokens_per_hour * efficiency)
    now = SegmentPrices(cloud, token, mark_up(segment.application_conduct, segment, used))
    start = start or now
    b = segment.fixed_cost_share
    pressure = now.application_mark_up / start.application_mark_up
    now.application = (b + (1.0 - b) * now.cloud / start.cloud) * pressure
    with_gain = (b + (1.0 - b) * now.token / start.token) * pressure
    first = start.token * start.application_mark_up
    now.bill = bill(segment, first * with_gain, with_gain)
    now.bill_constant_efficiency = max(bill(segment, first * now.application, now.application), SMALLEST_BILL)
    now.priced_out = 1.0 / (1.0 + (now.token / start.token / segment.willingness) ** -segment.willingness_slope)
    return now


def application_margin(s, now, start):
    """(6.6)"""
    relative = now[s.application_segment].token / start[s.application_segment].token
    return s.paid_share * s.revenue_per_payer - s.application_tokens * s.application_token_price * relative


def chip_index(s, state):
    return sum(chip.index_weight * state.chip_prices[c] for c, chip in s.chips.items())


def price_changes(s, month, start):
    """(6.7), log2 over month 0"""
    weights = month.demand.quantity
    total = sum(weights.values())
    application = {n: math.log2(month.segments[n].application / start.segments[n].application) for n in weights}
    user = {n: math.log2(month.segments[n].bill_constant_efficiency / start.segments[n].bill_constant_efficiency)
            for n in weights}
    return {"chip": math.log2(month.chip_index / start.chip_index),
            "cloud": math.log2(month.world_price / start.world_price),
            "application": sum(weights[n] * application[n] for n in weights) / total,
            "user": sum(weights[n] * user[n] for n in weights) / total}


def pass_through(changes):
    """(6.8): link -> ratio, None where the layer above has hardly moved"""
    links = {}
    for above, below in zip(LAYERS, LAYERS[1:]):
        moved = abs(changes[above]) > SMALLEST_MOVE
        links[f"{above}-{below}"] = changes[below] / changes[above] if moved else None
    return links
