"""The coupled clearing (docs/model.md, 5b to 5e)."""

import numpy as np
from compiled import ONE, TWO, ZERO, blend, clip, compiled, greater, lesser

FOUR, QUARTER, LARGE, HUGE = np.float32(4), np.float32(0.25), np.float32(1e6), np.float32(1e30)
LEAST_SUM, SUM_IN_RANGE = np.float32(1e-30), np.float32(1e-28)
LN_TO_LOG2 = np.float32(1.4426950408889634)


@compiled
def prepare(p, s, f):
    classes = f.capacity.shape[1]
    for k in range(f.level.shape[0]):
        f.level[k] = s.demand[k] + p.demand.efficiency_exponent[k] * s.efficiency + np.log2(f.open_share[k])
    for r in range(f.theta.shape[0]):
        f.theta[r] = blend(s.war[r], p.regions.conduct[r], p.regions.war_conduct[r])
        for c in range(classes):
            m, capacity = r * classes + c, ZERO
            for i in range(p.providers.first[r], p.providers.first[r + 1]):
                f.market_capacity[c, i], f.market_offer[c, i] = f.capacity[i, c], f.offer[i, c]
                capacity += f.capacity[i, c]
            f.active[m] = capacity > p.solver.empty_capacity and p.demand.has_buyers[m] != 0
            f.least_demand[m] = greater(capacity * np.float32(1e-6), np.float32(1e-20))


@compiled
def evaluate_demand(p, s, f):
    """(5.5) to (5.9), (5.17a); prices relative to the cheapest, as p^-sigma alone would leave the range of a float."""
    d = p.demand
    regions, classes = f.theta.shape[0], f.capacity.shape[1]
    markets = regions * classes
    x, bought, own, part = f.relative, f.bought, f.own, f.part
    bought[:], own[:] = ZERO, ZERO
    cheapest = LARGE
    for m in range(markets):
        if f.active[m]:
            cheapest = lesser(cheapest, s.log2_price[m])
    f.cheapest = ZERO if cheapest == LARGE else cheapest
    for m in range(markets):
        f.inverse_price[m] = np.exp2(-s.log2_price[m])
        x[m] = np.exp2(d.sigma * (f.cheapest - s.log2_price[m])) if f.active[m] else ZERO
    f.pull[:] = ZERO
    for k in range(f.level.shape[0]):
        total = ZERO
        for r in range(regions):
            reached = ZERO
            for c in range(classes):
                reached += d.weight[k, r * classes + c] * x[r * classes + c]
            part[r] = reached
            total += reached
        f.sum[k] = greater(total, LEAST_SUM)
        exponent = f.level[k] - d.elasticity[k] * f.cheapest + d.index_exponent[k] * np.log2(f.sum[k])
        f.quantity[k] = np.exp2(exponent) if total > ZERO else ZERO
        switching = d.sigma_less_elasticity[k] * f.quantity[k] / f.sum[k]
        for r in range(regions):
            for q in range(regions):
                f.pull[r, q] += switching * part[r] * part[q]
        for m in range(markets):
            bought[m] += d.weight[k, m] * f.quantity[k]
            own[m] += d.weight_squared[k, m] * switching
    for m in range(markets):
        f.demand[m] = bought[m] * x[m]
        f.elasticity[m] = greater(d.sigma - x[m] * own[m] / greater(bought[m], LEAST_SUM), d.least_elasticity)
    for r in range(regions):
        total = ZERO
        for c in range(classes):
            total += f.demand[r * classes + c]
        f.group[r] = greater(total, np.float32(1e-20))
        for q in range(regions):
            f.pull[r, q] /= f.group[r]


@compiled
def respond(p, i, capacity, offer, inverse_price, market_power):
    """(5.11), (5.13): share rented, and its responses to price and demand"""
    h = p.solver.kink
    cost, delta = offer * inverse_price, p.providers.dispersion[i]
    power = p.providers.conduct_weight[i] * market_power * capacity
    low, spread = cost * (ONE - delta), TWO * delta * cost
    u = clip(ONE - low + h, ZERO, TWO * h)
    margin, margin_slope = u * u / (FOUR * h) + greater(ONE - low - h, ZERO), u / (TWO * h)
    inverse = ONE / greater(power + spread, np.float32(1e-9))
    wish = lesser(margin * inverse, ONE + h)
    past = clip(wish - ONE + h, ZERO, TWO * h)
    per_wish = (ONE - past / (TWO * h)) * inverse
    over = past * past / (FOUR * h) + greater(wish - ONE - h, ZERO)
    return wish - over, per_wish * (margin_slope * low + spread * wish), per_wish * wish * power


