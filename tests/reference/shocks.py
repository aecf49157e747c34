"""Shocks (docs/model.md, section 3)."""

import math

from tables import REGIMES

SQRT2 = math.sqrt(2.0)
LN2 = math.log(2.0)


def cholesky(matrix):
    n = len(matrix)
    lower = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = math.sqrt(rest) if i == j else rest / lower[j][j]
    return lower


def common_factors(s, draws, t):
    """(3.1): the factors of demand, efficiency, power and yield."""
    z = [draws.normal(source, t, 0) for source in ("demand", "efficiency", "power", "fab")]
    names = ("demand", "efficiency", "power", "yield")
    return {name: sum(a * b for a, b in zip(row, z)) for name, row in zip(names, cholesky(s.correlation))}


def shock_level(level, hazard, draws, source, t, number):
    """(3.6)"""
    if draws.frozen(source):
        return level
    decayed = level * hazard.persistence
    if draws.uniform(source, t, 2 * number) < hazard.chance:
        severity = hazard.least + (hazard.largest - hazard.least) * draws.uniform(source, t, 2 * number + 1)
        return max(decayed, severity)
    return decayed


def advance_sentiment(s, draws, t, state):
    """(3.2)"""
    if not draws.frozen("sentiment"):
        chance = s.to_boom if state.reversal else s.to_reversal
        if draws.uniform("sentiment", t, 0) < chance:
            state.reversal = not state.reversal


def advance_demand(s, draws, t, factors, state):
    """(3.3)"""
    for number, (name, segment) in enumerate(s.segments.items()):
        drift = s.reversal_drift / 12.0 if state.reversal else 0.0
        noise = 0.0
        if not draws.frozen("demand"):
            own = draws.normal("demand", t, 1 + number)
            noise = segment.volatility * (math.sqrt(segment.common_share) * factors["demand"]
                                          + math.sqrt(1.0 - segment.common_share) * own)
        state.demand_log2[name] += segment.growth(t - 1) + (drift + noise) / LN2


def advance_efficiency(s, draws, t, factors, state):
    """(3.4)"""
    state.efficiency_log2 += s.efficiency_growth(t - 1)
    if draws.frozen("efficiency"):
        return
    state.efficiency_log2 += s.efficiency_volatility * factors["efficiency"] / LN2
    if draws.uniform("efficiency", t, 1) < s.jump_chance:
        least, largest = s.jump_log2
        state.efficiency_log2 += least + (largest - least) * draws.uniform("efficiency", t, 2)


def advance_pools(s, draws, t, factors, state):
    """(3.5), and the hazards that stop pools (3.6)."""
    for number, (name, pool) in enumerate(s.pools.items()):
        state.pool_log2[name] += pool.growth(t - 1)
        if not draws.frozen("fab"):
            own = draws.normal("fab", t, 1 + number)
            state.pool_log2[name] += pool.volatility * (factors["yield"] + own) / (SQRT2 * LN2)
    for k, outage in enumerate(s.outages):
        state.outages[k] = shock_level(state.outages[k], outage.hazard, draws, "outage", t, k)


def pool_output(s, state, name):
    """(3.7)"""
    left = math.prod(1.0 - outage.exposure.get(name, 0.0) * level for outage, level in zip(s.outages, state.outages))
    return 2.0 ** state.pool_log2[name] * left


def advance_regimes(s, draws, t, state):
    """(3.8)"""
    state.regime_at_order = dict(state.regime)
    for x, export_class in enumerate(s.export_classes):
        for r, region in enumerate(s.regions):
            rule = s.rules.get((export_class, region))
            if rule is None:
                continue
            if not draws.frozen("export_regime"):
                row = rule.transition[state.regime[export_class, region]]
                state.regime[export_class, region] = next_state(row, draws.uniform("export_regime", t, 8 * x + r))
            if t in rule.schedule:
                state.regime[export_class, region] = rule.schedule[t]


def next_state(row, u):
    """The first regime, in the order of REGIMES, at which the cumulative probability exceeds u."""
    cumulative = 0.0
    for regime in REGIMES[:-1]:
        cumulative += row.get(regime, 0.0)
        if u < cumulative:
            return regime
    return REGIMES[-1]


def plan_power(s, name):
    """(3.10). @returns MW being built at the start, and orders by month"""
    region = s.regions[name]
    path = [region.power]
    for t in range(s.months):
        path.append(path[-1] * 2.0 ** region.power_growth(t))
    delay, queue = region.build_delay, region.power_in_build
    if queue is None:
        queue = (delay - 1.0) * (path[1] - path[0])
    start_queue = queue
    orders, power = [0.0], path[0]
    for t in range(1, s.months):
        order = max(0.0, delay * (path[t] - power) - queue)
        connected = (queue + order) / delay
        queue, power = queue + order - connected, power + connected
        orders.append(order)
    for policy in s.policies:
        if policy.key == "power_mw_added" and policy.region == name and s.months > 1:
            orders[max(policy.start, 1)] += policy.value
    return start_queue, orders


def advance_power(s, draws, t, factors, orders, state):
    """(3.9), after the shock of each grid (3.6)."""
    for number, (name, region) in enumerate(s.regions.items()):
        state.grid[name] = shock_level(state.grid[name], region.grid, draws, "grid_shock", t, number)
        halted = 1.0 - region.moratorium * state.grid[name]
        order = orders[name][t] * halted
        if not draws.frozen("power"):
            own = draws.normal("power", t, 1 + number)
            order *= 2.0 ** (region.power_volatility * (factors["power"] + own) / (SQRT2 * LN2))
        connected = (state.queue[name] + order) * halted / region.build_delay
        state.power[name] += connected
        state.queue[name] += order - connected


def advance_components(s, draws, t, state):
    for b, pool in enumerate(s.components):
        state.component_outages[b] = shock_level(state.component_outages[b], pool.hazard, draws, "component", t, b)


def advance_shocks(s, draws, t, orders, state):
    factors = common_factors(s, draws, t)
    advance_sentiment(s, draws, t, state)
    advance_demand(s, draws, t, factors, state)
    advance_efficiency(s, draws, t, factors, state)
    advance_pools(s, draws, t, factors, state)
    advance_regimes(s, draws, t, state)
    advance_power(s, draws, t, factors, orders, state)
    advance_components(s, draws, t, state)


def power_in_force(s, state, name):
    """(3.11), MW"""
    return state.power[name] * (1.0 - s.regions[name].cut * state.grid[name])


def electricity(s, state, name):
    """(3.11), USD per kWh"""
    return s.regions[name].electricity * (1.0 + s.regions[name].price_spike * state.grid[name])


def component_limit(s, state, b, t):
    """(3.12), MW that can be equipped in month t"""
    return s.components[b].capacity[t] * (1.0 - state.component_outages[b])
