"""One path of a scenario: the order of the month (docs/model.md, section 4)."""

from types import SimpleNamespace

from cash import leave, settle_cash, start_cash
from chips import (chip_market, export_gate, pipeline_and_installation, power_used, total_capacity)
from conduct import advance_wars
from downstream import chip_index, segment_prices
from draws import Draws
from investment import set_aside
from measures import mean_price, measure
from rental import armington_weights, clear_rental, utilisation
from shocks import advance_shocks, plan_power
from state import start_state


def run_path(s, months=None, path=0, seed=None, no_shocks=False):
    """@returns the measures of every month, a dictionary each"""
    draws = Draws(s.source_seeds(seed, no_shocks), path)
    plans = {r: plan_power(s, r) for r in s.regions}
    orders = {r: plan[1] for r, plan in plans.items()}
    state = start_state(s, {r: plan[0] for r, plan in plans.items()})
    start_cash(s, state)
    weights, start, rows = armington_weights(s), None, []
    for t in range(s.months if months is None else min(months, s.months)):
        month = empty_month(s)
        if t > 0:
            move(s, draws, t, orders, state, month)
        clear_rental(s, state, t, month, weights)
        start = close_month(s, draws, t, state, month, start)
        rows.append(measure(s, state, month, start))
    return rows


def empty_month(s):
    return SimpleNamespace(
        spending=None, installed={(r, c): 0.0 for r in s.regions for c in s.chips},
        power_bound={r: 0.0 for r in s.regions}, leaked={r: None for r in s.regions})


def move(s, draws, t, orders, state, month):
    """Shocks (3), chip market (4a), export gate (4b), pipeline and installation (4c)"""
    advance_shocks(s, draws, t, orders, state)
    arrived, month.leaked = export_gate(s, state, t, chip_market(s, state, t))
    pipeline_and_installation(s, state, t, month, arrived)


def close_month(s, draws, t, state, month, start):
    """All that follows the rental markets. @returns month 0, with which later ones are compared"""
    month.power_used = {r: power_used(s, state, r) for r in s.regions}
    month.world_price = mean_price(state, month, list(s.regions))
    month.regional_price = {r: mean_price(state, month, [r]) for r in s.regions}
    month.world_utilisation = utilisation(s, month, list(s.regions))
    month.world_demand = sum(month.quantity.values())
    month.chip_index = chip_index(s, state)
    month.capacity = {u.name: total_capacity(s, state, [u]) for u in s.units}
    start = start or month
    if t > 0:
        advance_wars(s, draws, t, month, state)
    settle_cash(s, state, t, month)
    leave(s, state)
    set_aside(s, state, t, month, start)
    first = start.segments if start is not month else {}
    month.segments = {n: segment_prices(s, state, month, n, first.get(n)) for n in s.segments}
    return start
