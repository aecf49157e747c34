"""Exogenous processes (docs/model.md, section 3)."""

import numpy as np
from compiled import ONE, ZERO, compiled, greater
from draws import COMPONENT, DEMAND, EFFICIENCY, FAB, GRID, OUTAGE, POWER, REGIME, SENTIMENT, draw, normal

HALF, ROOT = np.float32(0.5), np.float32(0.7071067811865476)


@compiled
def hazard(level, dated, random, arrival, severity, rate, minimum, span, persistence):
    """(3.6)"""
    level = greater(level * persistence, dated)
    return greater(level, minimum + severity * span) if random and arrival < rate else level


@compiled
def turned(flag, turn):
    """A flag that a dated turn raises (1), lowers (-1) or leaves (0)."""
    return flag if turn == 0 else (ONE if turn > 0 else ZERO)


@compiled
def common_factors(p, z, factor):
    """(3.1); `z`: the first uniform of demand, efficiency, power and yield, made normal here"""
    for k, source in enumerate((DEMAND, EFFICIENCY, POWER, FAB)):
        z[k] = normal(z[k]) if p.noise[source] else ZERO
    for i in range(4):
        factor[i] = ZERO
        for j in range(i + 1):
            factor[i] += p.shocks.cholesky[i, j] * z[j]


@compiled
def advance_shocks(p, month, path, step, s, f):
    q, noise, words = p.shocks, p.noise, f.words
    segments, pools, regions = s.demand.shape[0], s.fab.shape[0], s.power.shape[0]
    of_demand, of_power, of_fabs, jump = f.demand_draws, f.power_draws, f.fab_draws, f.jump
    pairs, one, first, factor = f.pairs, f.one, f.z, f.common
    draw(p, path, step, DEMAND, 0, words, of_demand)
    draw(p, path, step, EFFICIENCY, 0, words, jump)
    draw(p, path, step, POWER, 0, words, of_power)
    draw(p, path, step, FAB, 0, words, of_fabs)
    first[0], first[1], first[2], first[3] = of_demand[0], jump[0], of_power[0], of_fabs[0]
    common_factors(p, first, factor)
    if noise[SENTIMENT]:  # (3.2)
        draw(p, path, step, SENTIMENT, 0, words, one)
        if one[0] < (q.sentiment_to_boom if s.reversal > HALF else q.sentiment_to_reversal):
            s.reversal = ONE - s.reversal
    s.reversal = turned(s.reversal, month.sentiment_turn)
    for k in range(segments):  # (3.3)
        s.demand[k] += month.demand_drift[k] + s.reversal * q.reversal_demand_drift
        if noise[DEMAND]:
            s.demand[k] += q.demand_common[k] * factor[0] + q.demand_own[k] * normal(of_demand[1 + k])
    change = month.efficiency_drift  # (3.4)
    if noise[EFFICIENCY]:
        change += q.efficiency_volatility * factor[1]
        if jump[1] < q.efficiency_jump_rate:
            change += q.efficiency_jump_min + jump[2] * q.efficiency_jump_span
    s.efficiency += change
    for k in range(pools):  # (3.5)
        s.fab[k] += month.fab_growth[k]
        if noise[FAB]:
            s.fab[k] += q.yield_volatility[k] * (factor[3] + normal(of_fabs[1 + k])) * ROOT
    outages = q.outage_rate.shape[0]
    draw(p, path, step, OUTAGE, 0, words, pairs[: 2 * outages])
    for k in range(outages):
        s.outage[k] = hazard(
            s.outage[k],
            month.outage_severity[k],
            noise[OUTAGE],
            pairs[2 * k],
            pairs[2 * k + 1],
            q.outage_rate[k],
            q.outage_min[k],
            q.outage_span[k],
            q.outage_persistence[k],
        )
    advance_regimes(p, month, path, step, s, words, one)
    draw(p, path, step, GRID, 0, words, pairs[: 2 * regions])
    for r in range(regions):  # (3.9)
        s.grid[r] = hazard(
            s.grid[r],
            month.grid_severity[r],
            noise[GRID],
            pairs[2 * r],
            pairs[2 * r + 1],
            q.grid_rate[r],
            q.grid_min[r],
            q.grid_span[r],
            q.grid_persistence[r],
        )
        moratorium = ONE - q.grid_moratorium[r] * s.grid[r]
        orders = month.power_orders[r] * moratorium
        if noise[POWER]:
            orders *= np.exp2(q.power_volatility[r] * (factor[2] + normal(of_power[1 + r])) * ROOT)
        queue = s.queue[r] + orders
        connected = queue * p.regions.build_rate[r] * moratorium
        s.power[r] += connected
        s.queue[r] = queue - connected
    pools_of_parts = q.component_rate.shape[0]
    draw(p, path, step, COMPONENT, 0, words, pairs[: 2 * pools_of_parts])
    for b in range(pools_of_parts):
        s.component[b] = hazard(
            s.component[b],
            month.component_severity[b],
            noise[COMPONENT],
            pairs[2 * b],
            pairs[2 * b + 1],
            q.component_rate[b],
            q.component_min[b],
            q.component_span[b],
            q.component_persistence[b],
        )


@compiled
def advance_regimes(p, month, path, step, s, words, one):
    """(3.8)"""
    for x in range(s.regime.shape[0]):
        for r in range(s.regime.shape[1]):
            now = s.regime[x, r]
            s.regime_at_order[x, r] = now
            if p.shocks.regime_moves[x, r] != 0 and p.noise[REGIME]:
                draw(p, path, step, REGIME, x * 8 + r, words, one)
                moved = 0
                for k in range(3):
                    if one[0] >= p.shocks.regime_cumulative[x, r, now, k]:
                        moved += 1
                s.regime[x, r] = moved
            if month.scheduled_regime[x, r] >= 0:
                s.regime[x, r] = month.scheduled_regime[x, r]
