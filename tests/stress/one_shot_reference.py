"""Equilibria of one-shot markets, found in another way than the program's: best responses of one market after the other,
each by bracketing, say who is idle, full or in between; the conditions of just that case are then solved as equations in
quantities and prices by MINPACK (scipy), and what comes out is checked against all conditions. Shares no code with the
program, nor its positions, logarithms or Jacobian.

A market is a dict as in its file: markets, segments, firms (docs/market-files.md)."""

import math

from scipy.optimize import brentq, fsolve

FEASIBLE = 1e-9  # by how much a condition of an answer may be missed, relative


class Firm:
    def __init__(self, entry):
        self.fixed = entry.get("quantity")
        self.market = entry.get("market", "market")
        self.cost = entry.get("cost", 0.0)
        self.slope = entry.get("slope", 0.0)
        self.scale = entry.get("capacity_scale", 1.0)
        self.power = 1 / entry.get("beta", 1.0)
        self.capacity = entry.get("capacity", math.inf)
        self.count = entry.get("count", 1)
        self.theta = entry.get("conduct", 1.0) / entry.get("count", 1)
        spread = entry.get("dispersion", 0.0)
        if spread:
            self.slope, self.scale, self.power = 2 * spread * self.cost, self.capacity, 1.0
            self.cost *= 1 - spread
        self.is_flat = self.fixed is None and self.theta == 0 and self.slope == 0

    def marginal_cost(self, quantity):
        return self.cost + (self.slope * (quantity / self.scale) ** self.power if self.slope and quantity > 0 else 0)

    def gain(self, quantity, price, demand, elasticity, left=1.0):
        """Marginal revenue less marginal cost; `left` is the part of its conduct that a ceiling leaves it."""
        return price * (1 - left * self.theta * quantity / (elasticity * demand)) - self.marginal_cost(quantity)

    def best(self, price, demand, elasticity, left=1.0):
        """Best output of a firm that is not flat."""
        if self.fixed is not None:
            return self.fixed
        if price <= self.cost or self.capacity == 0:
            return 0.0
        most = self.capacity
        if left * self.theta > 0:
            most = min(most, (price - self.cost) / price * elasticity * demand / (left * self.theta))
        if not self.slope:
            return most
        most = min(most, self.scale * ((price - self.cost) / self.slope) ** (1 / self.power))
        if self.gain(most, price, demand, elasticity, left) >= 0:
            return most
        return brentq(lambda q: self.gain(q, price, demand, elasticity, left), 0, most, xtol=1e-300, rtol=1e-14)


def may_buy(segment, name):
    return (segment.get("market", name) == name and segment.get("weight", {}).get(name, 1) > 0
            and segment.get("trade_cost", {}).get(name, 1) != "barred")


