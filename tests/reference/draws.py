"""Keyed draws (docs/numerics.md): Philox4x32-10 and what a word becomes."""

from statistics import NormalDist

MASK = 0xFFFFFFFF
ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)

SOURCES = {
    "demand": 1, "efficiency": 2, "sentiment": 3, "fab": 4, "outage": 5,
    "export_regime": 6, "power": 7, "grid_shock": 8, "component": 9, "conduct": 10,
}


def philox(counter, key):
    """Four words of 32 bits from a counter of four and a key of two (Salmon et al. 2011)."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        first, second = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = (second >> 32) ^ b ^ k0, second & MASK, (first >> 32) ^ d ^ k1, first & MASK
        k0, k1 = (k0 + KEY_STEPS[0]) & MASK, (k1 + KEY_STEPS[1]) & MASK
    return a, b, c, d


class Draws:
    """The draws of one path. `seeds` maps the name of a source to its seed; a source not in it is frozen."""

    def __init__(self, seeds, path):
        self.seeds, self.path = seeds, path

    def frozen(self, source):
        return source not in self.seeds

    def word(self, source, step, entity):
        seed = self.seeds[source]
        counter = (self.path & MASK, self.path >> 32, step, SOURCES[source] << 16 | entity >> 2)
        return philox(counter, (seed & MASK, seed >> 32))[entity & 3]

    def uniform(self, source, step, entity):
        return ((self.word(source, step, entity) >> 9) + 0.5) / 2**23

    def normal(self, source, step, entity):
        """0 where the source is frozen."""
        if self.frozen(source):
            return 0.0
        return NormalDist().inv_cdf(self.uniform(source, step, entity))
