"""Chip market, export gate, pipeline and installation (docs/model.md, 4a to 4c)."""

import numpy as np

from array_model.parameters import BAN, OPEN, QUOTA, TINY, WINDOW, by_region, ratio_or, to_units


def regime_of_class(p, regime):
    """Regime of each region and class, [R, C, paths]."""
    if not p.is_restricted.all():
        regime = p.xp.concatenate([regime, p.xp.zeros((1, *regime.shape[1:]), np.int32)])
    return p.xp.swapaxes(regime[p.chips.export_class], 0, 1)


def delivered_multiple(p, month, regime):
    """(4.1) at a cost multiple of 1, [R, C, paths]"""
    where, of = p.xp.where, p.surcharge_of
    restricted = where(regime == QUOTA, of[:, :, QUOTA], p.trade.grey_premium_of)
    markup = where(regime < QUOTA, where(regime == OPEN, of[:, :, OPEN], of[:, :, WINDOW]), restricted)
    return (p.chips.system_multiple + markup) * (1 - month["subsidy"])[:, None]


def ration(p, supply, orders):
    """(4.6): the multiple of order times priority that everybody gets. Of the levels at which the first k units, in
    falling priority, are served in full, it is the largest: min(order, level * claim) is at most either of the two."""
    xp, order = p.xp, p.providers.by_priority
    amount = orders[order]
    claim = p.providers.priority[order][:, None] * amount
    left = xp.maximum(supply - (xp.cumsum(amount, 0) - amount), np.float32(0))
    claims = xp.cumsum(claim[::-1], 0)[::-1]
    return (left / xp.maximum(claims, np.float32(TINY))).max(0)


def clear_chip_market(p, month, s, multiple):
    xp, c = p.xp, p.chips
    list_price = month["list_price"]
    orders = (
        s["spending"] * to_units(p, 1 / (multiple * list_price)) * p.providers.inverse_cost_multiple[:, None]
    )  # (4.2)
    total = orders.sum(0)
    weight = (total * c.wafers + np.float32(TINY)) * (s["chip_price"] * c.inverse_wafers) ** c.pool_steer  # (4.3)
    output = xp.exp2(s["fab"])
    for k in range(p.size.outages):
        output = output * (1 - p.shocks.outage_exposure[k] * s["outage"][k])
    weights = xp.stack([weight[np.flatnonzero(c.pool == f)].sum(0) for f in range(p.size.pools)])
    full = weight * (output / xp.maximum(weights, np.float32(TINY)))[c.pool] * c.inverse_wafers
    supply = s["stock"] + xp.minimum(xp.maximum(c.stock_limit * full - s["stock"], np.float32(0)), full)  # (4.4)
    scarcity = xp.log2(total + np.float32(TINY)) - xp.log2(supply + np.float32(TINY))
    log2_multiple = xp.clip(scarcity * c.inverse_order_exponent, c.log2_price_floor, c.log2_price_cap)  # (4.5)
    s["chip_price"] = list_price * xp.exp2(log2_multiple)
    response = xp.exp2(-c.order_exponent * log2_multiple)
    orders = orders * response
    short = total * response > supply
    if xp is not np or short.any():
        level = xp.where(short, ration(p, supply, orders), np.float32(1e30))
        orders = orders * xp.minimum(p.providers.priority[:, None] * level, np.float32(1))
    s["stock"] = xp.maximum(supply - orders.sum(0), np.float32(0))
    return s, orders


def committed_capacity(p, s):
    """Installed, waiting and under way, kH100e, by unit."""
    return (((s["young"] + s["old"]) + (s["waiting"] + s["pipeline"].sum(0))) * p.chips.perf).sum(1)


