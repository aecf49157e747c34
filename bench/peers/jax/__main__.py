"""The same month in JAX: one jitted program, a scan over months of arrays over paths."""

import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from common import batches, read_options, report

OPTIONS = read_options("jax", batch=4096)
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
from path_statistics import Statistics

jax.config.update("jax_default_matmul_precision", "highest")  # TF32 would not clear markets to 3e-5


def simulate(p, plan, clear, low, high):
    """@param low, high words of the numbers of the paths. @returns rows [months, measures, paths], unsolved months, iterations"""
    paths = low[None], high[None]
    advance = lambda month, step, state, is_start: advance_month(p, plan, month, paths, step, state, clear, is_start)
    first = {name: column[0] for name, column in p.calendar.items()}
    state, row, solved, iterations = advance(first, np.uint32(0), start_path(p, low.shape[0]), True)

    def later_month(state, scanned):
        month, step = scanned
        state, row, solved, iterations = advance(month, step, dict(state), False)
        return state, (row, jnp.sum(~solved), jnp.sum(iterations))

    months = {name: jnp.asarray(column[1:]) for name, column in p.calendar.items()}
    steps = jnp.arange(1, p.size.months, dtype=jnp.uint32)
    _, (rows, unsolved, more) = jax.lax.scan(later_month, state, (months, steps))
    return jnp.concatenate([row[None], rows]), jnp.sum(~solved) + unsolved.sum(), jnp.sum(iterations) + more.sum()


def main():
    options = OPTIONS
    p = read_parameters(options.parameters, jnp)
    plan, clear = DrawPlan(p), Clearing(p)
    compiled = jax.jit(lambda low, high: simulate(p, plan, clear, low, high))

    def call(first):
        paths = np.arange(first, first + options.batch, dtype=np.uint64)
        return compiled((paths & np.uint64(0xFFFFFFFF)).astype(np.uint32), (paths >> np.uint64(32)).astype(np.uint32))

    begin = time.perf_counter()
    jax.block_until_ready(call(0))
    warm_up = time.perf_counter() - begin
    statistics = Statistics(p.size.months, p.size.measures)
    unsolved = iterations = 0
    kept = []
    begin = time.perf_counter()
    for first, _ in batches(options):
        rows, more_unsolved, more = call(first)
        rows = np.asarray(rows)
        for t, row in enumerate(rows):
            statistics.months[t].add(row)
        if first < options.keep:
            kept.append(rows[:, :, : options.keep - first].transpose(2, 0, 1))
        unsolved, iterations = unsolved + int(more_unsolved), iterations + int(more)
    seconds = time.perf_counter() - begin
    if options.statistics:
        statistics.write(options.statistics)
    if options.rows:
        np.concatenate(kept).tofile(options.rows)
    report(options, peer="jax", version=f"JAX {jax.__version__}", device=str(jax.devices()[0]), warm_up_seconds=warm_up,
           months=p.size.months, seconds=seconds, unsolved=unsolved, iterations=iterations)


if __name__ == "__main__":
    main()
