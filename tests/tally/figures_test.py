"""Figures of the tallies against those of all values (--exact-quantiles, and all paths walked once more): every measure of
the baseline, of 240 months, and of one scenario a mechanism. Usage: figures_test.py SOURCE_DIR BUILD_DIR

Allowed: mean and standard deviation 1e-6 of the larger of mean and standard deviation; extremes none; quantiles and
shortfalls one bin, 0.39 % of the values that they are made of."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

if sys.version_info < (3, 11):
    print("skipped: tomllib needs Python 3.11")
    sys.exit(77)

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(SOURCE / "tests" / "reference"))

from cases import CASES, Case  # noqa: E402
from edit import write_case  # noqa: E402

SMOKE = SOURCE / "configs" / "smoke.toml"
FIGURES = ("mean", "standard deviation", "extremes", "quantiles", "shortfalls")


class Figures(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="chokepoint-figures-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def check(self, paths, names, files):
        answer = subprocess.run([str(BUILD / "tests" / "tally_driver"), "figures", str(paths), *map(str, files)],
                                capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        lines = answer.stdout.splitlines()
        self.assertEqual(len(lines), len(names))
        for name, line in zip(names, lines):
            rows, *errors = map(float, line.split())
            print(f"{name}: {rows:.0f} measures and months; over what is allowed: "
                  + ", ".join(f"{figure} {error:.2g}" for figure, error in zip(FIGURES, errors)))
            self.assertGreater(rows, 1000, name)
            self.assertGreater(errors[3], 0.1, f"{name}: nothing to look at")
            for figure, error in zip(FIGURES, errors):
                self.assertLessEqual(error, 1, f"{name}: {figure}")

    def test_every_mechanism(self):
        self.check(257, [case.name for case in CASES], [write_case(case, SMOKE, self.folder) for case in CASES])

    def test_baseline(self):
        self.check(1025, ["baseline"], [SOURCE / "configs" / "baseline.toml"])

    def test_240_months(self):
        case = Case("240 months", {"scenario.months": 240}, None)
        self.check(513, [case.name], [write_case(case, SMOKE, self.folder)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
