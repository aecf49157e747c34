"""Price wars, cash, exit and investment (docs/model.md, 4e to 4g)."""

import numpy as np
from chips import chips_on_site
from compiled import (
    BAN,
    COMMERCIAL,
    MISSING,
    ONE,
    PUBLIC,
    TINY,
    TWO,
    WINDOW,
    ZERO,
    blend,
    clip,
    compiled,
    greater,
    lesser,
    ratio_or,
)
from draws import CONDUCT, draw
from shocks import turned

HALF = np.float32(0.5)


@compiled
def update_price_wars(p, month, path, step, s, f):
    """(4.13)"""
    regions = s.war.shape[0]
    u = f.pairs
    draw(p, path, step, CONDUCT, 0, f.words, u)
    for r in range(regions):
        if p.noise[CONDUCT]:
            if s.war[r] > HALF:
                s.war[r] = ZERO if u[2 * r + 1] < p.regions.war_end[r] else ONE
            else:
                starts = f.utilisation[r] < p.regions.war_trigger[r] and u[2 * r] < p.regions.war_start[r]
                s.war[r] = ONE if starts else ZERO
        s.war[r] = turned(s.war[r], month.war_turn[r])


@compiled
def settle_cash_and_exit(p, s, f):
    """(4.16), (4.17)"""
    leaves = f.leaves
    for r in range(s.war.shape[0]):
        begin, end, somebody = p.providers.first[r], p.providers.first[r + 1], False
        for i in range(begin, end):
            s.cash[i] += f.revenue[i] - f.costs[i]
            leaves[i] = 1 if p.providers.deep_pockets[i] == 0 and s.cash[i] < ZERO and s.alive[i] > HALF else 0
            if leaves[i] != 0:
                s.alive[i] = ZERO
                somebody = True
        if not somebody:
            continue
        size = ZERO
        for i in range(begin, end):
            size += s.alive[i] * f.unit_fleet[i]
        for stock in (s.young, s.old, s.waiting):
            hand_over(p, begin, end, leaves, s, f, size, stock)
        for stage in range(3):
            hand_over(p, begin, end, leaves, s, f, size, s.pipeline[stage])
        used, wanted, idle, _ = chips_on_site(p, s, r)
        f.idle[r], f.installed_share[r] = idle, ratio_or(used, used + wanted, ONE)


@compiled
def hand_over(p, begin, end, leaves, s, f, size, stock):
    for c in range(stock.shape[1]):
        freed = ZERO
        for i in range(begin, end):
            if leaves[i] != 0:
                freed += stock[i, c]
                stock[i, c] = ZERO
        for i in range(begin, end):
            stock[i, c] += freed * p.finance.transfer_share * ratio_or(s.alive[i] * f.unit_fleet[i], size, ZERO)


@compiled
def is_in(s, x, r, regime):
    """Whether exports of a class are under a regime; those of a class without rules never are."""
    return x >= 0 and s.regime[x, r] == regime


@compiled
def redirect_banned(p, s, r, share):
    """(4.19): under a ban only the leak share is ordered, and the rest of the money goes to the other classes."""
    freed = open_share = ZERO
    for c in range(share.shape[0]):
        x = p.chips.export_class[c]
        if is_in(s, x, r, BAN):
            kept = share[c] * p.trade.leak_share[x, r]
            freed += share[c] - kept
            share[c] = kept
        else:
            open_share += share[c]
    if open_share < np.float32(1e-6):
        return
    for c in range(share.shape[0]):
        if not is_in(s, p.chips.export_class[c], r, BAN):
            share[c] *= ONE + freed / open_share


@compiled
def apply_floor(p, floor, r, share):
    """(4.20)"""
    total = domestic = ZERO
    for c in range(share.shape[0]):
        total += share[c]
        domestic += share[c] if p.chips.home[c] == r else ZERO
    wanted = floor * total
    if not (domestic < wanted and domestic > np.float32(1e-6) * total):
        return
    for c in range(share.shape[0]):
        share[c] *= wanted / domestic if p.chips.home[c] == r else (total - wanted) / greater(total - domestic, TINY)


@compiled
def choose_classes(p, month, s, f, i, share, q):
    """Spending on each class as a multiple of the budget: (4.18) to (4.20), with stockpiling. @returns the mean q"""
    r, classes, z = p.providers.region[i], share.shape[0], p.finance
    kind = p.providers.kind[i]
    has_floor = month.domestic_floor[r] > ZERO and (kind == COMMERCIAL or kind == PUBLIC)
    fallback = f.regional_price[r] if f.regional_price[r] < MISSING else f.world_price
    occupancy = lesser(f.utilisation[r], p.providers.occupancy_limit[i]) * f.installed_share[r]
    total = mean_q = ZERO
    for c in range(classes):
        m = r * classes + c
        expected = (f.price[m] if f.active[m] else fallback) * z.expected_decline
        cost = p.chips.capital_hours[c] * s.chip_price[c] * f.multiple[i, c]
        q[c] = clip((expected - f.running[i, c]) * occupancy / cost, z.q_min, z.q_max)
        share[c] = q[c] * q[c] if z.class_choice == TWO else q[c] ** z.class_choice
        total += share[c]
    for c in range(classes):
        share[c] /= greater(total, np.float32(1e-12))
    redirect_banned(p, s, r, share)
    if has_floor:
        apply_floor(p, month.domestic_floor[r], r, share)
    for c in range(classes):
        mean_q += share[c] * q[c]
        x = p.chips.export_class[c]
        if is_in(s, x, r, WINDOW):
            share[c] *= p.trade.stockpile[x, r]
    if has_floor:
        apply_floor(p, month.domestic_floor[r], r, share)
    return mean_q


@compiled
def invest(p, month, s, f):
    """(4.21), (4.22)"""
    z, units, classes = p.finance, s.cash.shape[0], f.capacity.shape[1]
    share, q = f.share, f.q
    growth = z.demand_exponent * np.log2(f.world_demand / s.start_demand)
    world = start_world = ZERO
    for i in range(units):
        world += f.unit_orders[i]
        start_world += p.providers.start_fleet[i]
    for i in range(units):
        mean_q, start, race = choose_classes(p, month, s, f, i, share, q), p.providers.start_fleet[i], ZERO
        if start > ZERO:
            own = greater(f.unit_orders[i], TINY)
            lead = (world - own) / own * start / greater(start_world - start, TINY)
            race = clip(z.arms_race * np.log2(greater(lead, np.float32(1e-6))), ZERO, np.log2(z.arms_race_max))
        mood = blend(s.reversal, ONE, p.shocks.reversal_capex * (ONE - p.providers.leverage[i]))
        appetite = np.exp2(z.q_exponent * np.log2(greater(mean_q, z.q_min)) + race + growth)
        for c in range(classes):
            s.spending[i, c] = p.providers.budget[i] * s.alive[i] * mood * appetite * share[c]
