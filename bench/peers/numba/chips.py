"""Chip market, export gate, pipeline and installation (docs/model.md, 4a to 4c)."""

import numpy as np
from compiled import BAN, ONE, QUOTA, TINY, ZERO, clip, compiled, greater, lesser, ratio_or


@compiled
def price_deliveries(p, month, s, f):
    """(4.1)"""
    for i in range(f.multiple.shape[0]):
        r = p.providers.region[i]
        for c in range(f.multiple.shape[1]):
            x = p.chips.export_class[c]
            markup = ZERO
            if x >= 0:
                regime = s.regime[x, r]
                markup = p.trade.grey_premium[x, r] if regime == BAN else p.trade.surcharge[x, r, regime]
            paid = p.providers.cost_multiple[i] * (ONE - month.subsidy[r])
            f.multiple[i, c] = (p.chips.system_multiple[c] + markup) * paid


@compiled
def produce(p, s, orders, weight, produced):
    """(4.3), (4.4)"""
    classes = weight.shape[0]
    for c in range(classes):
        revenue = s.chip_price[c] * p.chips.inverse_wafers[c]
        if p.chips.pool_steer != ONE:
            revenue = revenue**p.chips.pool_steer
        weight[c] = (orders[c] * p.chips.wafers[c] + TINY) * revenue
    for pool in range(s.fab.shape[0]):
        output, weights = np.exp2(s.fab[pool]), ZERO
        for k in range(p.shocks.outage_rate.shape[0]):
            output *= ONE - p.shocks.outage_exposure[k, pool] * s.outage[k]
        for c in range(classes):
            weights += weight[c] if p.chips.pool[c] == pool else ZERO
        for c in range(classes):
            if p.chips.pool[c] == pool:
                full = output * weight[c] / greater(weights, TINY) * p.chips.inverse_wafers[c]
                produced[c] = clip(p.chips.stock_limit[c] * full - s.stock[c], ZERO, full)


@compiled
def rationing_level(p, orders, c, left):
    """Water-filling (4.6): the multiple of order times priority that everybody gets, nobody more than ordered."""
    claims = ZERO
    for i in range(orders.shape[0]):
        claims += p.providers.priority[i] * orders[i, c]
    level = left / greater(claims, TINY)
    for k in range(orders.shape[0]):
        i = p.providers.by_priority[k]
        priority = p.providers.priority[i]
        if priority * level < ONE:
            break
        left = greater(left - orders[i, c], ZERO)
        claims -= priority * orders[i, c]
        level = greater(level, left / greater(claims, TINY))
    return level


@compiled
def clear_chip_market(p, month, s, f):
    """Orders (4.2), price (4.5), shipments (4.6); what is left is stock. Leaves shipments in `delivered`."""
    units, classes = f.multiple.shape
    total, produced = f.orders, f.produced
    total[:] = ZERO
    for i in range(units):
        for c in range(classes):
            f.delivered[i, c] = s.spending[i, c] / (f.multiple[i, c] * month.list_price[c])
            total[c] += f.delivered[i, c]
    produce(p, s, total, f.pool_weight, produced)
    for c in range(classes):
        supply = s.stock[c] + produced[c]
        scarcity = np.log2(total[c] + TINY) - np.log2(supply + TINY)
        multiple = clip(
            scarcity * p.chips.inverse_order_exponent[c], p.chips.log2_price_floor[c], p.chips.log2_price_cap[c]
        )
        s.chip_price[c] = month.list_price[c] * np.exp2(multiple)
        response = np.exp2(-p.chips.order_exponent[c] * multiple)
        for i in range(units):
            f.delivered[i, c] *= response
        if total[c] * response > supply:
            level = rationing_level(p, f.delivered, c, supply)
            for i in range(units):
                f.delivered[i, c] *= lesser(p.providers.priority[i] * level, ONE)
        shipped = ZERO
        for i in range(units):
            shipped += f.delivered[i, c]
        s.stock[c] = greater(supply - shipped, ZERO)


@compiled
def committed_capacity(p, s, i):
    total = ZERO
    for c in range(s.young.shape[1]):
        under_way = s.pipeline[0, i, c] + s.pipeline[1, i, c] + s.pipeline[2, i, c]
        total += p.chips.perf[c] * (s.young[i, c] + s.old[i, c] + s.waiting[i, c] + under_way)
    return total


