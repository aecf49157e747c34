"""The coupled clearing of the rental markets (docs/model.md, 5a to 5d)."""

import math
from dataclasses import dataclass

from chips import delivered_multiple, power_used
from shocks import electricity, power_in_force
from solver import solve, worst
from tables import HOURS, Unit

MOST_SERVED = 0.95
LEAST_WEIGHT = 1e-12
LEAST_DEMAND = 1e-6  # of the capacity
LEAST_PULL = 1e-30  # of the cheapest market: keeps a price for a segment that reaches no capacity


@dataclass
class Offer:
    """What a unit brings to a market."""

    unit: Unit
    running_cost: float
    cost: float
    theta: float
    capacity: float  # kH100e that may be rented
    own: float = 0.0  # of it, used for own service
    sold: float = 0.0


def running_cost(s, state, unit, c):
    """(5.1)"""
    chip = s.chips[c]
    return electricity(s, state, unit.region) * chip.power / chip.performance + unit.operations


def capital_cost(s, state, t, unit, c):
    """USD per H100e-hour at today's chip price"""
    return s.chips[c].capital_per_hour * state.chip_prices[c] * delivered_multiple(s, state, t, unit, c)


def powered_share(s, state, region):
    """Share of a region's fleet that its power lets run, of (5.3)"""
    used = power_used(s, state, region)
    return min(1.0, power_in_force(s, state, region) / used) if used > 0 else 1.0


def make_offer(s, state, t, unit, c, powered):
    """(5.1) to (5.3)"""
    region, fleet = s.regions[unit.region], state.fleets[unit.name]
    war = 1 if state.war[unit.region] else 0
    running = running_cost(s, state, unit, c)
    capital = 0.0 if unit.kind == "community" else region.capital_share[war] * capital_cost(s, state, t, unit, c)
    return Offer(
        unit=unit, running_cost=running, cost=running + capital,
        theta=region.conduct[war] * unit.conduct_weight / unit.firms,
        capacity=s.chips[c].performance * fleet.installed(c) * (1.0 - unit.vacancy) * powered)


def make_offers(s, state, t):
    """@returns offers by market (region, class)"""
    powered = {r: powered_share(s, state, r) for r in s.regions}
    return {(r, c): [make_offer(s, state, t, u, c, powered[r]) for u in s.units_in(r) if state.fleets[u.name].active]
            for r in s.regions for c in s.chips}


def armington_weights(s):
    """(5.6): segment -> market -> a"""
    weights = {}
    for name, segment in s.segments.items():
        raw = {}
        for r in s.regions:
            cost = segment.trade_cost.get(r, 1.0 if r == segment.home else "barred")
            for c in s.chips:
                taste = segment.taste.get(c, 1.0)
                raw[r, c] = 0.0 if cost == "barred" else (taste / cost) ** s.sigma
        total = sum(raw.values())
        weights[name] = {m: a / total if a / total >= LEAST_WEIGHT else 0.0 for m, a in raw.items()}
    return weights


def demand_at(s, state, name, price):
    """Q_s (5.7), kH100e"""
    segment = s.segments[name]
    gain = 2.0 ** (state.efficiency_log2 * (segment.elasticity - 1.0))
    return 2.0 ** state.demand_log2[name] * price ** -segment.elasticity * gain


class Demand:
    """(5.5) to (5.9) at given prices of the markets that have capacity."""

    def __init__(self, s, state, weights, prices, left_open):
        self.s, self.prices = s, prices
        self.beta, self.price, self.quantity, self.open_quantity = {}, {}, {}, {}
        x = {m: p ** -s.sigma for m, p in prices.items()}
        least = LEAST_PULL * max(x.values(), default=1.0)
        for name in s.segments:
            pull = {m: weights[name][m] * x[m] for m in prices}
            total = max(sum(pull.values()), least)
            self.beta[name] = {m: part / total for m, part in pull.items()}
            self.price[name] = total ** (-1.0 / s.sigma)
            self.quantity[name] = demand_at(s, state, name, self.price[name])
            self.open_quantity[name] = left_open[name] * self.quantity[name]

    def of(self, m):
        """@returns demand in a market (5.8) and its own elasticity (5.9)"""
        parts = {name: q * self.beta[name][m] for name, q in self.open_quantity.items()}
        total = sum(parts.values())
        if total <= 0:
            return 0.0, self.s.sigma
        lost = sum(part * (self.s.sigma - self.s.segments[name].elasticity) * self.beta[name][m]
                   for name, part in parts.items())
        return total, self.s.sigma - lost / total


