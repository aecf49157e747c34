"""Best replies by global scan, and with them all equilibria of a market alone, in the reference's own way
(one_shot_reference.py): over the firm's output, not the price, and by signs on a grid, not by enclosures.

What a firm supposes (docs/model.md, 5g): others' prices stay, the market's output moves by theta for each unit of its own,
and is never less than its own."""

import math

import numpy
from scipy.optimize import brentq, minimize_scalar

GAIN = 1e-7          # of the revenue: less is rounding
LOG_PRICES = (-60, 230)


class Replies:
    def __init__(self, reference):
        self.r = reference

    def own_demand(self, m, prices):
        """Demand of market m by the logarithm of its own price, for arrays and for numbers."""
        r, parts = self.r, []
        for segment, reach in zip(r.segments, r.reach):
            if m not in reach or segment.get("form") == "linear":
                continue
            eps, sigma = segment["elasticity"], segment.get("sigma", segment["elasticity"] + 1)
            others = sum(math.exp(w - sigma * math.log(prices[k])) for k, w in reach.items() if k != m)
            size = segment["quantity"] * segment.get("price", 1.0) ** eps
            parts.append((size, eps, sigma, reach[m], math.log(others) if others > 0 else None))

        def table(log_prices):
            total = 0.0
            for size, eps, sigma, weight, others in parts:
                here = weight - sigma * log_prices
                both = here if others is None else numpy.logaddexp(here, others)
                total = total + size * numpy.exp(numpy.clip(eps / sigma * both + here - both, -700, 700))
            return total

        def demand(log_price):
            total = 0.0
            for size, eps, sigma, weight, others in parts:
                here = both = weight - sigma * log_price
                if others is not None:
                    both = max(here, others) + math.log1p(math.exp(-abs(here - others)))
                total += size * math.exp(min(max(eps / sigma * both + here - both, -700), 700))
            return total
        return table, demand

    def better(self, k, posted, reckoned, quantities):
        """(gain, revenue) of the best other output of firm k, as far as a scan and its refinement see."""
        r, f, q = self.r, self.r.firms[k], quantities[k]
        m = r.names.index(f.market)
        if f.fixed is not None or f.theta == 0 or f.capacity == 0 or posted[m] <= f.cost or r.choke(m) < math.inf:
            return 0.0, 1.0
        (of_grid, demand), count = self.own_demand(m, reckoned), f.count
        whole = sum(output for g, output in zip(r.firms, quantities) if g.market == f.market)
        rest = whole - q if len([g for g in r.sellers[m]]) > 1 else 0.0
        log_now = math.log(reckoned[m])
        grid = log_now + numpy.concatenate([numpy.linspace(LOG_PRICES[0], -8, 500), numpy.linspace(-8, 8, 5000)[1:],
                                            numpy.linspace(8, LOG_PRICES[1], 1000)[1:]])
        table = numpy.log(of_grid(grid))

        def market_output(output):
            return numpy.maximum(rest + (1 - f.theta) * q + f.theta * output, output / count)

        def profit(output, log_price):
            price = numpy.minimum(numpy.exp(log_price), r.ceiling[m])
            rise = f.slope * (output / f.scale) ** f.power / (f.power + 1) if f.slope else 0.0
            return output * (price - f.cost - rise)

        def exact(log_output):
            output = math.exp(log_output)
            wanted = float(market_output(output))
            low, high = log_now + LOG_PRICES[0], log_now + LOG_PRICES[1]
            if not demand(high) < wanted < demand(low):
                return -math.inf
            return float(profit(output, brentq(lambda p: math.log(demand(p) / wanted), low, high, xtol=1e-13)))

        top = min(f.capacity, demand(max(math.log(f.cost) if f.cost > 0 else -60, log_now - 60)) * count
                  / min(1, max(f.theta, 1e-3)))
        outputs = numpy.unique(numpy.concatenate([
            numpy.exp(numpy.linspace(math.log(top) - 220, math.log(top), 1500)),
            numpy.exp(numpy.linspace(math.log(top) - 12, math.log(top), 2000)), q * numpy.linspace(0.2, 1.8, 401)]))
        outputs = outputs[(outputs > 0) & (outputs <= f.capacity)]
        # np.interp wants rising abscissae: demand falls in the price
        log_price = numpy.interp(-numpy.log(market_output(outputs)), -table, grid)
        earned = profit(outputs, log_price)
        now = float(q * (posted[m] - f.cost - (f.slope * (q / f.scale) ** f.power / (f.power + 1) if f.slope else 0)))
        best = now
        padded = numpy.concatenate([[-math.inf], earned, [-math.inf]])
        is_peak = (earned >= padded[:-2]) & (earned >= padded[2:]) & (earned > now - 1e-3 * q * posted[m])
        for j in sorted(numpy.flatnonzero(is_peak), key=lambda j: -earned[j])[:3]:
            low, high = outputs[max(j - 1, 0)], outputs[min(j + 1, len(outputs) - 1)]
            if low < high:
                found = minimize_scalar(lambda x: -exact(x), bounds=(math.log(low), math.log(high)), method="bounded",
                                        options={"xatol": 1e-7})
                best = max(best, exact(found.x))
            best = max(best, exact(math.log(outputs[j])))
        return best - now, max(q * posted[m], best)

    def gains(self, posted, reckoned, quantities):
        """What firms would gain by other outputs, in words; empty where every output is its best."""
        words = []
        for k, f in enumerate(self.r.firms):
            gain, revenue = self.better(k, posted, reckoned, quantities)
            if gain > GAIN * revenue:
                words.append(f"firm {k} of {f.market} gains {gain:.3g} of {revenue:.3g}")
        return words

    # a market alone

    def states(self):
        """Every state of market 0 in which its first-order conditions hold."""
        r = self.r
        costs = sorted({f.cost for f in r.sellers[0] if f.is_flat and f.capacity > 0 and f.cost <= r.ceiling[0]})
        least = min([f.cost for f in r.sellers[0] if f.fixed is None and f.cost > 0] + [1.0])
        begin, end = math.log(least) - 3, min(math.log(least) + 60, math.log(r.ceiling[0]))
        found = []

        def gap(log_price):
            return r.excess(0, math.exp(log_price), [1.0], lambda c: c <= math.exp(log_price) * (1 + 1e-15))

        marks = [x for x in numpy.linspace(begin, begin + 6, 400) if x < end]
        marks += [x for x in numpy.linspace(begin + 6, begin + 63, 150)[1:] if x < end] + [end]
        inner = [math.log(c) for c in costs if begin < math.log(c) < end]
        marks = sorted(set(marks) | set(inner))
        before = gap(marks[0])
        for low, high in zip(marks, marks[1:]):
            pinned = next((c for c in costs if abs(math.log(c) - high) < 1e-14), None)
            after = (r.excess(0, pinned, [1.0], lambda c: c < pinned) if pinned else gap(high))
            if (before < 0) != (after < 0):
                flat = {c for c in costs if math.log(c) <= low + 1e-14}
                root = brentq(lambda x: r.excess(0, math.exp(x), [1.0], lambda c: c in flat), low, high, xtol=1e-15)
                found.append(("free", math.exp(root)))
            if pinned:
                full = r.excess(0, pinned, [1.0], lambda c: c <= pinned)
                if after < 0 <= full:
                    found.append(("pinned", pinned))
                after = full
            before = after
        if r.ceiling[0] < math.inf and before < 0:
            state = r.clear_at_ceiling(0, [1.0])
            found += [state] if state else []
        return found

    def equilibria(self):
        """All equilibria of a market alone, as (posted price, quantities), prices rising; those that firms leave, too."""
        kept, left = [], []
        for state in self.states():
            at = [self.r.buyers_price(state, self.r.ceiling[0])]
            answer = self.r.polish([state], at)
            if answer:
                gains = self.gains(answer[0], self.r.reckoned, answer[1])
                (left if gains else kept).append(answer)
        return sorted(kept), left
