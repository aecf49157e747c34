"""Statistics over paths of every measure in every month: sums, extremes and histograms with the bins of chokepoint's
own, 256 an octave (sign, exponent and 8 bits of the mantissa of a float)."""

import json

import numpy as np

MISSING = np.float32(3.0e38)
LEVELS = {"q05": 0.05, "median": 0.5, "q95": 0.95}


def bins_of(values):
    """Numbers in the order of the values."""
    bits = values.view(np.int32)
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)) >> 15


def edges_of(bins):
    keys = (bins.astype(np.int64) * 32768).astype(np.int32)
    return (keys ^ ((keys >> 31) & 0x7FFFFFFF)).view(np.float32)


def count_bins(bins, usable, shift, counts):
    """@param bins, usable [measures, paths]  @param shift from bins to places in `counts`, by measure"""
    places = bins + shift[:, None]
    np.add.at(counts, places.ravel() if usable.all() else places[usable], np.uint32(1))


class MonthStatistics:
    """Of one month. Counts of all measures lie in one array, each measure's from its least octave to its greatest."""

    def __init__(self, measures, count):
        self.count = count
        self.number = np.zeros(measures, np.int64)
        self.sum, self.squares = np.zeros(measures), np.zeros(measures)
        self.least, self.greatest = np.full(measures, np.inf, np.float32), np.full(measures, -np.inf, np.float32)
        self.first, self.end = np.full(measures, 2**30, np.int64), np.full(measures, -(2**30), np.int64)
        self.start, self.counts = np.zeros(measures, np.int64), np.zeros(0, np.uint32)

    def add(self, values):
        """@param values [measures, paths]"""
        usable = abs(values) < MISSING
        if usable.all():
            self.number += values.shape[1]
            low, high = values, values
        else:
            self.number += usable.sum(1)
            low, high = np.where(usable, values, np.inf), np.where(usable, values, -np.inf)
            values = np.where(usable, values, np.float32(0))
        wide = values.astype(np.float64)
        self.sum += wide.sum(1)
        self.squares += np.einsum("mp,mp->m", wide, wide)
        low, high = low.min(1), high.max(1)
        np.minimum(self.least, low, out=self.least)
        np.maximum(self.greatest, high, out=self.greatest)
        seen = low <= high
        self.make_room(
            np.where(seen, bins_of(np.where(seen, low, 0).astype(np.float32)), 2**30),
            np.where(seen, bins_of(np.where(seen, high, 0).astype(np.float32)) + 1, -(2**30)),
        )
        self.count(bins_of(values), usable, self.start - self.first, self.counts)

    def make_room(self, first, end):
        """For bins from `first` to before `end`, in whole octaves."""
        first, end = np.minimum(self.first, first & ~255), np.maximum(self.end, (end + 255) & ~255)
        if (first == self.first).all() and (end == self.end).all():
            return
        size = np.maximum(end - first, 0)
        start = np.cumsum(size) - size
        counts = np.zeros(size.sum(), np.uint32)
        for k in np.flatnonzero(self.end > self.first):
            held = self.counts[self.start[k] : self.start[k] + self.end[k] - self.first[k]]
            to = start[k] + self.first[k] - first[k]
            counts[to : to + len(held)] = held
        self.first, self.end, self.start, self.counts = first, end, start, counts

    def merge(self, other):
        self.make_room(other.first, other.end)
        for k in np.flatnonzero(other.end > other.first):
            size = other.end[k] - other.first[k]
            to = self.start[k] + other.first[k] - self.first[k]
            self.counts[to : to + size] += other.counts[other.start[k] : other.start[k] + size]
        self.number, self.sum, self.squares = (
            self.number + other.number,
            self.sum + other.sum,
            self.squares + other.squares,
        )
        self.least, self.greatest = np.minimum(self.least, other.least), np.maximum(self.greatest, other.greatest)

    def quantile(self, k, level):
        """The middle of the bin in which the value at a rank lies, within the extremes."""
        counts = self.counts[self.start[k] : self.start[k] + self.end[k] - self.first[k]]
        at = np.searchsorted(np.cumsum(counts, dtype=np.float64), level * (self.number[k] - 1) + 1)
        low, high = edges_of(self.first[k] + at + np.arange(2))
        return float(np.clip((low + high) / 2, self.least[k], self.greatest[k]))

    def listed(self):
        def each(value):
            return [value(k) if self.number[k] else None for k in range(len(self.number))]

        mean = self.sum / np.maximum(self.number, 1)
        deviation = np.sqrt(np.maximum(self.squares / np.maximum(self.number, 1) - mean**2, 0))
        return {
            "mean": each(lambda k: mean[k]),
            "standard_deviation": each(lambda k: deviation[k]),
            **{name: each(lambda k: self.quantile(k, level)) for name, level in LEVELS.items()},
        }


class Statistics:
    def __init__(self, months, measures, count=count_bins):
        """@param count how a peer counts bins"""
        self.months = [MonthStatistics(measures, count) for _ in range(months)]

    def merge(self, other):
        for mine, theirs in zip(self.months, other.months):
            mine.merge(theirs)

    def write(self, path):
        rows = [month.listed() for month in self.months]
        with open(path, "w", encoding="utf-8") as file:
            json.dump({name: [row[name] for row in rows] for name in rows[0]}, file)
