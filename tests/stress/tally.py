"""The tally of random hostile floats against whole numbers of any size and fractions: counts, extremes, mean and variance
to their last rounding, quantiles and shortfalls to a bin, and the same bytes from parts merged in any order."""

import random
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import stress

SAMPLE, FULL = 300, 10000
LEVELS = [Fraction(percent, 100) for percent in (1, 5, 10, 25, 50, 75, 90, 95, 99)]
LEAST = 2.0**-126  # what is smaller counts as 0
BIN = Fraction(1, 256) * (1 + Fraction(1, 10**9))  # width of a bin over its value; doubles are rounded on the way
TINY = Fraction(LEAST)  # within the extremes, though, which are those of all values
MISSING = struct.unpack("f", struct.pack("f", 3e38))[0]


def as_float(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def of_bits(bits):
    return struct.unpack("f", struct.pack("I", bits))[0]


def log_uniform(draw):
    """From 1e-38 to 1e38, of either sign."""
    return as_float(draw.choice((-1, 1)) * 10 ** draw.uniform(-38, 38))


def around(draw):
    """A small spread around a large mean."""
    mean, spread = log_uniform(draw) / 10, 10 ** draw.uniform(-8, -1)
    return lambda: as_float(mean * (1 + spread * max(-9, min(9, draw.gauss(0, 1)))))


def few(draw):
    values = [log_uniform(draw) for _ in range(draw.randint(1, 5))]
    return lambda: draw.choice(values)


def kinds(draw):
    """Ways to draw a value."""
    return [lambda: of_bits(draw.getrandbits(32)),
            lambda: log_uniform(draw),
            around(draw),
            few(draw),
            lambda: draw.choice((0.0, -0.0, of_bits(1), -LEAST, LEAST, of_bits(0x007fffff), 1e-38)),
            lambda: of_bits(draw.getrandbits(1) << 31 | draw.randint(0, 0x01000000)),
            lambda: draw.choice((MISSING, float("nan"), float("inf"), of_bits(0x7f7fffff), 1.0)),
            lambda: draw.choice((1e38, -1e38, 1e-38, as_float(draw.gauss(0, 1))))]


def random_set(draw):
    """@returns values, whether they are whole numbers, parts"""
    size = draw.choice((1, 2, 3, draw.randint(4, 255), 256, 257, draw.randint(258, 900)))
    if draw.random() < 0.1:
        return [float(draw.randint(0, draw.choice((1, 30, 512)))) for _ in range(size)], 1, draw.randint(1, 5)
    ways = kinds(draw)
    some = draw.sample(ways, draw.choice((1, 1, 1, 2, 3)))
    return [as_float(draw.choice(some)()) for _ in range(size)], 0, draw.randint(1, 5)


def tail(ordered):
    """Mean of the first 5 %, the last in part, and of their sizes."""
    whole = Fraction(len(ordered), 20)
    wanted, total, sizes = whole, Fraction(0), Fraction(0)
    for value in ordered:
        taken = min(wanted, Fraction(1))
        total, sizes, wanted = total + taken * value, sizes + taken * abs(value), wanted - taken
        if wanted <= 0:
            return total / whole, sizes / whole


def is_near(reported, exact, allowed):
    return reported == reported and abs(Fraction(reported) - exact) <= allowed


def moments_faults(reported, numbers):
    """Sums as whole numbers of 2^-149."""
    n, ints = len(numbers), [int(value * 2**149) for value in numbers]
    total = sum(ints)
    mean = Fraction(total, n * 2**149)
    if not is_near(reported["mean"], mean, abs(mean) / 2**51 + Fraction(1, 2**1074)):  # the sum to 2^-52, then divided
        yield f"mean {reported['mean']} for {float(mean)}"
    if n == 1:
        return
    numerator = n * sum(value * value for value in ints) - total * total
    variance = Fraction(numerator, n * (n - 1) * 2**298)
    if not is_near(reported["variance"], variance, variance / 2**50 + Fraction(1, 2**1074)):
        yield f"variance {reported['variance']} for {float(variance)}"


def order_faults(reported, numbers):
    ordered = sorted(numbers)
    for level, quantile in zip(LEVELS, reported["quantiles"]):
        rank = level * (len(ordered) - 1)
        below, part = int(rank), rank - int(rank)
        a, b = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
        if not is_near(quantile, (1 - part) * a + part * b, BIN * ((1 - part) * abs(a) + part * abs(b)) + TINY):
            yield f"quantile at {level}: {quantile} between {float(a)} and {float(b)}"
    for name, side in (("low", ordered), ("high", ordered[::-1])):
        mean, size = tail(side)
        if not is_near(reported[name], mean, BIN * size + TINY):
            yield f"shortfall, {name}: {reported[name]} for {float(mean)}"


def faults_of(values, reported):
    missing = sum(value == MISSING for value in values)
    finite = [value for value in values if abs(value) < float("inf") and value != MISSING]
    numbers = [Fraction(value) if abs(value) >= LEAST else Fraction(0) for value in finite]
    counts = (len(finite), missing, len(values) - missing - len(finite), numbers.count(0))
    if reported["counts"] != counts:
        yield f"defined, missing, invalid, zero: {reported['counts']} for {counts}"
    if not reported["same"]:
        yield "parts do not give the whole"
    if not finite:
        return
    if (reported["least"], reported["largest"]) != (min(finite), max(finite)):
        yield f"extremes {reported['least']}, {reported['largest']} for {min(finite)}, {max(finite)}"
    yield from moments_faults(reported, numbers)
    yield from order_faults(reported, numbers)


def tallied(driver, values, are_whole, parts):
    driver.stdin.write(struct.pack("3I", len(values), are_whole, parts) + struct.pack(f"{len(values)}f", *values))
    driver.stdin.flush()
    words = driver.stdout.readline().split()
    names = ("mean", "variance", "least", "largest", "low", "high")
    return {"same": words[0] == b"1", "counts": tuple(map(int, words[1:5])),
            **dict(zip(names, map(float, words[5:11]))), "quantiles": list(map(float, words[11:]))}


def main(source, build, count):
    draw = random.Random("tally")
    faults = []
    with subprocess.Popen([str(Path(build) / "tests" / "tally_driver"), "sets"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as driver:
        for number in stress.tries(count):
            values, are_whole, parts = random_set(draw)
            reported = tallied(driver, values, are_whole, parts)
            faults += [f"set {number} of {len(values)} values: {fault}" for fault in faults_of(values, reported)]
        driver.stdin.close()
    return faults
