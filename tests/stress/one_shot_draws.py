"""Random one-shot markets, and families of markets that have no equilibrium by proof, for one_shot_markets.py."""

import math


def spread(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def random_firm(rng, market):
    firm = {"market": market}
    if rng.random() < 0.07:
        firm["quantity"] = spread(rng, 1, 100)
        return firm
    firm["cost"] = spread(rng, 0.3, 3)
    if rng.random() < 0.3:
        firm["count"] = rng.randint(2, 30)
    kind = rng.random()
    firm["conduct"] = 0.0 if kind < 0.35 else rng.uniform(0.05, 0.45) if kind < 0.85 else spread(rng, 1e-4, 0.05)
    if rng.random() < 0.4:
        firm.update(slope=spread(rng, 0.05, 3), capacity_scale=spread(rng, 5, 1000), beta=spread(rng, 0.1, 8))
    if "slope" not in firm or rng.random() < 0.5:
        firm["capacity"] = spread(rng, 5, 2000)
        if "slope" not in firm and rng.random() < 0.2:
            firm["dispersion"] = rng.uniform(0.01, 0.5)
    return firm


def linear_segment(rng):
    return {"form": "linear", "intercept": spread(rng, 3, 30), "slope": spread(rng, 0.001, 0.1)}


def nested_segment(rng, names):
    segment = {"quantity": spread(rng, 50, 5000), "elasticity": rng.uniform(0.5, 2.5)}
    if len(names) == 1:
        return segment
    segment["sigma"] = segment["elasticity"] + spread(rng, 0.3, 30)
    home = rng.choice(names)
    segment["weight"] = {name: spread(rng, 0.2, 5) if name == home or rng.random() < 0.8 else 0 for name in names}
    if sum(weight > 0 for weight in segment["weight"].values()) > 1:
        segment["trade_cost"] = {name: 1.0 if name == home else rng.uniform(1, 2) for name in names}
    return segment


def unlike_segment(rng, names):
    segment = {**nested_segment(rng, names), "quantity": spread(rng, 0.1, 1e4), "elasticity": spread(rng, 0.3, 8)}
    if len(names) > 1:
        segment["sigma"] = segment["elasticity"] + spread(rng, 0.3, 30)
    return segment


def unlike_firm(rng, market):
    firm = random_firm(rng, market)
    if "quantity" not in firm and rng.random() < 0.8:
        firm["conduct"] = 1.0 if rng.random() < 0.6 else rng.uniform(0.3, 1)
        if rng.random() < 0.5:
            firm.pop("count", None)
        if rng.random() < 0.5:
            firm.pop("capacity", None)
            firm.pop("dispersion", None)
    if firm.get("conduct", 0) == 1.0 and rng.random() < 0.3:
        firm["conduct"] = float(firm.setdefault("count", 2))  # a cartel
    return firm


def mixed_market(rng, coupled):
    """Buyers that differ, and firms with more market power."""
    names = [chr(ord("a") + m) for m in range(rng.randint(2, 4) if coupled else 1)]
    spec = {"markets": [{"name": name} for name in names], "firms": []}
    spec["segments"] = [unlike_segment(rng, names) for _ in range(rng.randint(2, 4))]
    for name in names:
        spec["firms"] += [unlike_firm(rng, name) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    if rng.random() < 0.15:
        rng.choice(spec["markets"])["price_ceiling"] = spread(rng, 1, 30)
    return spec


def peaked_market(rng, coupled):
    """A monopolist whose profit has two peaks that earn about as much, and a rival or a second market."""
    names = ["a", "b"] if coupled else ["a"]
    bound = {"market": "a", "quantity": spread(rng, 1, 1000), "elasticity": rng.uniform(1.05, 1.3)}
    other = {"quantity": bound["quantity"] * spread(rng, 2, 20), "elasticity": rng.uniform(4, 8)}
    if coupled:
        other.update(sigma=other["elasticity"] + spread(rng, 0.3, 10), quantity=2 * other["quantity"])
    firms = [{"market": "a", "cost": 1.0, "conduct": 1.0}]
    if coupled or rng.random() < 0.3:
        firms.append({"market": names[-1], "cost": rng.uniform(1, 3), "conduct": 1.0})
    return {"markets": [{"name": name} for name in names], "segments": [bound, other], "firms": firms}


def random_market(rng, coupled):
    kind = rng.random()
    if kind < 0.5:
        return peaked_market(rng, coupled) if kind < 0.25 else mixed_market(rng, coupled)
    names = [chr(ord("a") + m) for m in range(rng.randint(2, 5) if coupled else 1)]
    spec = {"markets": [{"name": name} for name in names], "segments": [], "firms": []}
    if not coupled and rng.random() < 0.35:
        spec["segments"].append(linear_segment(rng))
    else:
        spec["segments"] = [nested_segment(rng, names) for _ in range(rng.randint(1, 4))]
    for name in names:
        spec["firms"] += [random_firm(rng, name) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.25:
        rng.choice(spec["markets"])["price_ceiling"] = spread(rng, 1, 5)
    return spec


# what has no equilibrium, by proof


def impossible_markets(rng):
    """Pairs (market, words of the reason)."""
    eps = rng.uniform(0.2, 0.95)
    mono = {"market": "a", "cost": spread(rng, 0.1, 10), "conduct": 1.0}
    one = {"markets": [{"name": "a"}]}
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": eps}], "firms": [mono]}, "market power"
    count = rng.randint(2, 6)
    theta = count * eps * rng.uniform(1.001, 3)
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": eps}],
           "firms": [{**mono, "count": count, "conduct": theta, "capacity": spread(rng, 1, 1e3)}]}, "market power"
    two = {"markets": [{"name": "a"}, {"name": "b"}]}
    pair = [mono, {"market": "b", "cost": spread(rng, 0.1, 10), "conduct": 1.0}]
    yield {**two, "segments": [{"quantity": 9.0, "elasticity": 0.3, "sigma": rng.uniform(0.4, 0.99)}],
           "firms": pair}, "market power"
    # e = sigma - (sigma - eps) / 2 < 1 at equal weights: no price for both, though each alone has one
    sigma = rng.uniform(1.01, 2 - eps)
    if sigma > eps:
        yield {**two, "segments": [{"quantity": 9.0, "elasticity": eps, "sigma": sigma}], "firms": pair}, "market power"
    # the buyers that a high price leaves have an elasticity below 1: earnings grow without end
    mix = [{"quantity": spread(rng, 1, 1e4), "elasticity": rng.uniform(2, 8)},
           {"quantity": spread(rng, 1, 100), "elasticity": eps}]
    yield {**one, "segments": mix, "firms": [mono]}, "grows without end"
    yield {**one, "segments": mix, "firms": [{**mono, "count": count, "conduct": float(count)}]}, "grows without end"
    yield {**one, "segments": mix, "firms": [{**mono, "conduct": 2.0}, {**mono, "conduct": 2.0}]}, "grows without end"
    held = [{**mix[0], "market": "a"}, {**mix[1], "market": "a"}, {"quantity": 9.0, "elasticity": 2.0, "sigma": 3.0}]
    yield {**two, "segments": held, "firms": pair}, "grows without end"
    # at an elasticity of just 1 earnings come near to 20, and the other buyers are too few to earn as much: with a cost of 1
    # or more, (p - cost) (20 / p + p^-e) < 20 as (p - 1) p^(1 - e) <= 1
    yield {**one, "segments": [{"quantity": 1.0, "elasticity": rng.uniform(2.1, 8)}, {"quantity": 20.0, "elasticity": 1.0}],
           "firms": [{**mono, "cost": spread(rng, 1, 10)}]}, "because"
    most = rng.uniform(1, 100)
    yield {**one, "segments": [{"form": "linear", "intercept": most, "slope": 1.0}],
           "firms": [{"market": "a", "quantity": most * rng.uniform(1.0001, 3)}, mono]}, "more than buyers would take"
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": rng.uniform(1.01, 3)}],
           "firms": [{"market": "a", "cost": 0.0, "conduct": 1.0}]}, "falls to 0"
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": 1.0}],
           "firms": [{"market": "a", "cost": 0.0, "conduct": 1.0}]}, "every price clears the market"
