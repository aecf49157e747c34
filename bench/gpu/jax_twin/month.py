"""A path, month by month (market/step.hpp)."""

import jax
import jax.numpy as jnp
import numpy as np
from chips import clear_chip_market, delivered_multiple, install_chips, pass_export_gate, region_power, committed_capacity
from measures import measure, price_downstream
from owners import exit_providers, fixed_charge, invest, missing_to
from parameters import COMMUNITY, MILLION, PUBLIC, TINY, by_region
from rental import clear_rental_markets, demand_at, respond, serve_own_segments
from shocks import advance_shocks, draw, turned_flag


def advance_month(p, month, words, s, is_start):
    c, v = p.chips, p.providers
    if not is_start:
        s = advance_shocks(p, month, words, s)
    multiple = delivered_multiple(p, month, s)
    available = s["power"] * (1 - p.shocks.grid_cut * s["grid"])
    electricity = month["electricity"] * (1 + p.shocks.grid_price_spike * s["grid"])
    if is_start:
        delivered, used = jnp.zeros_like(multiple), region_power(p, s)[0]
    else:
        s, delivered = clear_chip_market(p, month, s, multiple)
        s, delivered = pass_export_gate(p, month, s, delivered)
        s, used = install_chips(p, month, s, delivered, available)
    # What enters the clearing.
    powered = jnp.minimum(available / jnp.maximum(used, TINY), 1)
    blend = lambda a, b: a + s["war"] * (b - a)
    capital_share = blend(p.regions.capital_share, p.regions.war_capital_share)
    chips = (s["young"] + s["old"]) * c.perf
    capacity = chips * (v.occupancy_limit * powered[p.region_of])[:, None]
    running = (electricity[:, None] * c.power_kw * c.inverse_perf)[p.region_of] + v.operations[:, None]
    offer = running + (capital_share[:, None] * c.capital_hours * s["chip_price"])[p.region_of] * multiple
    offer = jnp.where((v.kind == COMMUNITY)[:, None], running, offer)
    capacity, reserved, open_share, public_share, public_cost = serve_own_segments(p, s, capacity, offer)
    theta = blend(p.regions.conduct, p.regions.war_conduct)[p.region_of] * v.conduct_weight
    markets = dict(active=by_region(p, capacity) > p.solver.empty_capacity, capacity=capacity, offer=offer, theta=theta,
                   level=p.demand.efficiency_exponent * s["efficiency"] + s["demand"] + jnp.log2(open_share))
    s["log2_price"], iterations, residual, at = clear_rental_markets(p, markets, s["log2_price"])
    s["segment_price"] = at["log2_index"]
    share = respond(p, markets, s["log2_price"], at["inverse_power"])[0]
    rented = jnp.where(markets["active"][p.region_of], share * capacity, 0)
    # Settlement.
    f = dict(multiple=multiple, running_cost=running, offer=offer, used=rented + reserved, active=markets["active"], price=jnp.exp2(s["log2_price"]))
    f["segment_demand"] = demand_at(p, s, s["segment_price"])
    f["compute_price"] = (1 - public_share) * jnp.exp2(s["segment_price"]) + public_cost
    f["world_demand"] = jnp.sum(f["segment_demand"])
    quantity = by_region(p, rented + reserved)
    value = jnp.sum(f["price"] * quantity, 1)
    f["region_rented"], f["unit_fleet"] = jnp.sum(quantity, 1), jnp.sum(chips, 1)
    f["region_fleet"] = by_region(p, f["unit_fleet"])
    f["regional_price"] = missing_to(value, f["region_rented"], 0.0)
    f["utilisation"] = missing_to(f["region_rented"], f["region_fleet"], 0.0)
    f["world_fleet"], f["world_rented"] = jnp.sum(f["region_fleet"]), jnp.sum(f["region_rented"])
    f["world_price"] = jnp.sum(value) / jnp.maximum(f["world_rented"], TINY)
    price = f["price"][p.region_of]
    own_price = jnp.where((v.kind == PUBLIC)[:, None], offer, price)
    f["revenue"] = jnp.sum(price * rented + own_price * reserved, 1) * MILLION
    f["unit_orders"] = committed_capacity(p, s)
    if is_start:
        s["start_demand"] = f["world_demand"]
        s["cash"] = v.runway * fixed_charge(p, month, s)
    if not is_start and p.noise["conduct"]:
        start, end = words["war"][0::2], words["war"][1::2]
        starts = (f["utilisation"] < p.regions.war_trigger) & (start < p.regions.war_start)
        s["war"] = jnp.where(s["war"] > 0.5, jnp.where(end < p.regions.war_end, 0.0, 1.0), jnp.where(starts, 1.0, 0.0))
    if not is_start:
        s["war"] = turned_flag(s["war"], month["war_turn"])
    s["cash"] += f["revenue"] - jnp.sum(running * (rented + reserved), 1) * MILLION - fixed_charge(p, month, s)
    s = exit_providers(p, s, f["unit_fleet"])
    s = invest(p, month, s, f)
    s, f = price_downstream(p, s, f, is_start)
    return s, measure(p, s, f, used / jnp.maximum(available, TINY), delivered, iterations, residual)


def start_path(p):
    v, z, r = p.providers, p.size, p.regions
    fleets = (z.units, z.classes)
    zeros = lambda *shape: jnp.zeros(shape, jnp.float32)
    regime = jnp.asarray(p.shocks.regime_start.astype(np.int32)).reshape(z.export_classes, z.regions)
    start = jnp.float32(p.solver.log2_start_price)
    return dict(demand=jnp.asarray(p.demand.log2_reference), efficiency=zeros(), reversal=jnp.float32(p.shocks.sentiment_start),
                fab=jnp.asarray(p.chips.log2_capacity), outage=zeros(z.outages), component=zeros(z.component_pools),
                grid=zeros(z.regions), regime=regime, regime_at_order=regime, power=jnp.asarray(r.start_power),
                queue=jnp.asarray(r.start_queue), chip_price=jnp.asarray(p.calendar["list_price"][0]),
                stock=jnp.asarray(p.chips.start_stock), spending=zeros(*fleets), waiting=zeros(*fleets),
                pipeline=jnp.stack([jnp.asarray(v.start_pipeline / 3)] * 3), young=jnp.asarray(v.start_young),
                old=jnp.asarray(v.start_old), log2_price=jnp.full((z.regions, z.classes), start),
                segment_price=jnp.full((z.segments,), start), war=zeros(z.regions), cash=zeros(z.units),
                alive=jnp.ones(z.units, jnp.float32))


def simulate(p, key):
    """All months of one path: measures, months first."""
    first = {name: column[0] for name, column in p.calendar.items()}
    state, measures = advance_month(p, first, None, start_path(p), True)

    def step(carry, row):
        state, key = carry
        key, now = jax.random.split(key)
        state, out = advance_month(p, row, draw(p, now), dict(state), False)
        return (state, key), out

    rest = {name: jnp.asarray(column[1:]) for name, column in p.calendar.items()}
    _, later = jax.lax.scan(step, (state, key), rest)
    return {name: jnp.concatenate([measures[name][None], later[name]]) for name in later}