def rounded(z, h):
    """phi_h (5.12)"""
    if z <= -h:
        return 0.0
    return z if z >= h else (z + h) ** 2 / (4.0 * h)


def supply(offer, price, demand, elasticity, kink, conduct_kept=1.0):
    """(5.11), kH100e; with the share of its conduct that the seller keeps at a ceiling"""
    free = offer.capacity - offer.own
    if free <= 0:
        return 0.0
    cost, spread = offer.cost / price, offer.unit.dispersion
    pressure = conduct_kept * offer.theta * free / (elasticity * demand)
    wish = rounded(1.0 - cost * (1.0 - spread), kink) / (pressure + 2.0 * spread * cost)
    return free * (wish - rounded(wish - 1.0, kink))


def offered_at_most(offers, ceiling, kink):
    """Capacity that some price brings onto the market: under a ceiling, what price takers offer there."""
    if ceiling == math.inf:
        return sum(o.capacity - o.own for o in offers)
    return sum(supply(o, ceiling, 1.0, 1.0, kink, conduct_kept=0.0) for o in offers)


def balanced_demand(month, m, demand):
    """What a market is balanced with (5.5): no less than a millionth of what it may have to offer."""
    return max(demand, LEAST_DEMAND * month.offered[m])


def own_service(s, state, offers):
    """(5.4), at last month's prices. @returns share of each segment left open, and who served how much of it"""
    left_open = {name: 1.0 for name in s.segments}
    served = {name: {} for name in s.segments}
    demand = {name: demand_at(s, state, name, price) for name, price in state.segment_prices.items()}
    for u in s.units:
        mine = [o for m in offers for o in offers[m] if o.unit is u]
        wanted = sum(left_open[name] * demand[name] for name in u.serves)
        capacity = sum(o.capacity for o in mine)
        if wanted <= 0 or capacity <= 0:
            continue
        share = min(MOST_SERVED, u.reserved * capacity / wanted)
        for name in u.serves:
            served[name][u.name] = share * left_open[name]
            left_open[name] *= 1.0 - share
        for offer in mine:
            offer.own = offer.capacity * share * wanted / capacity
    return left_open, served


@dataclass
class Place:
    """Where a market stands (5.14a): `x` is the logarithm of its price up to its ceiling; over the next 1 sellers give up their
    conduct; beyond it is 1 more than that of the shadow price."""

    x: float
    ceiling: float  # logarithm

    @property
    def paid(self):
        return math.exp(min(self.x, self.ceiling))

    @property
    def shadow(self):
        return math.exp(self.x - min(max(self.x - self.ceiling, 0.0), 1.0))

    @property
    def conduct_kept(self):
        return 1.0 - min(max(self.x - self.ceiling, 0.0), 1.0)

    @property
    def is_short(self):
        return self.x > self.ceiling + 1.0


