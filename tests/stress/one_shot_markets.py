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
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from one_shot_draws import impossible_markets, random_market

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
