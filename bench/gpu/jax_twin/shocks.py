"""Exogenous processes (docs/model.md, section 3)."""

import jax
import jax.numpy as jnp
import numpy as np


def draw(p, key):
    """A month's normals and uniforms, in one call each."""
    z = p.size
    counts = {"factor": 4, "segment": z.segments, "pool": z.pools, "region": z.regions}
    uniforms = {"jump": 2, "sentiment": 1, "outage": 2 * z.outages, "regime": z.export_classes * z.regions,
                "grid": 2 * z.regions, "component": 2 * z.component_pools, "war": 2 * z.regions}
    first, second = jax.random.split(key)
    out, at = {}, 0
    words = jax.random.normal(first, (sum(counts.values()),), jnp.float32)
    for name, number in counts.items():
        out[name] = words[at:at + number]
        at += number
    words, at = jax.random.uniform(second, (sum(uniforms.values()),), jnp.float32), 0
    for name, number in uniforms.items():
        out[name] = words[at:at + number]
        at += number
    return out


def shock_level(level, dated, words, rate, minimum, span, persistence):
    """Levels in [0, 1] that decay; `dated` are the least levels of this month, `words` draws or nothing where frozen."""
    level = jnp.maximum(level * persistence, dated)
    if words is None:
        return level
    arrival, severity = words[0::2], words[1::2]
    return jnp.where(arrival < rate, jnp.maximum(level, minimum + severity * span), level)


def turned_flag(flag, turn):
    """A flag of 0 or 1 that a dated turn raises (1), lowers (-1) or leaves (0)."""
    return jnp.where(turn == 0, flag, jnp.where(turn > 0, 1.0, 0.0))


def advance_shocks(p, month, words, s):
    q, noise = p.shocks, p.noise
    on = np.array([noise[name] for name in ("demand", "efficiency", "power", "fab")], np.float32)
    factor = jnp.tril(q.cholesky) @ (words["factor"] * on)
    if noise["sentiment"]:
        threshold = jnp.where(s["reversal"] > 0.5, q.sentiment_to_boom, q.sentiment_to_reversal)
        s["reversal"] = jnp.where(words["sentiment"][0] < threshold, 1 - s["reversal"], s["reversal"])
    s["reversal"] = turned_flag(s["reversal"], month["sentiment_turn"])
    s["demand"] += month["demand_drift"] + s["reversal"] * q.reversal_demand_drift
    if noise["demand"]:
        s["demand"] += q.demand_common * factor[0] + q.demand_own * words["segment"]
    s["efficiency"] += month["efficiency_drift"]
    if noise["efficiency"]:
        jump = q.efficiency_jump_min + words["jump"][1] * q.efficiency_jump_span
        s["efficiency"] += q.efficiency_volatility * factor[1] + jnp.where(words["jump"][0] < q.efficiency_jump_rate, jump, 0)
    s["fab"] += month["fab_growth"]
    if noise["fab"]:
        s["fab"] += q.yield_volatility * (factor[3] + words["pool"]) * 0.7071067811865476
    outages = words["outage"] if noise["outage"] else None
    s["outage"] = shock_level(s["outage"], month["outage_severity"], outages, q.outage_rate, q.outage_min, q.outage_span,
                              q.outage_persistence)
    s["regime_at_order"] = s["regime"]
    if noise["export_regime"] and p.size.export_classes:
        row = jnp.take_along_axis(q.regime_cumulative, s["regime"][:, :, None, None], axis=2)[:, :, 0]
        u = words["regime"].reshape(p.size.export_classes, p.size.regions)
        moved = jnp.sum(u[:, :, None] >= row, axis=-1).astype(jnp.int32)
        s["regime"] = jnp.where(q.regime_moves != 0, moved, s["regime"])
    s["regime"] = jnp.where(month["scheduled_regime"] >= 0, month["scheduled_regime"], s["regime"])
    grid = words["grid"] if noise["grid_shock"] else None
    s["grid"] = shock_level(s["grid"], month["grid_severity"], grid, q.grid_rate, q.grid_min, q.grid_span, q.grid_persistence)
    moratorium = 1 - q.grid_moratorium * s["grid"]
    orders = month["power_orders"] * moratorium
    if noise["power"]:
        orders = orders * jnp.exp2(q.power_volatility * (factor[2] + words["region"]) * 0.7071067811865476)
    queue = s["queue"] + orders
    connected = queue * p.regions.build_rate * moratorium
    s["power"], s["queue"] = s["power"] + connected, queue - connected
    pools = words["component"] if noise["component"] else None
    s["component"] = shock_level(s["component"], month["component_severity"], pools, q.component_rate, q.component_min,
                                 q.component_span, q.component_persistence)
    return s
