"""The same month in Numba: one path after the other on each thread, compiled."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from common import batches, read_options, report

OPTIONS = read_options("numba", batch=64)

try:
    import numba
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import numpy as np
from month import run_paths
from records import kinds_of, read_records
from tally import count

from path_statistics import Statistics


class Worker:
    """What one thread needs: room for a batch, and its own statistics."""

    def __init__(self, p, size, options):
        self.p, self.size, self.options = p, size, options
        self.state, self.flows = (np.zeros(1, kind) for kind in kinds_of(size))
        self.rows = np.empty((size.months, size.measures, options.batch), np.float32)
        self.counts, self.kept = np.zeros(2, np.int64), {}
        self.statistics = Statistics(size.months, size.measures, count)

    def run(self, first, number):
        rows = self.rows[:, :, :number]
        run_paths(self.p, self.size.owners, first, self.state, self.flows, rows, self.counts)
        for month, row in zip(self.statistics.months, rows):
            month.add(row)
        if first < self.options.keep:
            self.kept[first] = rows[:, :, : self.options.keep - first].transpose(2, 0, 1).copy()

    def run_all(self, todo):
        for first, number in todo:
            self.run(first, number)


def main():
    options = OPTIONS
    p, size = read_records(options.parameters)
    begin = time.perf_counter()
    Worker(p, size, options).run(0, 2)
    warm_up = time.perf_counter() - begin
    begin = time.perf_counter()
    workers = [Worker(p, size, options) for _ in range(options.threads)]
    todo = batches(options)
    with ThreadPoolExecutor(options.threads) as pool:
        list(pool.map(lambda k: workers[k].run_all(todo[k :: options.threads]), range(options.threads)))
    statistics, counts = workers[0].statistics, sum(worker.counts for worker in workers)
    for worker in workers[1:]:
        statistics.merge(worker.statistics)
    seconds = time.perf_counter() - begin
    if options.statistics:
        statistics.write(options.statistics)
    if options.rows:
        kept = {first: rows for worker in workers for first, rows in worker.kept.items()}
        np.concatenate([kept[first] for first in sorted(kept)]).tofile(options.rows)
    report(options, peer="numba", version=f"Numba {numba.__version__}", device="cpu", warm_up_seconds=warm_up,
           months=size.months, seconds=seconds, unsolved=counts[0], iterations=counts[1])


if __name__ == "__main__":
    main()
