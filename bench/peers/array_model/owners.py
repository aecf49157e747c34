"""Price wars, cash, exit and investment (docs/model.md, 4e to 4g)."""

import numpy as np

from array_model.chips import committed_capacity, power_of
from array_model.parameters import BAN, MISSING, TINY, WINDOW, blend, by_region, ratio_or, to_units
from array_model.shocks import turned_flag


def update_price_wars(p, month, words, s, f):
    """(4.13); `words`: draws, or nothing where frozen"""
    xp, one, zero = p.xp, np.float32(1), np.float32(0)
    if words is not None:
        starts = (f["utilisation"] < p.regions.war_trigger) & (words[0::2] < p.regions.war_start)
        goes_on = ~(words[1::2] < p.regions.war_end)
        s["war"] = xp.where(xp.where(s["war"] > 0.5, goes_on, starts), one, zero)
    s["war"] = turned_flag(xp, s["war"], month["war_turn"])
    return s


def exit_providers(p, s, f):
    """(4.16), (4.17)"""
    xp = p.xp
    s["cash"] = s["cash"] + (f["revenue"] - f["costs"])
    leaves = (p.providers.deep_pockets[:, None] == 0) & (s["cash"] < 0) & (s["alive"] > 0.5)
    if xp is not np:
        return consolidate(p, s, f, leaves)
    paths = np.flatnonzero(leaves.any(0))  # few, so only theirs
    if len(paths):
        names = ("alive", "young", "old", "waiting", "pipeline")
        part = {name: s[name][..., paths] for name in names}
        flows = {name: f[name][..., paths] for name in ("unit_fleet", "idle", "installed_share")}
        part, flows = consolidate(p, part, flows, leaves[:, paths])
        for name in names:
            s[name][..., paths] = part[name]
        for name in ("idle", "installed_share"):
            f[name][..., paths] = flows[name]
    return s, f


def consolidate(p, s, f, leaves):
    xp, one, zero = p.xp, np.float32(1), np.float32(0)
    s["alive"] = xp.where(leaves, zero, s["alive"])
    size = s["alive"] * f["unit_fleet"]
    takes = (ratio_or(p, size, to_units(p, by_region(p, size)), 0) * p.finance.transfer_share)[:, None]
    left, gone = xp.where(leaves, zero, one)[:, None], xp.where(leaves, one, zero)[:, None]

    def hand_over(chips):
        return chips * left + to_units(p, by_region(p, chips * gone)) * takes

    for name in ("young", "old", "waiting"):
        s[name] = hand_over(s[name])
    s["pipeline"] = xp.stack([hand_over(stage) for stage in s["pipeline"]])
    somebody = xp.stack([leaves[units].any(0) for units in p.slices])
    waiting = by_region(p, s["waiting"])
    used, wanted = power_of(p, by_region(p, s["young"] + s["old"])), power_of(p, waiting)
    f["idle"] = xp.where(somebody, (waiting * p.chips.perf).sum(1), f["idle"])
    f["installed_share"] = xp.where(somebody, ratio_or(p, used, used + wanted, 1), f["installed_share"])
    return s, f


def class_mix(p, month, q, banned):
    """(4.19)"""
    xp = p.xp
    share = q * q if p.finance.class_choice == 2 else q**p.finance.class_choice
    share = share / xp.maximum(share.sum(1), np.float32(1e-12))[:, None]
    allowed = xp.where(banned, np.float32(0), share)
    open_share = allowed.sum(1)
    kept = xp.where(banned, share * to_units(p, p.trade.leak_share_of), share)
    raise_by = 1 + (share - kept).sum(1) / xp.maximum(open_share, np.float32(1e-6))
    raise_by = xp.where(open_share < np.float32(1e-6), np.float32(1), raise_by)
    return apply_floor(p, month, xp.where(banned, kept, share * raise_by[:, None]))


def apply_floor(p, month, share):
    """(4.20)"""
    xp, one, tiny = p.xp, np.float32(1), np.float32(TINY)
    rows = list(share)
    for r, units in enumerate(p.slices):
        if not (p.calendar["domestic_floor"][:, r] > 0).any() or not p.is_home[r].any():
            continue
        mine, home, floor = share[units], p.is_home[r], month["domestic_floor"][r]
        total, domestic = mine.sum(1), mine[:, np.flatnonzero(home[:, 0])].sum(1)
        wanted = floor * total
        binds = (domestic < wanted) & (domestic > np.float32(1e-6) * total) & p.has_floor[units, 0]
        up = xp.where(binds, wanted / xp.maximum(domestic, tiny), one)[:, None]
        down = xp.where(binds, (total - wanted) / xp.maximum(total - domestic, tiny), one)[:, None]
        rows[units] = list(mine * xp.where(home, up, down))
    return xp.stack(rows)


def invest(p, month, s, f, multiple, regime):
    """(4.18), (4.21), (4.22)"""
    xp, v, z = p.xp, p.providers, p.finance
    fallback = xp.where(f["regional_price"] < MISSING, f["regional_price"], f["world_price"])[:, None]
    expected = xp.where(f["active"], f["price"], fallback) * z.expected_decline
    per_cost = 1 / (p.chips.capital_hours * s["chip_price"] * multiple)
    occupancy = xp.minimum(to_units(p, f["utilisation"]), v.occupancy_limit) * to_units(p, f["installed_share"])
    margin = to_units(p, expected - f["energy"]) - v.operations[:, None]
    q = margin * to_units(p, per_cost) * (occupancy * v.inverse_cost_multiple)[:, None]
    q = xp.minimum(xp.maximum(q, z.q_min), z.q_max)
    share = class_mix(p, month, q, to_units(p, regime == BAN))
    mean_q = xp.maximum((share * q).sum(1), z.q_min)
    stock = xp.where(regime == WINDOW, p.trade.stockpile_of, np.float32(1))
    share = apply_floor(p, month, share * to_units(p, stock))
    own = xp.maximum(f["unit_orders"], np.float32(TINY))
    start_rest = np.maximum(v.start_fleet.sum() - v.start_fleet, np.float32(1e-9))
    lead = xp.maximum((f["unit_orders"].sum(0) - own) / own * (v.start_fleet / start_rest), np.float32(1e-6))
    race = xp.clip(z.arms_race * xp.log2(lead), np.float32(0), np.log2(z.arms_race_max))
    race = xp.where(v.start_fleet > 0, race, np.float32(0))
    growth = z.demand_exponent * xp.log2(f["world_demand"] / s["start_demand"])
    mood = blend(s["reversal"], np.float32(1), p.shocks.reversal_capex * (1 - v.leverage))
    appetite = xp.exp2(z.q_exponent * xp.log2(mean_q) + race + growth)
    s["spending"] = (v.budget * s["alive"] * mood * appetite)[:, None] * share
    return s
