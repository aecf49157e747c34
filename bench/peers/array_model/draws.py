"""Random numbers: Philox4x32-10, keyed by seed, path, step, source and entity as docs/model.md, section 8, says."""

import numpy as np

from array_model.parameters import SOURCES


def multiply_wide(xp, constant, x):
    """Upper and lower 32 bits of a product; by halves where the library has no 64 bits."""
    if xp is np:
        product = x.astype(np.uint64) * np.uint64(constant)
        return (product >> np.uint64(32)).astype(np.uint32), product.astype(np.uint32)
    low, high = np.uint32(constant & 0xFFFF), np.uint32(constant >> 16)
    x_low, x_high = x & 0xFFFF, x >> 16
    one, two = low * x_high, high * x_low
    middle = (low * x_low >> 16) + (one & 0xFFFF) + (two & 0xFFFF)
    return high * x_high + (one >> 16) + (two >> 16) + (middle >> 16), np.uint32(constant) * x


def philox(xp, x0, x1, x2, x3, key):
    """@param key 32-bit halves [2][blocks, 1]"""
    k0, k1 = key
    for number in range(10):
        high_0, low_0 = multiply_wide(xp, 0xD2511F53, x0)
        high_1, low_1 = multiply_wide(xp, 0xCD9E8D57, x2)
        bump_0, bump_1 = np.uint32(number * 0x9E3779B9 & 0xFFFFFFFF), np.uint32(number * 0xBB67AE85 & 0xFFFFFFFF)
        x0, x1, x2, x3 = high_1 ^ x1 ^ (k0 + bump_0), low_1, high_0 ^ x3 ^ (k1 + bump_1), low_0
    return x0, x1, x2, x3


class DrawPlan:
    """Which words a month needs. Entity e of a source is word e % 4 of block e // 4."""

    def __init__(self, p):
        z = p.size
        moves = [(x, r) for x in range(z.export_classes) for r in range(z.regions) if p.shocks.regime_moves[x, r]]
        self.moves = moves
        entities = dict(
            demand=range(1 + z.segments),
            efficiency=range(3),
            sentiment=range(1),
            fab=range(1 + z.pools),
            outage=range(2 * z.outages),
            export_regime=[x * 8 + r for x, r in moves],
            power=range(1 + z.regions),
            grid_shock=range(2 * z.regions),
            component=range(2 * z.component_pools),
            conduct=range(2 * z.regions),
        )
        blocks, self.rows = [], {}
        for k, name in enumerate(SOURCES):
            if not p.noise[name]:
                continue
            first = {}
            for entity in entities[name]:
                if entity // 4 not in first:
                    first[entity // 4] = len(blocks)
                    blocks.append((k + 1, entity // 4))
            self.rows[name] = np.array([4 * first[e // 4] + e % 4 for e in entities[name]], np.int32)
        self.counter = np.array([source << 16 | block for source, block in blocks], np.uint32)[:, None]
        seeds = [p.seeds[source] for source, _ in blocks]
        self.key = [np.array([seed >> shift & 0xFFFFFFFF for seed in seeds], np.uint32)[:, None] for shift in (0, 32)]
        # All normals of a month in one array: the common factors, then each source's own.
        self.normal_rows, self.normals = [], {}
        for name, first, last in (
            ("demand", 0, 1 + z.segments),
            ("efficiency", 0, 1),
            ("power", 0, 1 + z.regions),
            ("fab", 0, 1 + z.pools),
        ):
            if p.noise[name]:
                self.normals[name] = slice(len(self.normal_rows), len(self.normal_rows) + last - first)
                self.normal_rows.extend(self.rows[name][first:last])
        self.normal_rows = np.array(self.normal_rows, np.int32)


def draw(p, plan, paths, step):
    """@returns uniforms and normals by source, [entities, paths]
    @param paths lower and upper words of the numbers of the paths"""
    xp = p.xp
    if not len(plan.counter):
        return {}, {}
    shape = (len(plan.counter), paths[0].shape[-1])
    wide = lambda x: xp.broadcast_to(x, shape)
    word = philox(xp, wide(paths[0]), wide(paths[1]), wide(step), wide(plan.counter), plan.key)
    word = xp.stack(word, 1).reshape(4 * shape[0], shape[1])
    uniform = ((word >> 9).astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-23)
    z = normal(xp, uniform[plan.normal_rows])
    return {name: uniform[rows] for name, rows in plan.rows.items()}, {
        name: z[rows] for name, rows in plan.normals.items()
    }


ABOVE = ["0x1.f30b1cp-19", "0x1.3fb52ep-11", "0x1.434372p-7", "0x1.a9bfd8p-4", "0x1.6dccb4p-1", "0x1.40d97p+1"]
BELOW = ["0x1.0be9a4p-15", "0x1.402f7p-10", "0x1.0c450ep-6", "0x1.a842fcp-4", "0x1p+0"]


def polynomial(coefficients, x):
    numbers = [np.float32(float.fromhex(word)) for word in coefficients]
    out = numbers[0]
    for number in numbers[1:]:
        out = out * x + number
    return out


def normal(xp, u):
    """Standard normal: the quantile of a uniform number as a rational function (docs/numerics.md)."""
    q = u - np.float32(0.5)
    distance = abs(q)
    w = -xp.log2((2 - 4 * distance) * (np.float32(0.5) + distance))
    return q * polynomial(ABOVE, w) / polynomial(BELOW, w)
