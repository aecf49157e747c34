"""The same month in Numba: one path after the other on each thread, compiled."""

import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from common import read_options, run_in_threads

OPTIONS = read_options("numba", batch=64)

try:
    import numba
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import numpy as np
from counting import count
from month import run_month
from records import kinds_of, read_records

from tally import Tally


class Worker:
    """What one thread needs: the state of a batch, room for a month's rows, and its own tally."""

    def __init__(self, p, size, options):
        state, flows = kinds_of(size)
        self.p, self.size, self.tally = p, size, Tally(size, options, count=count)
        self.states, self.flows = np.zeros(options.batch, state), np.zeros(1, flows)
        self.row, self.rows = np.empty(size.measures, np.float32), np.empty((size.measures, options.batch), np.float32)

    def run(self, first, number):
        rows, counts = self.rows[:, :number], np.zeros(2, np.int64)
        for t in range(self.size.months):
            counts[:] = 0
            run_month(self.p, first, t, self.states, self.flows, self.row, rows, counts)
            self.tally.add(first, t, rows, *counts)


def main():
    options = OPTIONS
    p, size = read_records(options.parameters)
    begin = time.perf_counter()
    Worker(p, size, options).run(0, 2)
    warm_up = time.perf_counter() - begin
    begin = time.perf_counter()
    workers = [Worker(p, size, options) for _ in range(options.threads)]
    run_in_threads(options, lambda thread, *batch: workers[thread].run(*batch))
    tally = workers[0].tally.merge(worker.tally for worker in workers[1:])
    tally.finish(
        time.perf_counter() - begin,
        peer="numba",
        version=f"Numba {numba.__version__}",
        device="cpu",
        warm_up_seconds=warm_up,
    )


if __name__ == "__main__":
    main()
