"""What providers set aside for next month's orders (docs/model.md, 4g)."""

from chips import power_used, power_wanted
from rental import capital_cost, running_cost
from tables import BAN, OPEN, WINDOW

LEAST_SHARE = 1e-6  # of the class mix: smaller shares count as nothing


def regime_of(s, state, unit, c):
    export_class = s.chips[c].export_class
    return OPEN if export_class is None else state.regime[export_class, unit.region]


def rule_of(s, unit, c):
    return s.rules.get((s.chips[c].export_class, unit.region))


def expected_price(month, region, c):
    """The market's price, else the region's mean, else the world's."""
    for price in (month.prices.get((region, c)), month.regional_price[region], month.world_price):
        if price is not None:
            return price


def running_share(s, state, region):
    """rho of (4.18)"""
    installed = power_used(s, state, region)
    on_site = installed + power_wanted(s, state, region)
    return installed / on_site if on_site > 0 else 1.0


def tobin_q(s, state, t, month, unit, c):
    """(4.18)"""
    margin = s.expected_decline * expected_price(month, unit.region, c) - running_cost(s, state, unit, c)
    used = [1.0 - unit.vacancy] + [x for x in [month.utilisation[unit.region]] if x is not None]
    hours = min(used) * running_share(s, state, unit.region)
    return min(max(margin * hours / capital_cost(s, state, t, unit, c), s.q_min), s.q_max)


def class_mix(s, state, t, unit, q):
    """(4.19) and (4.20)"""
    weight = {c: q[c] ** s.class_choice for c in s.chips}
    mix = {c: w / sum(weight.values()) for c, w in weight.items()}
    banned = [c for c in mix if regime_of(s, state, unit, c) == BAN]
    free = sum(mix[c] for c in mix if c not in banned)
    kept = {c: mix[c] * rule_of(s, unit, c).leak_share for c in banned}
    freed = sum(mix[c] - kept[c] for c in banned)
    raised = 1.0 + freed / free if free >= LEAST_SHARE else 1.0
    mix = {c: kept[c] if c in banned else mix[c] * raised for c in mix}
    return raise_own(s, state, t, unit, mix)


def raise_own(s, state, t, unit, mix):
    """(4.20)"""
    floor = s.level(unit.region, "domestic_floor", t)
    total = sum(mix.values())
    own = sum(share for c, share in mix.items() if s.chips[c].home == unit.region)
    if unit.kind not in ("commercial", "public") or not LEAST_SHARE * total < own < floor * total:
        return mix
    up, down = floor * total / own, (1.0 - floor) * total / (total - own)
    return {c: share * (up if s.chips[c].home == unit.region else down) for c, share in mix.items()}


def race(s, unit, capacity, start_capacity):
    """(4.22); capacities in kH100e by unit"""
    own, world = capacity[unit.name], sum(capacity.values())
    own0, world0 = start_capacity[unit.name], sum(start_capacity.values())
    if own <= 0 or own0 <= 0 or world0 <= own0:
        return 1.0
    ratio = ((world - own) / own) / ((world0 - own0) / own0)
    return min(max(ratio ** s.arms_race, 1.0), s.arms_race_max)


def stockpiling(s, state, unit, c):
    """Factor above 1 while a window is open."""
    rule = rule_of(s, unit, c)
    return rule.stockpile if rule and regime_of(s, state, unit, c) == WINDOW else 1.0


def set_aside(s, state, t, month, start):
    """(4.21); `start` is month 0."""
    for u in s.units:
        fleet = state.fleets[u.name]
        if not fleet.active:
            fleet.set_aside = {c: 0.0 for c in s.chips}
            continue
        q = {c: tobin_q(s, state, t, month, u, c) for c in s.chips}
        mix = class_mix(s, state, t, u, q)
        mean_q = sum(mix[c] * q[c] for c in s.chips)
        orders = raise_own(s, state, t, u, {c: mix[c] * stockpiling(s, state, u, c) for c in s.chips})
        mood = s.reversal_capex * (1.0 - u.leverage) if state.reversal else 1.0
        growth = month.world_demand / start.world_demand
        spending = u.budget * max(mean_q, s.q_min) ** s.q_exponent * growth ** s.demand_exponent
        spending *= race(s, u, month.capacity, start.capacity) * mood
        fleet.set_aside = {c: spending * orders[c] for c in s.chips}
