"""Chip market, export gate and pipeline (docs/model.md, 4a to 4c)."""

from shocks import component_limit, pool_output, power_in_force
from tables import BAN, QUOTA

LEAST = 1e-9  # a millionth of a chip: keeps shares and prices defined where nothing is ordered or made
ONE_KW = 1e-3


def delivered_multiple(s, state, t, unit, c):
    """Gamma (4.1)"""
    chip = s.chips[c]
    surcharge = 0.0
    if chip.export_class is not None:
        regime = state.regime[chip.export_class, unit.region]
        surcharge = s.surcharge(chip.export_class, unit.region, regime)
    return unit.cost_multiple * (chip.system_multiple + surcharge) * (1.0 - s.level(unit.region, "subsidy", t))


def orders_at_list(s, state, t, unit, c):
    """N^0 (4.2)"""
    cost = delivered_multiple(s, state, t, unit, c) * s.chips[c].list_price_at(t)
    return state.fleets[unit.name].set_aside[c] / cost


def split_pool(s, state, pool, wanted):
    """(4.3): what each class of a pool could make this month, given its orders at list price."""
    members = [c for c, chip in s.chips.items() if chip.pool == pool]
    weight = {c: (s.chips[c].wafers * wanted[c] + LEAST) * (state.chip_prices[c] / s.chips[c].wafers) ** s.pool_steer
              for c in members}
    total = sum(weight.values())
    output = pool_output(s, state, pool)
    return {c: output * weight[c] / (s.chips[c].wafers * total) for c in members}


def ration(orders, priority, supply):
    """(4.6): n = min(N, lambda * priority * N), found by bisection on lambda."""
    if sum(orders.values()) <= supply:
        return dict(orders)
    low, high = 0.0, 1.0 / min(priority[i] for i in orders)
    for _ in range(200):
        middle = 0.5 * (low + high)
        granted = {i: n * min(1.0, middle * priority[i]) for i, n in orders.items()}
        low, high = (middle, high) if sum(granted.values()) < supply else (low, middle)
    return granted


def clear_chip(s, state, t, c, could_make, wanted):
    """(4.4) to (4.6) for one class. @returns chips granted by unit"""
    chip, list_price = s.chips[c], s.chips[c].list_price_at(t)
    made = min(max(chip.stock_limit * could_make - state.stock[c], 0.0), could_make)
    supply, total = state.stock[c] + made, sum(wanted.values())
    scarcity = (total + LEAST) / (supply + LEAST)
    ratio = min(max(scarcity ** (1.0 / (1.0 + chip.order_elasticity)), chip.floor), chip.cap)
    state.chip_prices[c] = list_price * ratio
    orders = {i: n * ratio ** -(1.0 + chip.order_elasticity) for i, n in wanted.items()}
    granted = ration(orders, {u.name: u.priority for u in s.units}, supply)
    state.stock[c] = max(supply - sum(granted.values()), 0.0)
    return granted


def chip_market(s, state, t):
    """@returns chips shipped: class -> unit name -> thousand chips"""
    wanted = {c: {u.name: orders_at_list(s, state, t, u, c) for u in s.units if state.fleets[u.name].active}
              for c in s.chips}
    totals = {c: sum(wanted[c].values()) for c in s.chips}
    could_make = {}
    for pool in s.pools:
        could_make.update(split_pool(s, state, pool, totals))
    return {c: clear_chip(s, state, t, c, could_make[c], wanted[c]) for c in s.chips}


def passed_share(s, state, t, x, region, shipped):
    """alpha of (4.7), before the cap on the region's share."""
    regime = state.regime[x, region]
    if regime == BAN:
        return 0.0
    if regime != QUOTA:
        return 1.0
    return min(1.0, s.quota(x, region, t) / shipped) if shipped > 0 else 1.0


def total_capacity(s, state, units):
    """kH100e installed, waiting and in the pipeline"""
    return sum(s.chips[c].performance * state.fleets[u.name].everything(c) for u in units for c in s.chips)


def share_cap_passes(s, state, t, region, world, flow):
    """The share of all shipments with an export class that a cap on the region's share lets through (4.7)."""
    cap = s.level(region, "share_cap", t)
    restricted = sum(flow[c] * chip.performance for c, chip in s.chips.items() if chip.export_class is not None)
    if cap >= 1 or restricted <= 0:
        return 1.0
    return min(1.0, max(cap * world - total_capacity(s, state, s.units_in(region)), 0.0) / restricted)


