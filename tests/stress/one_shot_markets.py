"""`chokepoint clear` on random single and coupled markets, against an independent solver (one_shot_reference.py), and on
families of markets that have no equilibrium by proof.

    one_shot_markets.py SOURCE BUILD COUNT     COUNT single and COUNT coupled markets; prints what went wrong as JSON

Where the reference finds an equilibrium the program has to find it too: prices and outputs to 1e-8 of the price and of
the market's output. Every answer of the program is put to the test whether a firm gains by another output
(one_shot_replies.py). Where buyers differ there can be several equilibria, or none: of a market alone the reference finds
them all, and the program has to show the one with the lowest price; of coupled markets another answer than the
reference's counts as right if it meets every condition in the reference's own words.

Half of the markets have buyers that differ widely: elasticities from 0.3 to 8, sizes over orders of magnitude."""

import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE, FULL = 40, 1000
AGREEMENT = 1e-8
PYTHONS = [sys.executable, "/usr/bin/python3"]


def python_with_scipy():
    """A Python that has scipy, or None."""
    for python in PYTHONS:
        command = [python, "-c", "import scipy.optimize"]
        if Path(python).exists() and subprocess.run(command, capture_output=True).returncode == 0:
            return python
    return None


# random markets


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
    # at an elasticity of just 1 earnings come near to 20, and the other buyers are too few to earn as much
    yield {**one, "segments": [{"quantity": 1.0, "elasticity": rng.uniform(2.1, 8)}, {"quantity": 20.0, "elasticity": 1.0}],
           "firms": [mono]}, "because"
    most = rng.uniform(1, 100)
    yield {**one, "segments": [{"form": "linear", "intercept": most, "slope": 1.0}],
           "firms": [{"market": "a", "quantity": most * rng.uniform(1.0001, 3)}, mono]}, "more than buyers would take"
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": rng.uniform(1.01, 3)}],
           "firms": [{"market": "a", "cost": 0.0, "conduct": 1.0}]}, "falls to 0"
    yield {**one, "segments": [{"quantity": 9.0, "elasticity": 1.0}],
           "firms": [{"market": "a", "cost": 0.0, "conduct": 1.0}]}, "every price clears it"


# the program


