"""The coupled clearing (docs/model.md, section 5)."""

import jax
import jax.numpy as jnp
import numpy as np
from parameters import PUBLIC, TINY, by_region


def smooth_positive(t, width):
    u = jnp.clip(t + width, 0, 2 * width)
    return u * u / (4 * width) + jnp.maximum(t - width, 0), u / (2 * width)


def fleet_response(p, cost, power, dispersion):
    kink = p.solver.kink
    low = cost * (1 - dispersion)
    margin, margin_slope = smooth_positive(1 - low, kink)
    spread = cost * (2 * dispersion)
    inverse = 1 / (power + spread)
    wish = margin * inverse
    over, cap_slope = smooth_positive(wish - 1, kink)
    per_wish = (1 - cap_slope) * inverse
    return wish - over, per_wish * (margin_slope * low + spread * wish), per_wish * wish * power


def demand_at(p, s, log2_price):
    level = p.demand.efficiency_exponent * s["efficiency"] + s["demand"]
    return jnp.exp2(level - p.demand.elasticity * log2_price)


def serve_own_segments(p, s, capacity, offer):
    """Unit after unit, as each finds what the one before has left open."""
    v = p.providers
    open_share, public_share, public_cost = jnp.ones(p.size.segments), jnp.zeros(p.size.segments), jnp.zeros(p.size.segments)
    reserved = jnp.zeros_like(capacity)
    need_at_price = demand_at(p, s, s["segment_price"])
    for i in np.flatnonzero(v.reserved_share > 0):
        serves = v.serves[i] > 0
        total_need = jnp.sum(jnp.where(serves, need_at_price * open_share, 0))
        own = jnp.sum(capacity[i])
        average_cost = jnp.sum(capacity[i] * offer[i]) / jnp.maximum(own, TINY)
        served = jnp.minimum(own * v.reserved_share[i] / jnp.maximum(total_need, TINY), 0.95)
        portion = jnp.where(serves, open_share * served, 0)
        open_share = open_share - portion
        if v.kind[i] == PUBLIC:
            public_share, public_cost = public_share + portion, public_cost + portion * average_cost
        used = jnp.minimum(served * total_need / jnp.maximum(own, TINY), 1)
        reserved = reserved.at[i].set(capacity[i] * used)
    return capacity - reserved, reserved, open_share, public_share, public_cost


def evaluate(p, markets, log2_price):
    """Demand, supply and their responses at log2 prices [R, C]."""
    d = p.demand
    active = markets["active"]
    cheapest = jnp.min(jnp.where(active, log2_price, 1e6))
    cheapest = jnp.where(cheapest < 1e6, cheapest, 0)
    pull = jnp.where(active, jnp.exp2(d.sigma * (cheapest - log2_price)), 0)
    weight = d.weight.reshape(p.size.segments, p.size.regions, p.size.classes)
    part = jnp.sum(weight * pull, axis=2)  # [S, R]
    reached = jnp.sum(part, 1)
    total = jnp.maximum(reached, 1e-30)
    quantity = jnp.where(reached > 1e-30, 1, 0) * jnp.exp2(d.index_exponent * jnp.log2(total) + markets["level"] - d.elasticity * cheapest)
    switching = d.sigma_less_elasticity * quantity / total
    between = jnp.einsum("s,sr,sk->rk", switching, part, part)
    bought = jnp.tensordot(quantity, weight, axes=1)
    own = jnp.tensordot(switching, weight * weight, axes=1)
    demand = bought * pull
    elasticity = d.sigma - pull * own / jnp.maximum(bought, 1e-30)
    between = between / jnp.maximum(jnp.sum(demand, 1), 1e-20)[:, None]
    inverse_demand = 1 / jnp.maximum(demand, 1e-20)
    inverse_power = inverse_demand / elasticity
    capacity = markets["capacity"]
    share, price_part, demand_part = respond(p, markets, log2_price, inverse_power)
    supply, price_part, demand_part = (by_region(p, capacity * x) for x in (share, price_part, demand_part))
    lever = (supply - demand_part) * inverse_demand
    return dict(residual=supply * inverse_demand - 1, slope=lever * elasticity + price_part * inverse_demand, lever=lever,
                weight=demand, pull=between, inverse_power=inverse_power, log2_index=cheapest - d.inverse_sigma * jnp.log2(total))


def respond(p, markets, log2_price, inverse_power):
    cost = markets["offer"] * jnp.exp2(-log2_price)[p.region_of]
    power = markets["theta"][:, None] * markets["capacity"] * inverse_power[p.region_of]
    return fleet_response(p, cost, power, p.providers.dispersion[:, None])


def solve_groups(h, b):
    """(I - H) y = b, an M-matrix: no pivoting."""
    count = b.shape[0]
    h = [[h[i, j] for j in range(count)] for i in range(count)]
    b, inverse = [b[i] for i in range(count)], [None] * count
    for k in range(count):
        inverse[k] = 1 / jnp.maximum(1 - h[k][k], 1e-3)
        for i in range(k + 1, count):
            factor = h[i][k] * inverse[k]
            for j in range(k + 1, count):
                h[i][j] = h[i][j] + factor * h[k][j]
            b[i] = b[i] + factor * b[k]
    for k in reversed(range(count)):
        b[k] = (b[k] + sum(h[k][j] * b[j] for j in range(k + 1, count))) * inverse[k]
    return jnp.stack(b)


def newton_step(r):
    v = r["weight"] / jnp.maximum(jnp.sum(r["weight"], 1), 1e-20)[:, None]
    diagonal = r["slope"] + r["lever"] * jnp.diagonal(r["pull"])[:, None] * v
    inverse = 1 / jnp.maximum(diagonal, 0.05)
    step, share = -r["residual"] * inverse, r["lever"] * inverse
    mean, gain = jnp.sum(v * step, 1), jnp.sum(v * share, 1)
    mean = solve_groups(gain[:, None] * r["pull"], mean)
    return step + share * (r["pull"] @ mean)[:, None]


def clear_rental_markets(p, markets, log2_price):
    """Newton until this path is solved; under vmap, until all are, those that are done standing still."""
    tolerance, limit, bound = p.solver.tolerance, p.solver.newton_limit, 20.0

    def body(at):
        price, iteration, _, _ = at
        r = evaluate(p, markets, price)
        still = ~markets["active"]
        r["residual"], r["lever"] = jnp.where(still, 0, r["residual"]), jnp.where(still, 0, r["lever"])
        size = jnp.abs(r["residual"])
        residual = jnp.max(jnp.where(size < 1e30, size, 1e30))
        damping = jnp.where((iteration >= 8) & (iteration % 2 == 1), 0.5, 1.0)
        step = jnp.clip(newton_step(r) * damping * 1.4426950408889634, -1.5, 1.5)
        solved = residual < tolerance
        price = jnp.where(solved, price, jnp.clip(price + step, -bound, bound))
        kept = {name: r[name] for name in ("weight", "inverse_power", "log2_index")}
        return price, iteration + jnp.where(solved, 0, 1), residual, kept

    def unsolved(at):
        return (at[2] >= tolerance) & (at[1] <= limit)

    shape = log2_price.shape
    kept = dict(weight=jnp.zeros(shape), inverse_power=jnp.zeros(shape), log2_index=jnp.zeros(p.size.segments))
    return jax.lax.while_loop(unsolved, body, (log2_price, 0, jnp.float32(1e30), kept))