def clear_rental(s, state, t, month, weights):
    """(5.14): sets prices and what every offer sells."""
    month.offers = make_offers(s, state, t)
    month.left_open, month.served = own_service(s, state, month.offers)
    month.offered = {m: offered_at_most(offers, s.level(m[0], "price_ceiling_usd", t), s.kink)
                     for m, offers in month.offers.items()}
    markets = [m for m, offered in month.offered.items() if offered > s.empty_capacity
               and any(of_segment[m] > 0 for of_segment in weights.values())]
    for r, c in state.prices:
        state.prices[r, c] = min(state.prices[r, c], s.level(r, "price_ceiling_usd", t))
    ceiling = [math.log(s.level(r, "price_ceiling_usd", t)) for r, _ in markets]

    def places(scale):
        return {m: Place(x, top) for m, x, top in zip(markets, scale, ceiling)}

    def excess(scale):
        at = places(scale)
        demand = Demand(s, state, weights, {m: place.shadow for m, place in at.items()}, month.left_open)
        out = []
        for m in markets:
            wanted, e = demand.of(m)
            d = balanced_demand(month, m, wanted)
            sold = sum(supply(o, at[m].paid, d, e, s.kink, at[m].conduct_kept) for o in month.offers[m])
            out.append(sold / d - 1.0)
        return out

    solution = solve(excess, [math.log(state.prices[m]) for m in markets])
    month.residual = worst(excess(solution))
    month.places = places(solution)
    month.prices = {m: place.paid for m, place in month.places.items()}
    month.rationed = [m for m, place in month.places.items() if place.is_short]
    state.prices.update(month.prices)
    settle(s, state, t, month, weights)


def settle(s, state, t, month, weights):
    """5.6: quantities, revenue and what segments pay."""
    month.demand = Demand(s, state, weights, {m: place.shadow for m, place in month.places.items()}, month.left_open)
    state.segment_prices = {name: paid_index(month, name) for name in s.segments}
    month.quantity = {name: demand_at(s, state, name, price) for name, price in state.segment_prices.items()}
    wishes = Demand(s, state, weights, month.prices, month.left_open)
    month.market_demand = {m: wishes.of(m)[0] for m in month.prices}
    for m, place in month.places.items():
        wanted, e = month.demand.of(m)
        d = balanced_demand(month, m, wanted)
        for offer in month.offers[m]:
            offer.sold = supply(offer, place.paid, d, e, s.kink, place.conduct_kept) * wanted / d
    month.revenue = {u.name: 0.0 for u in s.units}
    own_price = {u.name: mean_cost(month, u) for u in s.units}
    for m, offers in month.offers.items():
        for o in offers:
            price = state.prices[m]
            own = own_price[o.unit.name] if o.unit.kind == "public" else price
            month.revenue[o.unit.name] += 1e-3 * HOURS * (price * o.sold + own * o.own)
    month.compute_price = {name: segment_price(s, state, month, name, own_price) for name in s.segments}
    month.fleet = {(u.name, c): chip.performance * state.fleets[u.name].installed(c)
                   for u in s.units for c, chip in s.chips.items()}
    month.utilisation = {r: utilisation(s, month, [r]) for r in s.regions}


def paid_index(month, name):
    """(5.14b): the index of shadow prices by which a segment chooses, times what it pays of them"""
    share = {m: beta for m, beta in month.demand.beta[name].items() if beta > 0}
    total = sum(share.values())
    if total <= 0:
        return month.demand.price[name]
    paid = sum(beta * month.places[m].paid / month.places[m].shadow for m, beta in share.items())
    return month.demand.price[name] * paid / total


def mean_cost(month, unit):
    """Mean offer cost of a unit, weighted by capacity."""
    mine = [o for offers in month.offers.values() for o in offers if o.unit is unit]
    capacity = sum(o.capacity for o in mine)
    return sum(o.cost * o.capacity for o in mine) / capacity if capacity > 0 else 0.0


def segment_price(s, state, month, name, own_price):
    """Market price, with the part that public units serve at cost."""
    price, public = state.segment_prices[name], {}
    for u in s.units:
        if u.kind == "public" and u.name in month.served[name]:
            public[u.name] = month.served[name][u.name]
    return (1.0 - sum(public.values())) * price + sum(share * own_price[u] for u, share in public.items())


def utilisation(s, month, regions):
    """(5.19)"""
    used = sum(o.sold + o.own for (r, _), offers in month.offers.items() if r in regions for o in offers)
    fleet = sum(month.fleet[u.name, c] for u in s.units if u.region in regions for c in s.chips)
    return used / fleet if fleet > 0 else None
