"""The same month in NumPy: arrays over paths, as many at once as the cache holds, a process for each core."""

import multiprocessing
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

import numpy as np

from array_model.draws import DrawPlan
from array_model.month import advance_month, start_path
from array_model.parameters import read_parameters
from clearing import Clearing
from common import batches, read_options
from tally import Tally


def run_batch(p, plan, clear, first, number, tally):
    paths = np.arange(first, first + number, dtype=np.uint64)
    words = (paths & np.uint64(0xFFFFFFFF)).astype(np.uint32)[None], (paths >> np.uint64(32)).astype(np.uint32)[None]
    state = start_path(p, number)
    for t in range(p.size.months):
        month = {name: column[t] for name, column in p.calendar.items()}
        state, rows, solved, iterations = advance_month(p, plan, month, words, np.uint32(t), state, clear, t == 0)
        tally.add(first, t, rows, number - solved.sum(), iterations.sum())


def work(p, options, todo, results):
    """One process: its batches."""
    plan, clear, tally = DrawPlan(p), Clearing(p), Tally(p.size, options)
    for first, number in todo:
        run_batch(p, plan, clear, first, number, tally)
    results.put(tally)


def main():
    options = read_options("numpy", batch=1024)
    np.seterr(all="ignore")
    p = read_parameters(options.parameters, np)
    begin = time.perf_counter()
    context = multiprocessing.get_context("fork")
    results, todo = context.SimpleQueue(), batches(options)
    for k in range(options.threads):
        context.Process(target=work, args=(p, options, todo[k :: options.threads], results)).start()
    tally = results.get().merge(results.get() for _ in range(options.threads - 1))
    tally.finish(
        time.perf_counter() - begin, peer="numpy", version=f"NumPy {np.__version__}", device="cpu", warm_up_seconds=0
    )


if __name__ == "__main__":
    main()
