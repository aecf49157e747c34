"""Demand, supply and a Newton step of the coupled clearing (docs/model.md, 5b to 5e). Each peer repeats them in its
own way."""

import numpy as np

LN_TO_LOG2 = np.float32(1.4426950408889634)
ZERO, ONE = np.float32(0), np.float32(1)


class Markets:
    """The markets (region, class) of a scenario, and market by market the fleets that can exist and supply them."""

    def __init__(self, p):
        z, v = p.size, p.providers
        self.p, self.xp, self.size = p, p.xp, z
        fleets = [
            (r, c, i)
            for r in range(z.regions)
            for c in range(z.classes)
            if not p.regions.barred[r, c, 0]
            for i in range(p.slices[r].start, p.slices[r].stop)
        ]
        self.market = np.array([r * z.classes + c for r, c, _ in fleets])
        self.unit, self.chip_class = np.array([i for _, _, i in fleets]), np.array([c for _, c, _ in fleets])
        self.supplies = (self.market == np.arange(z.regions * z.classes)[:, None]).astype(np.float32)  # [M, fleets]
        of = lambda array: array[self.unit]
        self.operations, self.capital_multiple = of(v.operations), of(v.capital_multiple)
        self.low, self.spread, self.conduct_weight = of(v.low_cost), of(v.cost_spread), of(v.conduct_weight)
        self.weight, self.weight_squared = p.demand.weight[..., 0], p.demand.weight_squared[..., 0]  # [S, M]

    def inputs(self, given):
        """What the clearing takes, as flat arrays."""
        paths = given["capacity"].shape[-1]
        flat = {name: given[name].reshape(-1, paths) for name in ("active", "least_demand", "level", "theta")}
        fleets = {name: given[name][self.unit, self.chip_class] for name in ("offer", "capacity")}
        return {**flat, **fleets, "conduct_capacity": fleets["capacity"] * self.conduct_weight}

    def to_fleets(self, of_markets):
        return of_markets[self.market]

    def sum_fleets(self, of_fleets):
        return self.supplies @ of_fleets

    def demand(self, a, log2_price):
        """(5.5) to (5.9), (5.17a); prices relative to the cheapest: p^-sigma alone would leave the range of a float."""
        xp, d, z = self.xp, self.p.demand, self.size
        cheapest = xp.where(a["active"], log2_price, np.float32(1e6)).min(0)
        cheapest = xp.where(cheapest < np.float32(1e6), cheapest, ZERO)
        inverse_price = xp.exp2(-log2_price)
        x = inverse_price * xp.exp2(cheapest)
        x = (x * x) * (x * x) * x if d.sigma == 5 else x**d.sigma
        x = xp.where(a["active"], x, ZERO)
        part = [self.weight[:, m : m + z.classes] @ x[m : m + z.classes] for m in range(0, len(x), z.classes)]
        reached = sum(part)
        total = xp.maximum(reached, np.float32(1e-30))
        quantity = xp.exp2(d.index_exponent * xp.log2(total) + a["level"] - d.elasticity * cheapest)
        quantity = xp.where(reached > 0, quantity, ZERO)
        switching = d.sigma_less_elasticity * quantity / total
        bought, own = self.weight.T @ quantity, self.weight_squared.T @ switching
        demand = bought * x
        elasticity = xp.maximum(d.sigma - x * own / xp.maximum(bought, np.float32(1e-30)), d.least_elasticity)
        group = xp.maximum(demand.reshape(z.regions, z.classes, -1).sum(1), np.float32(1e-20))
        part = xp.stack(part)
        pull = xp.stack([(switching * part[r] * part).sum(1) / group[r] for r in range(z.regions)])
        return dict(
            inverse_price=inverse_price,
            demand=demand,
            elasticity=elasticity,
            group=group,
            pull=pull,
            index=cheapest - d.inverse_sigma * xp.log2(total),
            in_range=((reached > np.float32(1e-28)) | (quantity < np.float32(1e-30))).all(0),
        )

    def respond(self, a, inverse_price, power):
        """(5.11), (5.13): shares of their capacity that fleets rent out, and their responses. In few passes over the
        fleets; NumPy takes the larger of two arrays much faster than that of an array and a number."""
        xp, h = self.xp, self.p.solver.kink
        row = lambda value: xp.full_like(power[:1], value)
        none, low_end, cap = row(0), row(2 * h), row(ONE + h)
        cost = a["offer"] * self.to_fleets(inverse_price)
        power = a["conduct_capacity"] * self.to_fleets(power)
        above = cap - self.low * cost  # the margin, counted from where its kink (5.12) begins
        bend = xp.minimum(xp.maximum(above, none), low_end)
        slope = bend * (1 / (2 * h))
        margin = slope * bend * np.float32(0.5) + xp.maximum(above - low_end, none)
        inverse = ONE / (power + self.spread * cost + np.float32(1e-9))
        wish = xp.minimum(margin * inverse, cap)
        past = xp.maximum(wish - (ONE - h), none)
        past_slope = past * (1 / (2 * h))
        share = wish - past_slope * past * np.float32(0.5)
        per_wish = (ONE - past_slope) * inverse
        return share, per_wish * cost * (slope * self.low + self.spread * wish), per_wish * wish * power

    def power(self, a, r):
        """1 / D, and theta / (e D)"""
        inverse_demand = ONE / self.xp.maximum(r["demand"], a["least_demand"])
        return inverse_demand, self.xp.repeat(a["theta"], self.size.classes, 0) * inverse_demand / r["elasticity"]

    def evaluate(self, a, log2_price):
        """Residuals (5.14), levers (5.15), slopes (5.16), and what remains of (5.18b)."""
        xp, r = self.xp, self.demand(a, log2_price)
        inverse_demand, power = self.power(a, r)
        share, price_part, demand_part = self.respond(a, r["inverse_price"], power)
        supply = self.sum_fleets(a["capacity"] * share)
        lever = (supply - self.sum_fleets(a["capacity"] * demand_part)) * inverse_demand
        lever = xp.where(r["demand"] < a["least_demand"], ZERO, lever)
        slope = lever * r["elasticity"] + self.sum_fleets(a["capacity"] * price_part) * inverse_demand
        residual = xp.where(a["active"], supply * inverse_demand - ONE, ZERO)
        off = xp.maximum(abs(log2_price) * np.float32(0.25), ONE) * (self.p.solver.tolerance / np.float32(128))
        size = xp.where(a["active"], abs(residual) - off * slope, ZERO)
        r.update(
            share=share,
            residual=residual,
            slope=slope,
            lever=xp.where(a["active"], lever, ZERO),
            solved=(size < self.p.solver.tolerance).all(0),
            wanted=xp.minimum(r["demand"] * inverse_demand, ONE),
        )
        return r

    def step(self, r, log2_price, damping):
        """Prices after (5.18)"""
        xp, z = self.xp, self.size
        group = lambda of_markets: of_markets.reshape(z.regions, z.classes, -1)
        v = group(r["demand"]) / r["group"][:, None]
        own_pull = xp.stack([r["pull"][k, k] for k in range(z.regions)])[:, None]
        inverse = ONE / xp.maximum(group(r["slope"]) + group(r["lever"]) * own_pull * v, np.float32(0.05))
        step, share = -group(r["residual"]) * inverse, group(r["lever"]) * inverse
        mean = solve_regions(xp, (v * share).sum(1)[:, None] * r["pull"], (v * step).sum(1))
        common = (r["pull"] * mean).sum(1)
        step = ((step + share * common[:, None]) * (damping * LN_TO_LOG2)).reshape(log2_price.shape)
        return xp.clip(log2_price + xp.clip(step, np.float32(-1.5), np.float32(1.5)), np.float32(-20), np.float32(20))


def damping(xp, iteration):
    return xp.where((iteration >= 8) & (iteration % 2 == 1), np.float32(0.5), ONE)


def solve_regions(xp, h, b):
    """(I - h) y = b, an M-matrix: no pivoting. [R, R, paths]"""
    count = len(b)
    rows, b, inverse = (
        [[h[i, j] for j in range(count)] for i in range(count)],
        [b[i] for i in range(count)],
        [None] * count,
    )
    for k in range(count):
        inverse[k] = ONE / xp.maximum(ONE - rows[k][k], np.float32(1e-3))
        for i in range(k + 1, count):
            factor = rows[i][k] * inverse[k]
            for j in range(k + 1, count):
                rows[i][j] = rows[i][j] + factor * rows[k][j]
            b[i] = b[i] + factor * b[k]
    for k in reversed(range(count)):
        for j in range(k + 1, count):
            b[k] = b[k] + rows[k][j] * b[j]
        b[k] = b[k] * inverse[k]
    return xp.stack(b)
