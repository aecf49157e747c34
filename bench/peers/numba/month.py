"""Paths, month by month (docs/model.md, section 4)."""

import numba
import numpy as np
from chips import clear_chip_market, install_chips, move_chips, pass_export_gate, price_deliveries
from compiled import FAST, ONE, ZERO, compiled
from downstream import price_downstream
from measures import measure
from owners import invest, settle_cash_and_exit, update_price_wars
from rental import clear_rental_markets
from shocks import advance_shocks

THREE = np.float32(3)


@compiled
def start_path(p, s):
    start = p.solver.log2_start_price
    s.demand[:], s.segment_price[:], s.log2_price[:] = p.demand.log2_reference, start, start
    s.efficiency, s.reversal = ZERO, p.shocks.sentiment_start
    s.fab[:], s.outage[:], s.component[:], s.grid[:], s.war[:] = p.chips.log2_capacity, ZERO, ZERO, ZERO, ZERO
    s.power[:], s.queue[:] = p.regions.start_power, p.regions.start_queue
    s.regime[:], s.regime_at_order[:] = p.shocks.regime_start, p.shocks.regime_start
    s.chip_price[:], s.stock[:] = p.calendar[0].list_price, p.chips.start_stock
    s.spending[:], s.waiting[:] = ZERO, ZERO
    s.young[:], s.old[:] = p.providers.start_young, p.providers.start_old
    for stage in range(3):
        s.pipeline[stage] = p.providers.start_pipeline / THREE
    s.cash[:], s.alive[:] = ZERO, ONE


@compiled
def advance_month(p, path, t, s, f):
    month, is_start = p.calendar[t], t == 0
    if not is_start:
        advance_shocks(p, month, path, t, s, f)
    price_deliveries(p, month, s, f)
    if not is_start:
        clear_chip_market(p, month, s, f)
        pass_export_gate(p, month, s, f)
    for r in range(s.power.shape[0]):  # (3.11)
        f.available[r] = s.power[r] * (ONE - p.shocks.grid_cut[r] * s.grid[r])
        f.electricity[r] = month.electricity[r] * (ONE + p.shocks.grid_price_spike[r] * s.grid[r])
    if not is_start:
        move_chips(p, s, f)
    install_chips(p, month, is_start, s, f)
    clear_rental_markets(p, month, s, f)
    if is_start:
        s.start_demand = f.world_demand
        for i in range(s.cash.shape[0]):
            s.cash[i] = p.providers.runway[i] * f.fixed_charge[i]
    else:
        update_price_wars(p, month, path, t, s, f)
    settle_cash_and_exit(p, s, f)
    invest(p, month, s, f)
    price_downstream(p, is_start, s, f)


@numba.njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def run_month(p, first, t, states, flows, row, rows, counts):
    """Paths of a batch through a month, which they start with month 0.
    @param states one a path  @param flows one record, and a row of measures, to work with
    @param rows [measure, path]  @param counts unsolved months and iterations"""
    f = flows[0]
    for k in range(rows.shape[1]):
        s = states[k]
        if t == 0:
            start_path(p, s)
        advance_month(p, first + k, t, s, f)
        measure(p, t == 0, s, f, row)
        rows[:, k] = row
        counts[0] += 1 - f.solved
        counts[1] += f.iterations
