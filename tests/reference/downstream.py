"""Who pays: token prices, bills, layers (docs/model.md, section 6)."""

import math
from dataclasses import dataclass

SMALLEST_BILL = 1e-6  # USD a month, where all is free
SMALL_CHANGE = 1e-6  # of a price, to see what follows from it


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
    weights = month.quantity
    total = sum(weights.values())
    application = {n: math.log2(month.segments[n].application / start.segments[n].application) for n in weights}
    user = {n: math.log2(month.segments[n].bill_constant_efficiency / start.segments[n].bill_constant_efficiency)
            for n in weights}
    return {"chip": math.log2(month.chip_index / start.chip_index),
            "cloud": math.log2(month.world_price / start.world_price),
            "application": sum(weights[n] * application[n] for n in weights) / total,
            "user": sum(weights[n] * user[n] for n in weights) / total}


def response(price):
    """d ln price / d ln of what it depends on, by a small change of that; `price` takes its multiple"""
    up, down = price(math.exp(SMALL_CHANGE)), price(math.exp(-SMALL_CHANGE))
    return (math.log(up) - math.log(down)) / (2 * SMALL_CHANGE)


def application_passes(s, month, start, name):
    """Per cent on the application's price for one on compute"""
    now, b = month.segments[name], s.segments[name].fixed_cost_share
    return response(lambda dearer: b + (1.0 - b) * dearer * now.cloud / start.segments[name].cloud)


def user_passes(s, month, start, name):
    """Per cent on the bill for one on the application's price"""
    now, first = month.segments[name], start.segments[name]
    price = first.token * first.application_mark_up * now.application
    return response(lambda dearer: max(bill(s.segments[name], price * dearer, now.application * dearer), SMALLEST_BILL))


def pass_through(s, month, start):
    """(6.8): link -> per cent for one per cent on the layer above"""
    offers = [o for offers in month.offers.values() for o in offers]
    cost = sum((o.sold + o.own) * o.cost for o in offers)
    chips = sum((o.sold + o.own) * (o.cost - o.running_cost) for o in offers)
    total = sum(month.quantity.values())
    mean = lambda passes: sum(month.quantity[n] * passes(s, month, start, n) for n in month.quantity) / total
    return {"chip-cloud": chips / cost if cost > 1e-9 else None,
            "cloud-application": mean(application_passes), "application-user": mean(user_passes)}