def pass_export_gate(p, month, s, delivered, regime, at_order):
    """(4.7) to (4.9). @returns also the chips that leak, by region"""
    xp, tiny = p.xp, np.float32(TINY)
    shipped = by_region(p, delivered)  # [R, C, paths]
    same = p.chips.export_class[:, None] == p.chips.export_class[None, :]
    of_class = (
        shipped
        if np.array_equal(same, np.eye(len(same)))
        else xp.stack([shipped[:, np.flatnonzero(row)].sum(1) for row in same], 1)
    )
    quota = xp.swapaxes(month["quota"][p.chips.export_class], 0, 1)
    passes = xp.minimum(quota / xp.maximum(of_class, tiny), np.float32(1))
    cap_passes = np.float32(1)
    if (p.calendar["share_cap"] < 1).any():
        committed = by_region(p, committed_capacity(p, s))
        room = xp.maximum(month["share_cap"] * committed.sum(0) - committed, np.float32(0))
        share = xp.minimum(room / xp.maximum((shipped * p.chips.perf * p.is_restricted).sum(1), tiny), np.float32(1))
        cap_passes = xp.where(month["share_cap"] < 1, share, np.float32(1))[:, None]
        cap_passes = xp.where(p.is_restricted, cap_passes, np.float32(1))
        passes = xp.minimum(passes, cap_passes)
    passes = xp.where(regime == QUOTA, passes, xp.where(regime == BAN, np.float32(0), cap_passes))
    grey_order = (regime == BAN) & (at_order == BAN)
    leaks = xp.where(grey_order, np.float32(1), (1 - passes) * p.trade.leak_share_of)
    arrives = passes + leaks
    s["stock"] = s["stock"] + (shipped * (1 - arrives)).sum(0)
    return s, delivered * to_units(p, arrives), (shipped * leaks).sum(1)


def power_of(p, chips):
    """MW of chips [R, C, paths], by region."""
    return (chips * p.chips.power_kw).sum(1)


def move_chips(p, s, arriving):
    """(4.10), (4.11)"""
    c = p.chips
    moved = s["pipeline"] * c.lead_rate
    arriving = p.xp.stack([arriving, moved[0], moved[1]])
    s["pipeline"] = s["pipeline"] - moved + arriving
    s["waiting"] = s["waiting"] + moved[2]
    survives, stays = 1 - c.failure_rate, 1 - c.ageing_rate
    s["old"] = s["old"] * (survives * stays) + s["young"] * (survives * c.ageing_rate)
    s["young"] = s["young"] * (survives * stays)
    return s


def install_chips(p, month, s, available, is_start):
    """(4.12). @returns also flows by region"""
    xp, tiny, one = p.xp, np.float32(TINY), np.float32(1)
    waiting = by_region(p, s["waiting"])
    used, wanted = power_of(p, by_region(p, s["young"] + s["old"])), power_of(p, waiting)
    idle, domestic = (waiting * p.chips.perf).sum(1), (waiting * p.chips.perf * p.is_home).sum(1)
    share = xp.minimum(xp.maximum(available - used, np.float32(0)) / xp.maximum(wanted, tiny), one)
    requested = xp.maximum((share * wanted).sum(0), tiny)
    parts = one
    for b in range(p.size.component_pools):
        parts = xp.minimum(parts, month["component_capacity"][b] * (1 - s["component"][b]) / requested)
    share = share * parts
    if is_start:
        share = xp.zeros_like(share)
    installed = s["waiting"] * to_units(p, share)[:, None]
    s["waiting"] = s["waiting"] - installed
    s["young"] = s["young"] + installed
    bound = (share < np.float32(0.999)) & (wanted > np.float32(1e-3)) & (not is_start)
    used_after = used + share * wanted
    return s, dict(
        power_bound=bound.astype(np.float32),
        used_power=used_after,
        installs=idle * share,
        domestic_installs=domestic * share,
        idle=idle * (1 - share),
        powered=xp.minimum(available / xp.maximum(used_after, tiny), one),
        installed_share=ratio_or(p, used_after, used + wanted, 1),
    )