def toml_value(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def toml_text(spec):
    parts = []
    for word in ("market", "segment", "firm"):
        for entry in spec[word + "s"]:
            parts.append(f"[[{word}]]\n" + "".join(f"{key} = {toml_value(value)}\n" for key, value in entry.items()))
    return "\n".join(parts)


def cleared(build, folder, spec):
    file = Path(folder) / "market.toml"
    file.write_text(toml_text(spec))
    command = [str(Path(build) / "chokepoint"), "clear", str(file), "--json"]
    run = subprocess.run(command, capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr


# comparison


def of_markets(reference, answer):
    """The program's markets and firms that the reference looks at."""
    return ([market for market in answer["markets"] if market["name"] in reference.names],
            [firm for firm in answer["firms"] if firm["market"] in reference.names])


def disagreement(reference, answer, expected):
    """Largest relative difference of prices and outputs."""
    prices, quantities = expected
    markets, firms = of_markets(reference, answer)
    worst = max(abs(market["price"] / price - 1) for market, price in zip(markets, prices))
    whole = {name: sum(q for f, q in zip(reference.firms, quantities) if f.market == name) for name in reference.names}
    return max([worst] + [abs(firm["quantity"] - q) / whole[firm["market"]] for firm, q in zip(firms, quantities)])


def gains_in(reference, answer):
    """What firms would gain by leaving the program's answer."""
    from one_shot_replies import Replies

    markets, firms = of_markets(reference, answer)
    posted = [market["price"] for market in markets]
    reckoned = [market["shadow_price"] or market["price"] for market in markets]
    return Replies(reference).gains(posted, reckoned, [firm["quantity"] for firm in firms])


def is_another(reference, answer):
    """Whether the program's own answer meets all first-order conditions."""
    markets, firms = of_markets(reference, answer)
    if any("ceiling" in market["status"] for market in markets):
        return False
    posted = [market["price"] for market in markets]
    quantities = [firm["quantity"] for firm in firms]
    return not reference.misfits(posted, posted, [1.0] * len(posted), quantities)


def expectation(reference, spec, tally):
    """(equilibrium, number of them), or None: of a market alone the one with the lowest price of all."""
    from one_shot_replies import Replies

    replies = Replies(reference)
    if len(spec["markets"]) == 1 and len(spec["segments"]) > 1:
        kept, left = replies.equilibria()
        tally["with roots that firms leave"] += bool(left)
        return (kept[0] if kept else None), len(kept)
    expected = reference.solve()
    if expected is None or replies.gains(expected[0], reference.reckoned, expected[1]):
        return None, 0
    return expected, 1


def fault_of(spec, build, folder, tally):
    from one_shot_reference import Reference

    reference = Reference(spec)
    code, answer, message = cleared(build, folder, spec)
    expected, equilibria = expectation(reference, spec, tally)
    if code not in (0, 4) or answer is None:
        return f"exit code {code}: {message}"
    solved = code == 0 and all(market["price"] is not None for market in of_markets(reference, answer)[0])
    if not solved:
        tally["unsolved"] += code == 4 and ("no clearing prices" in message or "unsolved, because" in message)
        tally["none"] += "no equilibrium exists" in message
        return f"the reference finds {expected}, the program says {message}" if expected and code == 4 else None
    if answer["residual"] > 1e-10:
        return f"residual {answer['residual']}"
    gains = gains_in(reference, answer)
    if gains:
        return f"cleared, but {', '.join(gains)}"
    if not expected:
        tally["alone"] += 1
        return None
    if len(spec["markets"]) == 1:
        others = len(answer["markets"][0]["other_prices"])
        tally["several"] += others > 0
        if others < equilibria - 1:
            return f"names {others} further equilibria of {equilibria - 1}"
    off = disagreement(reference, answer, expected)
    tally["worst"] = max(tally["worst"], off if off <= AGREEMENT else 0)
    is_dearer = len(spec["markets"]) == 1 and answer["markets"][0]["price"] > expected[0][0]
    if off > AGREEMENT and not is_dearer and is_another(reference, answer):
        tally["another"] += 1
        return None
    tally["compared"] += 1
    if off <= AGREEMENT:
        return None
    return f"differs by {off:.1e}: {[market['price'] for market in answer['markets']]} for {expected[0]}"


def random_faults(build, folder, count, coupled):
    rng = random.Random(f"one-shot {coupled}")
    tally = {"compared": 0, "another": 0, "alone": 0, "several": 0, "unsolved": 0, "none": 0, "worst": 0.0,
             "with roots that firms leave": 0}
    faults = []
    for k in range(count):
        spec = random_market(rng, coupled)
        fault = fault_of(spec, build, folder, tally)
        if fault:
            faults.append(f"{'coupled' if coupled else 'single'} market {k}: {fault}\n{toml_text(spec)}")
    print(f"{'coupled' if coupled else 'single'}: {tally}", file=sys.stderr)
    if tally["compared"] < count * 0.5:
        faults.append(f"only {tally['compared']} of {count} could be compared")
    return faults


def impossible_faults(build, folder, count):
    rng = random.Random("impossible")
    faults = []
    for _ in range(max(count // 10, 2)):
        for spec, words in impossible_markets(rng):
            code, answer, message = cleared(build, folder, spec)
            if code != 4 or "no equilibrium exists, because" not in message or words not in message:
                faults.append(f"exit code {code} without '{words}': {message}\n{toml_text(spec)}")
    return faults


def faults_in(build, count):
    with tempfile.TemporaryDirectory(prefix="chokepoint-one-shot-") as folder:
        return (random_faults(build, folder, count, False) + random_faults(build, folder, count, True)
                + impossible_faults(build, folder, count))


def main(source, build, count):
    """Faults of `count` single and `count` coupled markets; in a Python of its own if this one lacks scipy."""
    python = python_with_scipy()
    if not python:
        return ["no Python has scipy (python3-scipy): nothing was compared"]
    command = [python, "-W", "ignore", "-B", __file__, str(source), str(build), str(count)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else [f"{Path(__file__).name} ended with {run.returncode}"]


if __name__ == "__main__":
    print(json.dumps(faults_in(sys.argv[2], int(sys.argv[3]))))
