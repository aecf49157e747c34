"""Random numbers: Philox4x32-10, keyed by seed, path, step, source and entity as docs/model.md, section 8, says."""

import numpy as np
from compiled import compiled

DEMAND, EFFICIENCY, SENTIMENT, FAB, OUTAGE, REGIME, POWER, GRID, COMPONENT, CONDUCT = range(1, 11)
LOW, SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
FACTORS, BUMPS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)), (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
ABOVE = tuple(
    np.float32(float.fromhex(word))
    for word in ("0x1.f30b1cp-19", "0x1.3fb52ep-11", "0x1.434372p-7", "0x1.a9bfd8p-4", "0x1.6dccb4p-1", "0x1.40d97p+1")
)
BELOW = tuple(
    np.float32(float.fromhex(word))
    for word in ("0x1.0be9a4p-15", "0x1.402f7p-10", "0x1.0c450ep-6", "0x1.a842fcp-4", "0x1p+0")
)
HALF, ONE, TWO, FOUR, STEP = (np.float32(x) for x in (0.5, 1, 2, 4, 2.0**-23))


@compiled
def block(p, path, step, source, number, words):
    """Four words of a source, for its entities 4 number to 4 number + 3."""
    seed = p.seeds[source]
    x0, x1, x2 = np.uint64(path) & LOW, np.uint64(path) >> SHIFT, np.uint64(step)
    x3 = np.uint64(source << 16 | number)
    k0, k1 = seed & LOW, seed >> SHIFT
    for _ in range(10):
        a, b = FACTORS[0] * x0, FACTORS[1] * x2
        x0, x1, x2, x3 = (b >> SHIFT) ^ x1 ^ k0, b & LOW, (a >> SHIFT) ^ x3 ^ k1, a & LOW
        k0, k1 = (k0 + BUMPS[0]) & LOW, (k1 + BUMPS[1]) & LOW
    words[0], words[1], words[2], words[3] = x0, x1, x2, x3


@compiled
def draw(p, path, step, source, first, words, uniforms):
    """Uniforms of the entities from `first` on, as many as there is room for.
    @param words room for a block"""
    loaded = -1
    for k in range(uniforms.shape[0]):
        entity = first + k
        if entity >> 2 != loaded:
            loaded = entity >> 2
            block(p, path, step, source, loaded, words)
        uniforms[k] = (np.float32(words[entity & 3] >> np.uint32(9)) + HALF) * STEP


@compiled
def normal(u):
    """Standard normal: the quantile of a uniform number as a rational function (docs/numerics.md)."""
    q = u - HALF
    distance = abs(q)
    w = -np.log2((TWO - FOUR * distance) * (HALF + distance))
    above = ((((ABOVE[0] * w + ABOVE[1]) * w + ABOVE[2]) * w + ABOVE[3]) * w + ABOVE[4]) * w + ABOVE[5]
    below = (((BELOW[0] * w + BELOW[1]) * w + BELOW[2]) * w + BELOW[3]) * w + BELOW[4]
    return q * above / below