@compiled
def pass_export_gate(p, month, s, f):
    """(4.7) to (4.9)"""
    units, classes = f.delivered.shape
    regions = f.leaked.shape[0]
    shipped, arrives, committed, world, capped = f.shipped, f.arrives, f.committed, ZERO, False
    shipped[:], committed[:] = ZERO, ZERO
    for r in range(regions):
        capped = capped or month.share_cap[r] < ONE
    for i in range(units):
        r = p.providers.region[i]
        for c in range(classes):
            shipped[r, c] += f.delivered[i, c]
        if capped:
            capacity = committed_capacity(p, s, i)
            committed[r] += capacity
            world += capacity
    for r in range(regions):
        cap_passes = ONE
        f.leaked[r], arrives[:] = ZERO, ONE
        if month.share_cap[r] < ONE:
            restricted = ZERO
            for c in range(classes):
                restricted += p.chips.perf[c] * shipped[r, c] if p.chips.export_class[c] >= 0 else ZERO
            cap_passes = lesser(
                greater(month.share_cap[r] * world - committed[r], ZERO) / greater(restricted, TINY), ONE
            )
        for x in range(s.regime.shape[0]):
            chips = ZERO
            for c in range(classes):
                chips += shipped[r, c] if p.chips.export_class[c] == x else ZERO
            passes, banned = cap_passes, s.regime[x, r] == BAN
            if s.regime[x, r] == QUOTA:
                passes = lesser(month.quota[x, r] / greater(chips, TINY), cap_passes)
            if banned:
                passes = ZERO
            leaks = ONE if banned and s.regime_at_order[x, r] == BAN else (ONE - passes) * p.trade.leak_share[x, r]
            for c in range(classes):
                if p.chips.export_class[c] == x:
                    arrives[c] = passes + leaks
            f.leaked[r] += chips * leaks
        for c in range(classes):
            s.stock[c] += shipped[r, c] * (ONE - arrives[c])
            for i in range(p.providers.first[r], p.providers.first[r + 1]):
                f.delivered[i, c] *= arrives[c]


@compiled
def move_chips(p, s, f):
    """(4.10), (4.11)"""
    f.capital_spending = ZERO
    spent = ZERO
    for i in range(f.delivered.shape[0]):
        for c in range(f.delivered.shape[1]):
            spent += f.delivered[i, c] * s.chip_price[c] * f.multiple[i, c]
            rate, arriving = p.chips.lead_rate[c], f.delivered[i, c]
            for stage in range(3):
                leaving = s.pipeline[stage, i, c] * rate
                s.pipeline[stage, i, c] += arriving - leaving
                arriving = leaving
            s.waiting[i, c] += arriving
            survives, ages = ONE - p.chips.failure_rate[c], p.chips.ageing_rate[c]
            young = s.young[i, c] * survives
            s.old[i, c] = s.old[i, c] * survives * (ONE - ages) + young * ages
            s.young[i, c] = young * (ONE - ages)
    f.capital_spending = spent


@compiled
def chips_on_site(p, s, r):
    """@returns MW used and wanted, kH100e idle and the part of it that is of the region's own classes"""
    used = wanted = idle = domestic = ZERO
    for i in range(p.providers.first[r], p.providers.first[r + 1]):
        for c in range(s.young.shape[1]):
            used += p.chips.power_kw[c] * (s.young[i, c] + s.old[i, c])
            wanted += p.chips.power_kw[c] * s.waiting[i, c]
            idle += p.chips.perf[c] * s.waiting[i, c]
            domestic += p.chips.perf[c] * s.waiting[i, c] if p.chips.home[c] == r else ZERO
    return used, wanted, idle, domestic


@compiled
def install_chips(p, month, is_start, s, f):
    """(4.12)"""
    regions = f.leaked.shape[0]
    site, share = f.site, f.site_share
    requested, parts = ZERO, ONE
    for r in range(regions):
        site[r, 0], site[r, 1], site[r, 2], site[r, 3] = chips_on_site(p, s, r)
        share[r] = lesser(greater(f.available[r] - site[r, 0], ZERO) / greater(site[r, 1], TINY), ONE)
        requested += share[r] * site[r, 1]
    for b in range(p.shocks.component_rate.shape[0]):
        parts = lesser(parts, month.component_capacity[b] * (ONE - s.component[b]) / greater(requested, TINY))
    for r in range(regions):
        used, wanted, idle, domestic = site[r, 0], site[r, 1], site[r, 2], site[r, 3]
        installed_share = ZERO if is_start else share[r] * parts
        bound = not is_start and installed_share < np.float32(0.999) and wanted > np.float32(1e-3)
        f.power_bound[r] = ONE if bound else ZERO
        f.used[r] = used + installed_share * wanted
        f.powered[r] = lesser(f.available[r] / greater(f.used[r], TINY), ONE)
        f.installed_share[r] = ratio_or(f.used[r], used + wanted, ONE)
        f.installs[r], f.domestic_installs[r] = idle * installed_share, domestic * installed_share
        f.idle[r] = idle * (ONE - installed_share)
        for i in range(p.providers.first[r], p.providers.first[r + 1]):
            for c in range(s.young.shape[1]):
                installed = s.waiting[i, c] * installed_share
                s.waiting[i, c] -= installed
                s.young[i, c] += installed
