"""The clearing in NumPy: paths that are solved leave the arrays."""

import numpy as np

from array_model.clearing import Markets, damping


class Clearing:
    def __init__(self, p):
        self.markets = Markets(p)

    def __call__(self, p, given, log2_price):
        z, markets, paths, limit = p.size, self.markets, log2_price.shape[-1], p.solver.newton_limit
        a = markets.inputs(given)
        price = log2_price.reshape(-1, paths).copy()
        rented, segment_price = np.empty_like(a["capacity"]), np.empty((z.segments, paths), np.float32)
        iterations, solved = np.zeros(paths, np.int32), np.zeros(paths, bool)
        left, at = np.arange(paths), price
        for iteration in range(limit + 1):
            r = markets.evaluate(a, at)
            leaves = r["solved"] if iteration < limit else np.ones(len(left), bool)
            leaving = np.flatnonzero(leaves)
            if len(leaving):
                where, wanted = left[leaving], np.where(a["active"], r["wanted"], np.float32(0))[:, leaving]
                rented[:, where] = (a["capacity"] * r["share"])[:, leaving] * markets.to_fleets(wanted)
                price[:, where], segment_price[:, where] = at[:, leaving], r["index"][:, leaving]
                iterations[where], solved[where] = iteration, (r["solved"] & r["in_range"])[leaving]
                if len(leaving) == len(left):
                    break
            at = markets.step(r, at, damping(np, iteration))
            if len(leaving):
                keep = np.flatnonzero(~leaves)
                left, at = left[keep], at[:, keep]
                a = {name: array[:, keep] for name, array in a.items()}
        of_units = np.zeros((z.units, z.classes, paths), np.float32)
        of_units[markets.unit, markets.chip_class] = rented
        return price.reshape(log2_price.shape), of_units, segment_price, iterations, solved
