"""The clearing in JAX: a loop that ends when all paths of a batch are solved; those that are stand still."""

import jax
import jax.numpy as jnp
import numpy as np

from array_model.clearing import Markets, damping


class Clearing:
    def __init__(self, p):
        self.markets = Markets(p)
        self.limit = int(p.solver.newton_limit)

    def __call__(self, p, given, log2_price):
        z, markets, paths = p.size, self.markets, log2_price.shape[-1]
        a = markets.inputs(given)

        def body(at):
            price, solved, iterations, iteration = at
            r = markets.evaluate(a, price)
            solved = solved | r["solved"]
            price = jnp.where(solved, price, markets.step(r, price, damping(jnp, iteration)))
            return price, solved, iterations + ~solved, iteration + 1

        def goes_on(at):
            return ~at[1].all() & (at[3] <= self.limit)

        start = log2_price.reshape(-1, paths), jnp.zeros(paths, bool), jnp.zeros(paths, jnp.int32), 0
        price, solved, iterations, _ = jax.lax.while_loop(goes_on, body, start)
        r = markets.demand(a, price)
        inverse_demand, power = markets.power(a, r)
        wanted = jnp.where(a["active"], jnp.minimum(r["demand"] * inverse_demand, 1), 0)
        rented = markets.respond(a, r["inverse_price"], power)[0] * a["capacity"] * markets.to_fleets(wanted)
        at = np.full((z.units, z.classes), len(markets.unit))
        at[markets.unit, markets.chip_class] = np.arange(len(markets.unit))
        of_units = jnp.concatenate([rented, jnp.zeros((1, paths), jnp.float32)])[at]
        return price.reshape(log2_price.shape), of_units, r["index"], iterations, solved & r["in_range"]
