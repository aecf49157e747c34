"""The same month in JAX: one jitted program, a scan over months of arrays over paths."""

import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from common import read_options, run_in_threads

OPTIONS = read_options("jax", batch=256, gpu_batch=8192)
os.environ.setdefault("JAX_PLATFORMS", {"cpu": "cpu", "gpu": "cuda"}[OPTIONS.device])

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import numpy as np

from array_model.draws import DrawPlan
from array_model.month import advance_month, start_path
from array_model.parameters import read_parameters
from clearing import Clearing
from tally import Tally

jax.config.update("jax_default_matmul_precision", "highest")  # TF32 would not clear markets to 3e-5


def simulate(p, plan, clear, low, high):
    """@param low, high words of the numbers of the paths
    @returns rows [months, measures, paths], and by month and path whether it was solved and in how many iterations"""
    paths = low[None], high[None]
    advance = lambda month, step, state, is_start: advance_month(p, plan, month, paths, step, state, clear, is_start)
    first = {name: column[0] for name, column in p.calendar.items()}
    state, *start = advance(first, np.uint32(0), start_path(p, low.shape[0]), True)

    def later_month(state, scanned):
        month, step = scanned
        state, *out = advance(month, step, dict(state), False)
        return state, out

    months = {name: jnp.asarray(column[1:]) for name, column in p.calendar.items()}
    steps = jnp.arange(1, p.size.months, dtype=jnp.uint32)
    _, later = jax.lax.scan(later_month, state, (months, steps))
    return [jnp.concatenate([one[None], rest]) for one, rest in zip(start, later)]


def main():
    options = OPTIONS
    p = read_parameters(options.parameters, jnp)
    plan, clear = DrawPlan(p), Clearing(p)
    compiled = jax.jit(lambda low, high: simulate(p, plan, clear, low, high))
    tallies = [Tally(p.size, options) for _ in range(options.threads)]

    def call(first):
        paths = np.arange(first, first + options.batch, dtype=np.uint64)
        low, high = (paths & np.uint64(0xFFFFFFFF)).astype(np.uint32), (paths >> np.uint64(32)).astype(np.uint32)
        return [np.asarray(out) for out in compiled(low, high)]

    def run(thread, first, number):
        rows, solved, iterations = (out[..., :number] for out in call(first))
        for t in range(p.size.months):
            tallies[thread].add(first, t, rows[t], number - solved[t].sum(), iterations[t].sum())

    begin = time.perf_counter()
    call(0)
    warm_up = time.perf_counter() - begin
    begin = time.perf_counter()
    run_in_threads(options, run)
    tally = tallies[0].merge(tallies[1:])
    tally.finish(
        time.perf_counter() - begin,
        peer="jax",
        version=f"JAX {jax.__version__}",
        device=str(jax.devices()[0]),
        warm_up_seconds=warm_up,
    )


if __name__ == "__main__":
    main()
