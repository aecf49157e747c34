"""Rental markets: what enters the clearing (docs/model.md, 5a) and what follows from it (5f). The clearing itself is
each peer's own."""

import numpy as np

from array_model.parameters import MILLION, MISSING, PUBLIC, TINY, blend, by_region, ratio_or, to_units


def demand_at(p, s, log2_price):
    """(5.7)"""
    return p.xp.exp2(s["demand"] + p.demand.efficiency_exponent * s["efficiency"] - p.demand.elasticity * log2_price)


def make_offers(p, month, s, multiple, available, powered):
    """(5.1) to (5.3), and the fixed charge (4.14)"""
    xp, c, v = p.xp, p.chips, p.providers
    electricity = month["electricity"] * (1 + p.shocks.grid_price_spike * s["grid"])
    energy = (c.power_kw * c.inverse_perf) * electricity[:, None]  # [R, C, paths]
    capital_share = blend(s["war"], p.regions.capital_share, p.regions.war_capital_share)
    capital = (c.capital_hours * s["chip_price"]) * multiple * capital_share[:, None]
    fleet = (s["young"] + s["old"]) * c.perf
    running = to_units(p, energy) + v.operations[:, None]
    per_hour = c.capital_hours * month["list_price"] * c.system_multiple
    return dict(
        energy=energy,
        running=running,
        offer=running + to_units(p, capital) * v.capital_multiple[:, None],
        capacity=fleet * (to_units(p, powered) * v.occupancy_limit)[:, None],
        unit_fleet=fleet.sum(1),
        theta=blend(s["war"], p.regions.conduct, p.regions.war_conduct),
        fixed_charge=(fleet * per_hour).sum(1)
        * (v.cost_multiple * (p.finance.fixed_capital_share * np.float32(MILLION))),
    )


def serve_own_segments(p, s, f):
    """(5.4): unit after unit, as each finds what the one before has left open."""
    xp, v, tiny = p.xp, p.providers, np.float32(TINY)
    need_at_price = demand_at(p, s, s["segment_price"])
    open_share = [xp.ones_like(need_at_price[0])] * p.size.segments
    public_share = [xp.zeros_like(need_at_price[0])] * p.size.segments
    public_cost = list(public_share)
    f["capacity"] = list(f["capacity"])
    f["reserved"] = {}
    for i in np.flatnonzero(v.reserved_share > 0):
        serves = np.flatnonzero(v.serves[i] > 0)
        need = sum(need_at_price[k] * open_share[k] for k in serves)
        capacity = f["capacity"][i]
        own = capacity.sum(0)
        served = xp.minimum(own * v.reserved_share[i] / xp.maximum(need, tiny), np.float32(0.95))
        cost = (capacity * f["offer"][i]).sum(0) / xp.maximum(own, tiny)
        for k in serves:
            portion = open_share[k] * served
            open_share[k] = open_share[k] - portion
            if v.kind[i] == PUBLIC:
                public_share[k], public_cost[k] = public_share[k] + portion, public_cost[k] + portion * cost
        used = xp.minimum(served * need / xp.maximum(own, tiny), np.float32(1))
        f["reserved"][i] = capacity * used
        f["capacity"][i] = capacity - f["reserved"][i]
    f["capacity"] = xp.stack(f["capacity"])
    f["public_share"], f["public_cost"] = xp.stack(public_share), xp.stack(public_cost)
    return xp.stack(open_share)


def clear_rental_markets(p, month, s, f, clear):
    """@param clear a peer's own solver: of inputs and log2 prices [R, C, paths], returns log2 prices, quantities rented
    [U, C, paths], log2 price indices of the segments, iterations, solved"""
    xp, z = p.xp, p.size
    open_share = serve_own_segments(p, s, f)
    market_capacity = by_region(p, f["capacity"])
    f["active"] = (market_capacity > p.solver.empty_capacity) & (
        p.demand.has_buyers.reshape(z.regions, z.classes, 1) > 0
    )
    inputs = dict(
        active=f["active"],
        capacity=f["capacity"],
        offer=f["offer"],
        theta=f["theta"],
        least_demand=xp.maximum(market_capacity * np.float32(1e-6), np.float32(1e-20)),
        level=p.demand.efficiency_exponent * s["efficiency"] + s["demand"] + xp.log2(open_share),
    )
    s["log2_price"], f["rented"], s["segment_price"], f["iterations"], f["solved"] = clear(p, inputs, s["log2_price"])
    return settle(p, s, f)


def settle(p, s, f):
    xp, v = p.xp, p.providers
    f["price"] = xp.exp2(s["log2_price"])
    f["segment_demand"] = demand_at(p, s, s["segment_price"])
    f["world_demand"] = f["segment_demand"].sum(0)
    f["compute_price"] = (1 - f["public_share"]) * xp.exp2(s["segment_price"]) + f["public_cost"]
    price = to_units(p, f["price"])
    revenue, used = list((price * f["rented"]).sum(1)), list(f["rented"])
    for i, reserved in f["reserved"].items():
        own_price = f["offer"][i] if v.kind[i] == PUBLIC else price[i]
        revenue[i] = revenue[i] + (own_price * reserved).sum(0)
        used[i] = used[i] + reserved
    used = xp.stack(used) if f["reserved"] else f["rented"]
    f["revenue"] = xp.stack(revenue) * np.float32(MILLION)
    running = (f["running"] * used).sum(1)
    f["costs"] = running * np.float32(MILLION) + f["fixed_charge"]
    f["running_offered"] = running.sum(0)
    f["capital_offered"] = (f["offer"] * used).sum((0, 1)) - f["running_offered"]
    quantity = by_region(p, used)
    f["region_rented"], f["region_fleet"] = quantity.sum(1), by_region(p, f["unit_fleet"])
    value = (f["price"] * quantity).sum(1)
    f["regional_price"] = ratio_or(p, value, f["region_rented"], MISSING)
    f["utilisation"] = ratio_or(p, f["region_rented"], f["region_fleet"], MISSING)  # (5.19)
    f["world_fleet"], f["world_rented"] = f["region_fleet"].sum(0), f["region_rented"].sum(0)
    f["world_price"] = ratio_or(p, value.sum(0), f["world_rented"], MISSING)
    return s, f
