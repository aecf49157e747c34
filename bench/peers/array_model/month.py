"""Paths, month by month (docs/model.md, section 4), for NumPy and JAX."""

import numpy as np

from array_model.chips import (
    clear_chip_market,
    committed_capacity,
    delivered_multiple,
    install_chips,
    move_chips,
    pass_export_gate,
    regime_of_class,
)
from array_model.downstream import price_downstream
from array_model.measures import measure
from array_model.owners import exit_providers, invest, update_price_wars
from array_model.parameters import to_units
from array_model.rental import clear_rental_markets, make_offers
from array_model.shocks import advance_shocks


def advance_month(p, plan, month, paths, step, s, clear, is_start):
    """@param clear a peer's solver of the rental markets. @returns state, row of measures, solved, iterations"""
    xp = p.xp
    s, war_words = (s, None) if is_start else advance_shocks(p, plan, month, paths, step, s)
    regime = regime_of_class(p, s["regime"])
    multiple = delivered_multiple(p, month, regime)
    available = s["power"] * (1 - p.shocks.grid_cut * s["grid"])  # (3.11)
    leaked = spending = xp.zeros_like(available)
    if not is_start:
        s, shipped = clear_chip_market(p, month, s, multiple)
        s, delivered, leaked = pass_export_gate(p, month, s, shipped, regime, regime_of_class(p, s["regime_at_order"]))
        spent = (delivered * to_units(p, s["chip_price"] * multiple)).sum(1)
        spending = (spent * p.providers.cost_multiple).sum(0)
        s = move_chips(p, s, delivered)
    s, f = install_chips(p, month, s, available, is_start)
    f.update(available=available, leaked=leaked, capital_spending=spending if not is_start else spending[0])
    f["unit_orders"] = committed_capacity(p, s)
    f.update(make_offers(p, month, s, multiple, available, f["powered"]))
    s, f = clear_rental_markets(p, month, s, f, clear)
    if is_start:
        s["cash"], s["start_demand"] = p.providers.runway * f["fixed_charge"], f["world_demand"]
    else:
        s = update_price_wars(p, month, war_words, s, f)
    s, f = exit_providers(p, s, f)
    s = invest(p, month, s, f, multiple, regime)
    s, f = price_downstream(p, s, f, is_start)
    return s, measure(p, s, f, is_start), f["solved"], f["iterations"]


def start_path(p, paths):
    """@param paths number of them"""
    xp, v, z = p.xp, p.providers, p.size
    wide = lambda array: xp.array(np.broadcast_to(array, (*array.shape[:-1], paths)))
    full = lambda value, *shape: xp.full((*shape, paths), value, np.float32)
    fleets = (z.units, z.classes)
    regime = wide(p.shocks.regime_start)
    start = p.solver.log2_start_price
    return dict(
        demand=wide(p.demand.log2_reference),
        efficiency=full(0),
        reversal=full(p.shocks.sentiment_start),
        fab=wide(p.chips.log2_capacity),
        outage=full(0, z.outages),
        component=full(0, z.component_pools),
        grid=full(0, z.regions),
        regime=regime,
        regime_at_order=regime,
        power=wide(p.regions.start_power),
        queue=wide(p.regions.start_queue),
        chip_price=wide(p.calendar["list_price"][0]),
        stock=wide(p.chips.start_stock),
        spending=full(0, *fleets),
        waiting=full(0, *fleets),
        pipeline=xp.stack([wide(v.start_pipeline) / np.float32(3)] * 3),
        young=wide(v.start_young),
        old=wide(v.start_old),
        log2_price=full(start, z.regions, z.classes),
        segment_price=full(start, z.segments),
        war=full(0, z.regions),
        cash=full(0, z.units),
        alive=full(1, z.units),
    )
