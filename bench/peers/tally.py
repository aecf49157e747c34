"""What a worker (a thread or a process) of a peer brings home, and the end of every run."""

import numpy as np

from common import report
from path_statistics import Statistics


class Tally:
    def __init__(self, size, options, **how):
        self.size, self.options = size, options
        self.statistics, self.kept = Statistics(size.months, size.measures, **how), {}
        self.unsolved = self.iterations = 0

    def add(self, first, t, rows, unsolved, iterations):
        """A month of a batch, whose first path is `first`.
        @param rows [measures, paths]  @param unsolved, iterations of the solver, in all of them"""
        self.statistics.months[t].add(rows)
        self.unsolved, self.iterations = self.unsolved + int(unsolved), self.iterations + int(iterations)
        keep = min(rows.shape[1], self.options.keep - first)
        if keep > 0:
            if t == 0:
                self.kept[first] = np.empty((keep, self.size.months, self.size.measures), np.float32)
            self.kept[first][:, t] = rows[:, :keep].T

    def merge(self, others):
        for other in others:
            self.statistics.merge(other.statistics)
            self.kept.update(other.kept)
            self.unsolved, self.iterations = self.unsolved + other.unsolved, self.iterations + other.iterations
        return self

    def finish(self, seconds, **facts):
        """Writes the files asked for and prints the report."""
        if self.options.statistics:
            self.statistics.write(self.options.statistics)
        if self.options.rows:
            np.concatenate([self.kept[first] for first in sorted(self.kept)]).tofile(self.options.rows)
        report(
            self.options,
            months=self.size.months,
            seconds=seconds,
            unsolved=self.unsolved,
            iterations=self.iterations,
            **facts
        )
