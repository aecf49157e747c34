"""Exogenous processes (docs/model.md, section 3)."""

import numpy as np

from array_model.draws import draw

HALF = np.float32(0.7071067811865476)


def advance_hazard(xp, level, dated, words, rate, minimum, span, persistence):
    """(3.6); `words`: draws, or nothing where frozen"""
    level = xp.maximum(level * persistence, dated)
    if words is None:
        return level
    arrival, severity = words[0::2], words[1::2]
    return xp.where(arrival < rate, xp.maximum(level, minimum + severity * span), level)


def turned_flag(xp, flag, turn):
    """A flag of 0 or 1 that a dated turn raises (1), lowers (-1) or leaves (0)."""
    return xp.where(turn == 0, flag, xp.where(turn > 0, np.float32(1), np.float32(0)))


def common_factors(p, z):
    """(3.1)"""
    own = [z[name][0] if name in z else None for name in ("demand", "efficiency", "power", "fab")]
    out = []
    for row in p.shocks.cholesky:
        parts = [weight * draws for weight, draws in zip(row, own) if draws is not None and weight != 0]
        out.append(sum(parts) if parts else np.float32(0))
    return out


def advance_shocks(p, plan, month, paths, step, s):
    xp, q = p.xp, p.shocks
    u, z = draw(p, plan, paths, step)
    factor = common_factors(p, z)
    if "sentiment" in u:  # (3.2)
        threshold = xp.where(s["reversal"] > 0.5, q.sentiment_to_boom, q.sentiment_to_reversal)
        s["reversal"] = xp.where(u["sentiment"][0] < threshold, 1 - s["reversal"], s["reversal"])
    s["reversal"] = turned_flag(xp, s["reversal"], month["sentiment_turn"])
    s["demand"] = s["demand"] + (month["demand_drift"] + s["reversal"] * q.reversal_demand_drift)  # (3.3)
    if "demand" in z:
        s["demand"] = s["demand"] + q.demand_common * factor[0] + q.demand_own * z["demand"][1:]
    s["efficiency"] = s["efficiency"] + month["efficiency_drift"]  # (3.4)
    if "efficiency" in z:
        arrival, size = u["efficiency"][1], u["efficiency"][2]
        jump = xp.where(arrival < q.efficiency_jump_rate, q.efficiency_jump_min + size * q.efficiency_jump_span, 0)
        s["efficiency"] = s["efficiency"] + q.efficiency_volatility * factor[1] + jump
    s["fab"] = s["fab"] + month["fab_growth"]  # (3.5)
    if "fab" in z:
        s["fab"] = s["fab"] + q.yield_volatility * (factor[3] + z["fab"][1:]) * HALF
    s["outage"] = advance_hazard(
        xp,
        s["outage"],
        month["outage_severity"],
        u.get("outage"),
        q.outage_rate,
        q.outage_min,
        q.outage_span,
        q.outage_persistence,
    )
    s["regime_at_order"] = s["regime"]  # (3.8)
    s["regime"] = advance_regimes(p, plan, month, u.get("export_regime"), s["regime"])
    s["grid"] = advance_hazard(
        xp,
        s["grid"],
        month["grid_severity"],
        u.get("grid_shock"),
        q.grid_rate,
        q.grid_min,
        q.grid_span,
        q.grid_persistence,
    )
    moratorium = 1 - q.grid_moratorium * s["grid"]  # (3.9)
    orders = month["power_orders"] * moratorium
    if "power" in z:
        orders = orders * xp.exp2(q.power_volatility * (factor[2] + z["power"][1:]) * HALF)
    queue = s["queue"] + orders
    connected = queue * p.regions.build_rate * moratorium
    s["power"], s["queue"] = s["power"] + connected, queue - connected
    s["component"] = advance_hazard(
        xp,
        s["component"],
        month["component_severity"],
        u.get("component"),
        q.component_rate,
        q.component_min,
        q.component_span,
        q.component_persistence,
    )
    return s, u.get("conduct")


def advance_regimes(p, plan, month, words, regime):
    xp = p.xp
    if p.size.export_classes == 0:
        return regime
    rows = [[regime[x, r] for r in range(p.size.regions)] for x in range(p.size.export_classes)]
    for k, (x, r) in enumerate(plan.moves if words is not None else []):
        now, table = rows[x][r], p.shocks.regime_cumulative[x, r, :, :, 0]
        moved = 0
        for column in range(3):
            bound = xp.where(
                now < 2,
                xp.where(now == 0, table[0, column], table[1, column]),
                xp.where(now == 2, table[2, column], table[3, column]),
            )
            moved = moved + (words[k] >= bound).astype(np.int32)
        rows[x][r] = moved
    regime = xp.stack([xp.stack(row) for row in rows])
    return xp.where(month["scheduled_regime"] >= 0, month["scheduled_regime"], regime)
