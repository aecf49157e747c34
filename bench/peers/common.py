"""What the peers have in common: arguments and what they print.

Every peer is called as

    python bench/peers/NAME PARAMETERS.json [--paths N] [--batch N] [--threads N]

(the scalar one is a program with the same arguments) with the parameters that `chokepoint validate CONFIG --parameters`
prints. It simulates paths 0 to N-1, whose shocks are those of `chokepoint run`, and prints one line of JSON: peer,
version, device, threads, paths, months, batch, seconds, warm_up_seconds (compilation, not part of seconds),
path_months_per_second, unsolved (path-months), mean_iterations (of the solver).

`--statistics FILE` writes, as JSON, mean, standard_deviation, q05, median and q95, each [month][measure]. `--rows FILE`
writes every measure of the first `--keep N` paths as raw floats, [path][month][measure].
"""

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor


def read_options(name, batch, gpu_batch=None):
    """@param batch, gpu_batch the peer's own choice of paths in a batch"""
    number = lambda text: int(float(text))
    parser = argparse.ArgumentParser(
        prog=name, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parameters", help="what `chokepoint validate CONFIG --parameters` printed")
    parser.add_argument("--paths", type=number, default=1024)
    parser.add_argument("--batch", type=number, help="paths worked on at once")
    parser.add_argument("--threads", type=number, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--keep", type=number, default=0, help="paths whose measures go to --rows")
    parser.add_argument("--rows", help="file for the measures of these paths")
    parser.add_argument("--statistics", help="file for statistics over all paths")
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu", help="of the JAX peer")
    options = parser.parse_args()
    options.batch = options.batch or (gpu_batch if options.device == "gpu" else batch)
    options.keep = min(options.keep, options.paths)
    return options


def batches(options):
    """@returns (first path, number) of each batch"""
    return [(first, min(options.batch, options.paths - first)) for first in range(0, options.paths, options.batch)]


def run_in_threads(options, run):
    """Spreads the batches over threads: run(thread, first path, number)."""
    todo = batches(options)

    def work(thread):
        for first, number in todo[thread :: options.threads]:
            run(thread, first, number)

    with ThreadPoolExecutor(options.threads) as pool:
        list(pool.map(work, range(options.threads)))


def report(options, *, months, seconds, unsolved, iterations, **more):
    """@param iterations of the solver, in all"""
    path_months = options.paths * months
    print(
        json.dumps(
            {
                **more,
                "threads": options.threads,
                "paths": options.paths,
                "months": months,
                "batch": options.batch,
                "seconds": seconds,
                "path_months_per_second": path_months / seconds,
                "unsolved": int(unsolved),
                "mean_iterations": float(iterations) / path_months,
            }
        )
    )
