"""Compares paths of the program, in double and in single precision, with those of the plain implementation beside this
file, which shares no code with it: every measure of every month.

    python3 tests/reference/compare.py --table [--build build] [--long]

prints what was compared and how far the two are apart, as a table in markdown."""

import argparse
import math
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import program
from cases import CASES
from edit import write_case
from path import run_path
from random_cases import random_case
from scenario import read_scenario

# Measures leave the program in single precision and with 8 digits: 1.1e-7. The rest is room for what a solver's 1e-10
# and constants of 8 digits (chokepoint/market/shocks.hpp, half_common) become in small differences of large numbers.
DOUBLE_TOLERANCE = 5e-7
# Single precision clears markets to 3e-5 of demand, which a price shows over the slope of its market, and months build
# on one another.
SINGLE_TOLERANCE = 5e-3

# In the unit of the measure: differences of what is smaller are taken relative to this. Logarithms, ratios of them, a
# margin, chips that wait out of thousands and tokens beyond an allowance are small differences of large numbers.
SMALL = 0.01
SMALL_FOR = {"price_change": 1.0, "pass_through": 1.0, "application_margin": 1.0, "idle_for_power": 10.0,
             "user_bill": 1.0}


def difference(name, a, b):
    """Relative to the larger of the two; infinite where one side alone is missing."""
    if a is None or b is None:
        return 0.0 if a is b else math.inf
    return abs(a - b) / max(abs(a), abs(b), SMALL_FOR.get(name.split("[")[0], SMALL))


@dataclass
class Worst:
    """The largest difference of a path, and where it was."""

    size: float = 0.0
    month: int = 0
    measure: str = ""
    expected: float | None = None
    obtained: float | None = None

    def __str__(self):
        return f"{self.size:.1e} in month {self.month}, {self.measure}: {self.expected} here, {self.obtained} there"


def largest_difference(expected, obtained):
    worst = Worst()
    for month, (here, there) in enumerate(zip(expected, obtained)):
        if here.keys() != there.keys():
            return Worst(math.inf, month, f"only one side has {sorted(here.keys() ^ there.keys())}")
        for name in here:
            size = difference(name, here[name], there[name])
            if size > worst.size:
                worst = Worst(size, month, name, here[name], there[name])
    return worst


@dataclass
class Run:
    """One path to compare; no path number: without shocks."""

    label: str
    config: Path
    months: int
    path: int | None = None
    seed: int | None = None
    case: object = None

    def arguments(self):
        if self.path is None:
            return ["--no-shocks"]
        return ["--path", self.path] + ([] if self.seed is None else ["--seed", self.seed])

    @property
    def shows_mechanism(self):
        """Whether this is the path on which the case's mechanism has to be seen at work."""
        return self.case is not None and self.case.noise_only == (self.path is not None)

    @property
    def in_single(self):
        return self.case is None or self.case.single


@dataclass
class Result:
    run: Run
    rows: list
    double: Worst
    single: Worst


def compare(executable, run):
    scenario = read_scenario(run.config)
    expected = run_path(scenario, run.months, run.path or 0, run.seed, no_shocks=run.path is None)
    double = program.replay(executable, run.config, *run.arguments(), "--engine", "reference")
    single = program.replay(executable, run.config, *run.arguments(), "--engine", "scalar")
    return Result(run, expected, largest_difference(expected, double[:run.months]),
                  largest_difference(expected, single[:run.months]))


def baseline_runs(source, long):
    config = source / "configs" / "baseline.toml"
    yield Run("baseline, no shocks", config, 72)
    for path, seed, months in ((0, None, 72), (4711, 3, 36), (12345, 77, 36)):
        yield Run(f"baseline, path {path}", config, 72 if long else months, path, seed)
    for path in range(1, 9 if long else 0):
        yield Run(f"baseline, path {path}", config, 72, path)


def smoke_runs(source, long):
    config = source / "configs" / "smoke.toml"
    paths = [(0, None), (1, None), (2, 5), (2**33 + 5, 2**40 + 3)]
    for path, seed in paths + [(path, None) for path in range(3, 40 if long else 3)]:
        yield Run(f"smoke, path {path}", config, 24, path, seed)


def case_runs(source, folder, long):
    for number, case in enumerate(CASES):
        config = write_case(case, source / "configs" / "smoke.toml", folder)
        if not case.noise_only:
            yield Run(f"{case.name}, no shocks", config, 24, case=case)
        for path in range(3 + 10 * number, 3 + 10 * number + (12 if long else 2)):
            yield Run(f"{case.name}, path {path}", config, 24, path, 4, case=case)


def random_runs(source, folder, long):
    for seed in range(150 if long else 12):
        case = random_case(seed)
        config = write_case(case, source / "configs" / "smoke.toml", folder)
        yield Run(f"{case.name}, path {seed}", config, 24, seed, case=case)


def all_runs(source, folder, long=False):
    """@returns what is compared: the baseline, the smoke test, one scenario a mechanism, and some at random"""
    yield from baseline_runs(source, long)
    yield from smoke_runs(source, long)
    yield from case_runs(source, folder, long)
    yield from random_runs(source, folder, long)


def table(source, build, long):
    yield "| scenario | months | measures | largest difference, double | single | allowed, double | single |"
    yield "|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory(prefix="chokepoint-reference-") as folder:
        for run in all_runs(source, Path(folder), long):
            result = compare(build / "chokepoint", run)
            single = f"{result.single.size:.1e}" if run.in_single else "not compared"
            yield (f"| {run.label} | {len(result.rows)} | {len(result.rows[0])} | {result.double.size:.1e} | {single} "
                   f"| {DOUBLE_TOLERANCE:.0e} | {SINGLE_TOLERANCE:.0e} |")


def main():
    source = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", required=True, help="print the table")
    parser.add_argument("--build", type=Path, default=source / "build", help="build folder with the program [build]")
    parser.add_argument("--long", action="store_true", help="more paths, and all of their months")
    arguments = parser.parse_args()
    if not (arguments.build / "chokepoint").exists():
        parser.error(f"{arguments.build} has no program `chokepoint`: build it, or give --build")
    for line in table(source, arguments.build, arguments.long):
        print(line, flush=True)


if __name__ == "__main__":
    main()