def export_gate(s, state, t, granted):
    """(4.7) to (4.9). @returns chips that enter pipelines, by class and unit; chips leaked by region"""
    arrived = {c: dict(granted[c]) for c in s.chips}
    leaked = {r: 0.0 for r in s.regions}
    world = total_capacity(s, state, s.units)
    for region in s.regions:
        units = s.units_in(region)
        flow = {c: sum(granted[c].get(u.name, 0.0) for u in units) for c in s.chips}
        by_cap = share_cap_passes(s, state, t, region, world, flow)
        for x in s.export_classes:
            members = [c for c in s.chips if s.chips[c].export_class == x]
            passed = min(passed_share(s, state, t, x, region, sum(flow[c] for c in members)), by_cap)
            banned = state.regime[x, region] == BAN and state.regime_at_order[x, region] == BAN
            rule = s.rules.get((x, region))
            leak = 1.0 if banned else (1.0 - passed) * (rule.leak_share if rule else 0.0)
            for c in members:
                leaked[region] += leak * flow[c]
                state.stock[c] += (1.0 - passed - leak) * flow[c]
                for u in units:
                    arrived[c][u.name] = (passed + leak) * granted[c].get(u.name, 0.0)
    return arrived, leaked


def advance_pipeline(s, fleet, c, ordered):
    """(4.10)"""
    rate = min(3.0 / s.chips[c].lead_time, 1.0)
    a1, a2, a3 = fleet.stages[c]
    fleet.stages[c] = [a1 + ordered - rate * a1, a2 + rate * (a1 - a2), a3 + rate * (a2 - a3)]
    fleet.waiting[c] += rate * a3


def age(s, fleet, c):
    """(4.11)"""
    chip = s.chips[c]
    young, old = (1.0 - chip.failure) * fleet.young[c], (1.0 - chip.failure) * fleet.old[c]
    moving = 2.0 / chip.life
    fleet.young[c] = young * (1.0 - moving)
    fleet.old[c] = old * (1.0 - moving) + moving * young


def power_used(s, state, region):
    return sum(s.chips[c].power * state.fleets[u.name].installed(c) for u in s.units_in(region) for c in s.chips)


def power_wanted(s, state, region):
    return sum(s.chips[c].power * state.fleets[u.name].waiting[c] for u in s.units_in(region) for c in s.chips)


def install(s, state, t):
    """(4.12). @returns kH100e installed by region and class; share of what waited that was installed, by region"""
    wanted = {r: power_wanted(s, state, r) for r in s.regions}
    share = {}
    for r in s.regions:
        free = max(power_in_force(s, state, r) - power_used(s, state, r), 0.0)
        share[r] = min(1.0, free / wanted[r]) if wanted[r] > 0 else 1.0
    world = sum(share[r] * wanted[r] for r in s.regions)
    by_parts = min([1.0] + [component_limit(s, state, b, t) / world for b in range(len(s.components)) if world > 0])
    installed = {(r, c): 0.0 for r in s.regions for c in s.chips}
    for u in s.units:
        fleet = state.fleets[u.name]
        for c in s.chips:
            chips = share[u.region] * by_parts * fleet.waiting[c]
            fleet.young[c] += chips
            fleet.waiting[c] -= chips
            installed[u.region, c] += s.chips[c].performance * chips
    bound = {r: 1.0 if wanted[r] > ONE_KW and share[r] * by_parts < 0.999 else 0.0 for r in s.regions}
    return installed, bound


def pipeline_and_installation(s, state, t, month, arrived):
    """Station 4.4; fills in what was spent, installs and where power or parts bound."""
    month.spending = 0.0
    for u in s.units:
        fleet = state.fleets[u.name]
        for c in s.chips:
            chips = arrived[c].get(u.name, 0.0)
            month.spending += chips * state.chip_prices[c] * delivered_multiple(s, state, t, u, c)
            advance_pipeline(s, fleet, c, chips)
            age(s, fleet, c)
    month.installed, month.power_bound = install(s, state, t)