class Reference:
    """Of the markets that somebody may buy in, and their firms."""

    def __init__(self, spec):
        markets = [market for market in spec["markets"] if any(may_buy(s, market["name"]) for s in spec["segments"])]
        self.names = [market["name"] for market in markets]
        self.ceiling = [market.get("price_ceiling", math.inf) for market in markets]
        self.firms = [Firm(entry) for entry in spec["firms"] if entry["market"] in self.names]
        self.sellers = [[f for f in self.firms if f.market == name] for name in self.names]
        self.segments = spec["segments"]
        self.reach = [self.weights(segment) for segment in self.segments]

    def weights(self, segment):
        if segment.get("form") == "linear":
            return {self.names.index(segment.get("market", self.names[0])): 1.0}
        weights = {}
        for m, name in enumerate(self.names):
            cost = segment.get("trade_cost", {}).get(name, 1.0)
            if may_buy(segment, name):
                weights[m] = math.log(segment.get("weight", {}).get(name, 1.0)) - segment.get("sigma", 1.0) * math.log(cost)
        top = max(weights.values())
        total = top + math.log(sum(math.exp(w - top) for w in weights.values()))
        return {m: w - total for m, w in weights.items()}

    def demand(self, prices):
        """Demand and own elasticity of every market, at the prices that buyers reckon with."""
        demand, slope = [0.0] * len(prices), [0.0] * len(prices)
        for segment, reach in zip(self.segments, self.reach):
            if segment.get("form") == "linear":
                (m,) = reach
                demand[m] += (segment["intercept"] - prices[m]) / segment["slope"]
                slope[m] += prices[m] / segment["slope"]
                continue
            eps, sigma = segment["elasticity"], segment.get("sigma", segment["elasticity"] + 1)
            terms = {m: w - sigma * math.log(prices[m]) for m, w in reach.items()}
            top = max(terms.values())
            log_sum = top + math.log(sum(math.exp(t - top) for t in terms.values()))
            base = segment.get("price", 1.0)
            total = segment["quantity"] * math.exp(eps * (log_sum / sigma + math.log(base)))
            for m, term in terms.items():
                share = math.exp(term - log_sum)
                demand[m] += total * share
                slope[m] += total * share * (sigma - (sigma - eps) * share)
        return demand, [s / d if d > 0 else 1.0 for s, d in zip(slope, demand)]

    # one market, prices of the others given

    def excess(self, m, price, prices, flat, left=1.0):
        """Supply less demand, relative; `flat` says which price-takers of constant cost sell."""
        at = list(prices)
        at[m] = price
        demand, elasticity = self.demand(at)
        seller_price = min(price, self.ceiling[m])
        supply = sum(f.capacity if flat(f.cost) else 0 for f in self.sellers[m] if f.is_flat)
        supply += sum(f.best(seller_price, demand[m], elasticity[m], left) for f in self.sellers[m] if not f.is_flat)
        return supply / demand[m] - 1

    def choke(self, m):
        for segment, reach in zip(self.segments, self.reach):
            if segment.get("form") == "linear" and m in reach:
                return segment["intercept"]
        return math.inf

    def clear_one(self, m, prices):
        """State of one market: ("free", price), ("pinned", cost), ("capped", left) or ("rationed", shadow price)."""
        ceiling, choke = self.ceiling[m], self.choke(m)
        costs = sorted({f.cost for f in self.sellers[m] if f.is_flat and f.capacity > 0 and f.cost <= ceiling})
        if ceiling < choke and self.excess(m, ceiling, prices, lambda c: c <= ceiling) < 0:
            return self.clear_at_ceiling(m, prices)
        low = None
        for cost in [c for c in costs if c < choke]:
            if self.excess(m, cost, prices, lambda c: c < cost) >= 0:
                break
            if self.excess(m, cost, prices, lambda c: c <= cost) >= 0:
                return "pinned", cost
            low = cost

        def gap(log_price):
            return self.excess(m, math.exp(log_price), prices, lambda c: low is not None and c <= low)

        top = min(ceiling, choke * (1 - 1e-15))
        least = min([f.cost for f in self.sellers[m] if f.fixed is None and f.cost > 0] + [1.0, top / 2])
        begin = math.log(low if low else least)
        width = 0.1
        while low is None and gap(begin) > 0:
            begin -= width
            width *= 2
            if begin < -300:
                return None
        end, width = begin, 0.1
        while gap(end) < 0:
            end = min(end + width, math.log(top)) if top < math.inf else end + width
            width *= 2
            if end > 300 or (top < math.inf and end >= math.log(top) and gap(end) < 0):
                return None
        if end == begin:
            return "free", math.exp(end)
        return "free", math.exp(brentq(gap, begin, end, xtol=1e-15, rtol=1e-15))

    def clear_at_ceiling(self, m, prices):
        ceiling = self.ceiling[m]

        def at(log_left):
            return self.excess(m, ceiling, prices, lambda c: c <= ceiling, math.exp(log_left))

        if at(-60) > 0:
            return "capped", math.exp(brentq(at, -60, 0, xtol=1e-15, rtol=1e-15))
        willing = sum(f.capacity for f in self.sellers[m] if f.is_flat and f.cost <= ceiling)
        willing += sum(f.best(ceiling, 1.0, 1.0, 1e-30) for f in self.sellers[m] if not f.is_flat)
        if willing <= 0:
            return None

        def gap(log_price):
            other = list(prices)
            other[m] = math.exp(log_price)
            return willing / self.demand(other)[0][m] - 1

        end = math.log(ceiling)
        while gap(end) < 0:
            end += 1
            if self.choke(m) < math.inf:
                end = math.log(self.choke(m) * (1 - 1e-14))
                break
        return "rationed", math.exp(brentq(gap, math.log(ceiling), end, xtol=1e-15, rtol=1e-15))

    @staticmethod
    def buyers_price(state, ceiling):
        return {"free": state[1], "pinned": state[1], "rationed": state[1], "capped": ceiling}[state[0]]

    # all markets at once, for one case of who is idle, full or in between

    def sellers_price(self, m, state, price):
        return self.ceiling[m] if state[0] in ("capped", "rationed") else price

    def case_of(self, states, prices):
        demand, elasticity = self.demand(prices)
        case = []
        for f in self.firms:
            m = self.names.index(f.market)
            price = self.sellers_price(m, states[m], prices[m])
            left = {"capped": states[m][1], "rationed": 0.0}.get(states[m][0], 1.0)
            if f.fixed is not None:
                case.append("fixed")
            elif f.is_flat:
                pinned = states[m][0] == "pinned" and f.cost == states[m][1]
                case.append("marginal" if pinned else "full" if f.cost <= price else "idle")
            else:
                best = f.best(price, demand[m], elasticity[m], max(left, 1e-30))
                case.append("idle" if best <= 0 else "full" if best >= f.capacity * (1 - 1e-13) else "inner")
        return case

    def polish(self, states, prices):
        """Solves the equations of the case; returns (prices, quantities) if all conditions hold, else None."""
        case = self.case_of(states, prices)
        demand, elasticity = self.demand(prices)
        index = {f: k for k, f in enumerate(self.firms)}
        inner = [f for f, word in zip(self.firms, case) if word == "inner"]
        start = []
        for m, state in enumerate(states):
            held = sum(self.quantity_at(f, case[index[f]], states, prices, demand, elasticity) for f in self.sellers[m])
            start.append((demand[m] - held) / demand[m] if state[0] == "pinned" else math.log(state[1]))
        size = list(demand)
        start += [self.quantity_at(f, "inner", states, prices, demand, elasticity) / size[self.names.index(f.market)]
                  for f in inner]

        def unpack(x):
            now, left, filled = [], [], []
            for m, state in enumerate(states):
                value = x[m]
                held = {"pinned": state[1], "capped": self.ceiling[m]}
                now.append(held[state[0]] if state[0] in held else math.exp(value))
                left.append(math.exp(value) if state[0] == "capped" else 0.0 if state[0] == "rationed" else 1.0)
                filled.append(value * size[m] if state[0] == "pinned" else 0.0)
            output = {f: x[len(states) + k] * size[self.names.index(f.market)] for k, f in enumerate(inner)}
            return now, left, filled, output

        def outputs(m, filled, output):
            capacity = sum(f.capacity for f in self.sellers[m] if case[index[f]] == "marginal")
            return [f.fixed if case[index[f]] == "fixed" else f.capacity if case[index[f]] == "full"
                    else 0.0 if case[index[f]] == "idle" else filled[m] * f.capacity / capacity
                    if case[index[f]] == "marginal" else output[f] for f in self.sellers[m]]

        def equations(x):
            now, left, filled, output = unpack(x)
            d, e = self.demand(now)
            rows = [sum(outputs(m, filled, output)) / d[m] - 1 for m in range(len(states))]
            for f in inner:
                m = self.names.index(f.market)
                price = self.sellers_price(m, states[m], now[m])
                rows.append(f.gain(max(output[f], 0.0), price, d[m], e[m], left[m]) / price)
            return rows

        try:
            x, _, status, _ = fsolve(equations, start, xtol=1e-14, full_output=True)
            if max(map(abs, equations(x))) > 1e-11:
                return None
            now, left, filled, output = unpack(x)
            quantities = {f: q for m in range(len(states)) for f, q in zip(self.sellers[m], outputs(m, filled, output))}
        except (OverflowError, ValueError, ZeroDivisionError):
            return None
        all_quantities = [quantities[f] for f in self.firms]
        posted = [self.sellers_price(m, states[m], now[m]) for m in range(len(states))]
        self.reckoned = now  # by buyers
        return (posted, all_quantities) if not self.misfits(posted, now, left, all_quantities) else None

    def quantity_at(self, f, word, states, prices, demand, elasticity):
        m = self.names.index(f.market)
        if word == "marginal" or word == "idle":
            return 0.0
        if word in ("fixed", "full"):
            return f.fixed if word == "fixed" else f.capacity
        left = {"capped": states[m][1], "rationed": 1e-30}.get(states[m][0], 1.0)
        return f.best(self.sellers_price(m, states[m], prices[m]), demand[m], elasticity[m], left)

    def misfits(self, posted, reckoned, left, quantities):
        """What of an answer is no equilibrium, in words: the conditions in full, whatever case it came from."""
        faults = []
        demand, elasticity = self.demand(reckoned)
        for m, name in enumerate(self.names):
            supply = sum(q for f, q in zip(self.firms, quantities) if f.market == name)
            if abs(supply / demand[m] - 1) > FEASIBLE:
                faults.append(f"{name}: supply {supply!r} for a demand of {demand[m]!r}")
            is_below = posted[m] <= self.ceiling[m] * (1 + 1e-15) and reckoned[m] >= posted[m] * (1 - FEASIBLE)
            if not is_below or not 0 <= left[m] <= 1:
                faults.append(f"{name}: price {posted[m]!r}, {reckoned[m]!r} to buyers, conduct {left[m]!r}")
        for f, q in zip(self.firms, quantities):
            m = self.names.index(f.market)
            if f.fixed is not None:
                continue
            gain = f.gain(q, posted[m], demand[m], elasticity[m], left[m]) / posted[m]
            tight = FEASIBLE * (1 + q * f.slope / posted[m])
            is_full = q >= f.capacity * (1 - 1e-12)
            good = abs(gain) <= tight or (q <= 0 and gain <= tight) or (is_full and gain >= -tight)
            if not good or q < 0 or q > f.capacity * (1 + FEASIBLE):
                faults.append(f"a firm of {f.market} sells {q!r} of {f.capacity!r} where the next unit gains {gain!r}")
        return faults

    def solve(self, rounds=40):
        """(prices, quantities), or None where nothing was found."""
        prices = []
        for m in range(len(self.names)):
            costs = [f.cost for f in self.sellers[m] if f.fixed is None and f.cost > 0] or [1.0]
            prices.append(min(1.3 * sorted(costs)[len(costs) // 2], self.choke(m) * 0.9, self.ceiling[m]))
        states = [None] * len(prices)
        for turn in range(rounds):
            for m in range(len(prices)):
                try:
                    state = self.clear_one(m, prices)
                except (ValueError, OverflowError, ZeroDivisionError):
                    state = None
                if state is None:
                    return None
                states[m] = state
                prices[m] = self.buyers_price(state, self.ceiling[m])
            if turn in (0, 2, 5, 10, 20) or turn == rounds - 1:
                answer = self.polish(list(states), list(prices))
                if answer:
                    return answer
        return None