@compiled
def evaluate(p, s, f):
    """Residuals (5.14), levers (5.15), slopes (5.16). @returns the largest residual (5.18b)"""
    evaluate_demand(p, s, f)
    classes, largest = f.capacity.shape[1], ZERO
    for m in range(f.price.shape[0]):
        r, c = m // classes, m % classes
        inverse_demand = ONE / greater(f.demand[m], f.least_demand[m])
        inverse_price, market_power = f.inverse_price[m], f.theta[r] * inverse_demand / f.elasticity[m]
        f.market_power[m] = market_power
        supply = price_part = demand_part = ZERO
        if p.regions.barred[r, c] == 0:
            for i in range(p.providers.first[r], p.providers.first[r + 1]):
                capacity = f.market_capacity[c, i]
                share, by_price, by_demand = respond(p, i, capacity, f.market_offer[c, i], inverse_price, market_power)
                supply += capacity * share
                price_part += capacity * by_price
                demand_part += capacity * by_demand
        f.residual[m] = supply * inverse_demand - ONE
        f.lever[m] = ZERO if f.demand[m] < f.least_demand[m] else (supply - demand_part) * inverse_demand
        f.slope[m] = f.lever[m] * f.elasticity[m] + price_part * inverse_demand
        if not f.active[m]:
            f.residual[m] = f.lever[m] = ZERO
            continue
        off = greater(abs(s.log2_price[m]) * QUARTER, ONE) * (p.solver.tolerance / np.float32(128))
        size = abs(f.residual[m]) - off * f.slope[m]
        largest = greater(largest, size if size < HUGE else HUGE)  # NaN counts as huge
    return largest


@compiled
def take_step(s, f):
    """(5.18): one equation a region, then a step a market"""
    regions, classes = f.theta.shape[0], f.capacity.shape[1]
    h, mean, step, share = f.step_matrix, f.mean, f.step, f.step_share
    for r in range(regions):
        gain = average = ZERO
        for m in range(r * classes, (r + 1) * classes):
            v = f.demand[m] / f.group[r]
            inverse = ONE / greater(f.slope[m] + f.lever[m] * f.pull[r, r] * v, np.float32(0.05))
            step[m], share[m] = -f.residual[m] * inverse, f.lever[m] * inverse
            average += v * step[m]
            gain += v * share[m]
        mean[r] = average
        for q in range(regions):
            h[r, q] = gain * f.pull[r, q]
    solve_regions(h, mean, f.inverse)
    damping = np.float32(0.5) if f.iterations >= 8 and f.iterations % 2 == 1 else ONE
    for m in range(regions * classes):
        common = ZERO
        for q in range(regions):
            common += f.pull[m // classes, q] * mean[q]
        move = clip((step[m] + share[m] * common) * damping * LN_TO_LOG2, np.float32(-1.5), np.float32(1.5))
        s.log2_price[m] = clip(s.log2_price[m] + move, np.float32(-20), np.float32(20))


@compiled
def solve_regions(h, b, inverse):
    """(I - h) y = b, an M-matrix: no pivot is needed. Leaves y in b."""
    count = b.shape[0]
    for k in range(count):
        inverse[k] = ONE / greater(ONE - h[k, k], np.float32(1e-3))
        for i in range(k + 1, count):
            factor = h[i, k] * inverse[k]
            for j in range(k + 1, count):
                h[i, j] += factor * h[k, j]
            b[i] += factor * b[k]
    for k in range(count - 1, -1, -1):
        for j in range(k + 1, count):
            b[k] += h[k, j] * b[j]
        b[k] *= inverse[k]


@compiled
def clear_markets(p, s, f):
    """Prices that clear, from last month's; quantities; the segments' prices."""
    prepare(p, s, f)
    f.iterations = 0
    while True:
        f.solved = evaluate(p, s, f) < p.solver.tolerance
        if f.solved != 0 or f.iterations == p.solver.newton_limit:
            break
        take_step(s, f)
        f.iterations += 1
    for k in range(f.level.shape[0]):
        if f.sum[k] <= SUM_IN_RANGE and f.quantity[k] >= LEAST_SUM:
            f.solved = 0
        s.segment_price[k] = f.cheapest - p.demand.inverse_sigma * np.log2(f.sum[k])
    classes = f.capacity.shape[1]
    for m in range(f.price.shape[0]):
        r, c = m // classes, m % classes
        f.price[m] = np.exp2(s.log2_price[m])
        wanted = lesser(f.demand[m] / f.least_demand[m], ONE) if f.active[m] else ZERO
        for i in range(p.providers.first[r], p.providers.first[r + 1]):
            share = ZERO
            if p.regions.barred[r, c] == 0:
                share = respond(p, i, f.capacity[i, c], f.offer[i, c], f.inverse_price[m], f.market_power[m])[0]
            f.rented[i, c] = share * f.capacity[i, c] * wanted
