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
from common import batches, read_options, report
from path_statistics import Statistics


def run_batch(p, plan, clear, first, number, statistics, kept):
    """@returns unsolved months and iterations"""
    paths = np.arange(first, first + number, dtype=np.uint64)
    words = (paths & np.uint64(0xFFFFFFFF)).astype(np.uint32)[None], (paths >> np.uint64(32)).astype(np.uint32)[None]
    state, unsolved, iterations = start_path(p, number), 0, 0
    for t in range(p.size.months):
        month = {name: column[t] for name, column in p.calendar.items()}
        state, row, solved, steps = advance_month(p, plan, month, words, np.uint32(t), state, clear, t == 0)
        statistics.months[t].add(row)
        unsolved += number - int(solved.sum())
        iterations += int(steps.sum())
        if kept is not None:
            kept[:, t] = row.T[: len(kept)]
    return unsolved, iterations


def work(p, options, share, results):
    """One process: its batches."""
    plan, clear = DrawPlan(p), Clearing(p)
    statistics, kept = Statistics(p.size.months, p.size.measures), {}
    unsolved = iterations = 0
    for first, number in share:
        if first < options.keep:
            kept[first] = np.empty((min(number, options.keep - first), p.size.months, p.size.measures), np.float32)
        more = run_batch(p, plan, clear, first, number, statistics, kept.get(first))
        unsolved, iterations = unsolved + more[0], iterations + more[1]
    results.put((statistics, kept, unsolved, iterations))


def main():
    options = read_options("numpy", batch=1024)
    np.seterr(all="ignore")
    p = read_parameters(options.parameters, np)
    begin = time.perf_counter()
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    todo = batches(options)
    workers = [context.Process(target=work, args=(p, options, todo[k :: options.threads], results))
               for k in range(options.threads)]
    for worker in workers:
        worker.start()
    parts = [results.get() for _ in workers]
    statistics = parts[0][0]
    for other, *_ in parts[1:]:
        statistics.merge(other)
    seconds = time.perf_counter() - begin
    if options.statistics:
        statistics.write(options.statistics)
    if options.rows:
        kept = {first: rows for part in parts for first, rows in part[1].items()}
        np.concatenate([kept[first] for first in sorted(kept)]).tofile(options.rows)
    report(options, peer="numpy", version=f"NumPy {np.__version__}", device="cpu", warm_up_seconds=0, months=p.size.months,
           seconds=seconds, unsolved=sum(part[2] for part in parts), iterations=sum(part[3] for part in parts))


if __name__ == "__main__":
    main()
