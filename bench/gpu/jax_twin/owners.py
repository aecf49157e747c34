"""Cash, exit and investment (docs/model.md, sections 4f and 4g)."""

import jax.numpy as jnp
import numpy as np
from chips import region_power, regime_of_class
from parameters import BAN, COMMERCIAL, MILLION, PUBLIC, TINY, WINDOW, by_region


def missing_to(value, weight, otherwise):
    return jnp.where(weight > TINY, value / jnp.maximum(weight, TINY), otherwise)


def fixed_charge(p, month, s):
    c, v = p.chips, p.providers
    per_chip = c.capital_hours * month["list_price"] * c.system_multiple * c.perf
    return ((s["young"] + s["old"]) @ per_chip) * v.cost_multiple * p.finance.fixed_capital_share * MILLION


def exit_providers(p, s, unit_fleet):
    v = p.providers
    leaves = jnp.where((v.deep_pockets == 0) & (s["cash"] < 0) & (s["alive"] > 0.5), 1.0, 0.0)
    s["alive"] -= leaves
    size = s["alive"] * unit_fleet
    takes = missing_to(size, by_region(p, size)[p.region_of], 0.0)

    def hand_over(chips):
        freed = by_region(p, chips * leaves[:, None])[p.region_of]
        return chips * (1 - leaves)[:, None] + freed * p.finance.transfer_share * takes[:, None]

    for name in ("young", "old", "waiting"):
        s[name] = hand_over(s[name])
    s["pipeline"] = jnp.stack([hand_over(stage) for stage in s["pipeline"]])
    return s


def class_mix(p, month, s, q):
    share = jnp.exp2(p.finance.class_choice * jnp.log2(q))
    share = share / jnp.maximum(jnp.sum(share, 1, keepdims=True), 1e-12)
    banned = (regime_of_class(p, s["regime"]) == BAN)[p.region_of]
    leak = p.trade.leak_share[p.export_class].T[p.region_of]
    kept = jnp.where(banned, share * leak, share)
    freed = jnp.sum(share - kept, 1, keepdims=True)
    open_share = jnp.sum(jnp.where(banned, 0, share), 1, keepdims=True)
    raised = kept * (1 + freed / jnp.maximum(open_share, 1e-6))
    share = jnp.where(banned | (open_share < 1e-6), kept, raised)
    return raise_domestic(p, month, share)


def raise_domestic(p, month, share):
    """The policy floor, on what commercial and public units spend."""
    home = p.chips.home[None, :] == p.region_of[:, None]
    total = jnp.sum(share, 1, keepdims=True)
    domestic = jnp.sum(jnp.where(home, share, 0), 1, keepdims=True)
    floor = month["domestic_floor"][p.region_of][:, None]
    wanted = floor * total
    bound_by_policy = np.isin(p.providers.kind, (COMMERCIAL, PUBLIC))[:, None]
    binds = bound_by_policy & (floor > 0) & (domestic < wanted) & (domestic > 1e-6 * total)
    up, down = wanted / jnp.maximum(domestic, TINY), (total - wanted) / jnp.maximum(total - domestic, TINY)
    return jnp.where(binds, share * jnp.where(home, up, down), share)


def invest(p, month, s, f):
    v, z = p.providers, p.finance
    used, waiting = region_power(p, s)
    running = missing_to(used, used + waiting, 1.0)
    fallback = jnp.where(f["region_rented"] > TINY, f["regional_price"], f["world_price"])[:, None]
    expected = jnp.where(f["active"], f["price"], fallback) * z.expected_decline
    utilisation = jnp.where(f["region_fleet"] > TINY, f["utilisation"], 3e38)
    occupancy = jnp.minimum(utilisation[p.region_of], v.occupancy_limit) * running[p.region_of]
    cost = p.chips.capital_hours * s["chip_price"] * f["multiple"]
    q = jnp.clip((expected[p.region_of] - f["running_cost"]) * occupancy[:, None] / cost, z.q_min, z.q_max)
    share = class_mix(p, month, s, q)
    appetite = jnp.exp2(z.q_exponent * jnp.log2(jnp.maximum(jnp.sum(share * q, 1), z.q_min)))
    growth = jnp.exp2(z.demand_exponent * jnp.log2(f["world_demand"] / s["start_demand"]))
    own = jnp.maximum(f["unit_orders"], TINY)
    start_rest = np.maximum(np.sum(v.start_fleet) - v.start_fleet, 1e-9)
    lead = (jnp.sum(f["unit_orders"]) - own) * v.start_fleet / (own * start_rest)
    race = jnp.clip(jnp.exp2(z.arms_race * jnp.log2(jnp.maximum(lead, 1e-6))), 1, z.arms_race_max)
    race = jnp.where(v.start_fleet > 0, race, 1)
    mood = 1 + s["reversal"] * (p.shocks.reversal_capex * (1 - v.leverage) - 1)
    stock = jnp.where(regime_of_class(p, s["regime"]) == WINDOW, p.trade.stockpile[p.export_class].T, 1)[p.region_of]
    s["spending"] = (v.budget * s["alive"] * appetite * growth * race * mood)[:, None] * raise_domestic(p, month, share * stock)
    return s
