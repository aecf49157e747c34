"""The program against a plain implementation written from docs/model.md: every measure, month by month.

CHOKEPOINT_EXHAUSTIVE=1 compares more paths, all of their months (many minutes)."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

if sys.version_info < (3, 11):
    print("skipped: tomllib needs Python 3.11")
    sys.exit(77)

import compare
import program
from draws import philox
from path import run_path
from scenario import read_scenario

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SMOKE = SOURCE / "configs" / "smoke.toml"
LONG = os.environ.get("CHOKEPOINT_EXHAUSTIVE", "0") != "0"


class ReferenceTest(unittest.TestCase):
    def compare_all(self, runs):
        for run in runs:
            with self.subTest(run.label):
                result = compare.compare(BUILD / "chokepoint", run)
                self.assertLess(result.double.size, compare.DOUBLE_TOLERANCE, str(result.double))
                if run.in_single:
                    self.assertLess(result.single.size, compare.SINGLE_TOLERANCE, str(result.single))
                if run.shows_mechanism:
                    self.assertTrue(run.case.seen(result.rows), "the mechanism was not at work")

    def test_philox_gives_its_known_answers(self):
        lines = (SOURCE / "tests" / "data" / "philox4x32-10.txt").read_text().splitlines()
        answers = [[int(word, 16) for word in line.split()] for line in lines if not line.startswith("#")]
        self.assertTrue(answers)
        for words in answers:
            self.assertEqual(list(philox(words[0:4], words[4:6])), words[6:10])

    def test_a_slightly_different_model_is_noticed(self):
        rows = program.replay(BUILD / "chokepoint", SMOKE, "--path", 1, "--engine", "reference")
        for name in ("sigma", "kink", "expected_decline", "class_choice", "demand_exponent", "paid_share"):
            with self.subTest(name):
                scenario = read_scenario(SMOKE)
                setattr(scenario, name, getattr(scenario, name) * 1.01)
                worst = compare.largest_difference(run_path(scenario, path=1), rows)
                self.assertGreater(worst.size, 5 * compare.DOUBLE_TOLERANCE)

    def test_the_baseline_month_by_month(self):
        self.compare_all(compare.baseline_runs(SOURCE, LONG))

    def test_paths_of_the_small_market_on_the_same_draws(self):
        self.compare_all(compare.smoke_runs(SOURCE, LONG))

    def test_every_mechanism(self):
        with tempfile.TemporaryDirectory(prefix="chokepoint-reference-") as folder:
            self.compare_all(compare.case_runs(SOURCE, Path(folder), LONG))

    def test_scenarios_at_random(self):
        with tempfile.TemporaryDirectory(prefix="chokepoint-reference-") as folder:
            self.compare_all(compare.random_runs(SOURCE, Path(folder), LONG))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
