"""Modes of arithmetic that a library sets in some thread: right results or exit code 4, never other numbers. Usage:
arithmetic_test.py SOURCE_DIR BUILD_DIR
"""

import json
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "commands"), str(TESTS / "stress")]
import cli  # noqa: E402
import stress  # noqa: E402
from cli import SMOKE  # noqa: E402
from hostile_environments import MODES, PLACES  # noqa: E402


@unittest.skipUnless(stress.IS_X86, "the modes are those of x86")
class Modes(cli.CommandTest):
    def setUp(self):
        super().setUp()
        self.library = stress.preloaded("hostile_modes", self.folder)

    def hostile(self, place, mode):
        return {"LD_PRELOAD": str(self.library), "HOSTILE_WHERE": place, **MODES[mode]}

    def call_with(self, variables, *arguments):
        return stress.call(cli.BUILD, arguments, self.folder, variables=variables)

    def files(self, out):
        """What a result says, but for the time that it took and the date."""
        summary = {key: value for key, value in self.summary(out).items() if key not in ("provenance", "seconds")}
        csv = [line for line in (self.folder / out / "prices.csv").read_text().splitlines() if not line.startswith("#")]
        return summary.get("digest"), csv

    def test_runs(self):
        self.run_smoke("right")
        right = self.files("right")
        for place in PLACES:
            for mode in MODES if place == "memory" else ("up", "flush both", "both up"):
                with self.subTest(place=place, mode=mode):
                    answer = self.call_with(self.hostile(place, mode), "run", SMOKE, "--paths", 64, "--quiet", "--out",
                                            "out", "--force")
                    self.assertIn(answer.returncode, (0, 4), answer.stderr)
                    if answer.returncode == 0:
                        self.assertEqual(self.files("out"), right)
                    else:
                        self.assertIn(b"round otherwise", answer.stderr)
        # What a library sets in every thread before it computes is put right.
        self.call_with(self.hostile("thread", "flush both"), "run", SMOKE, "--paths", 64, "--quiet", "--out", "set")
        self.assertEqual(self.files("set"), right)

    def test_every_command_that_computes(self):
        self.run_smoke("a")
        self.run_smoke("b", "--set", "market.sigma=7")
        market = cli.SOURCE / "configs/markets/murphy_cournot.toml"
        for arguments in [["replay", SMOKE], ["clear", market, "--json"], ["validate", SMOKE, "--parameters"],
                          ["compare", "a", "b", "--paths", 64, "--json"]]:
            right = self.call_with({}, *arguments)
            for place in PLACES:
                for mode in ("up", "flush both", "x87 up"):
                    with self.subTest(arguments=arguments, place=place, mode=mode):
                        answer = self.call_with(self.hostile(place, mode), *arguments)
                        self.assertIn(answer.returncode, (0, 4), answer.stderr)
                        if answer.returncode == 0:
                            self.assertEqual(self.figures(answer.stdout), self.figures(right.stdout))

    def figures(self, text):
        """What was printed, but for the time that it took and the date."""
        if not text.startswith(b"{"):
            return text
        return {key: value for key, value in json.loads(text).items() if key != "provenance"}

    def test_doctor(self):
        for place in ("start", "thread"):
            for mode in ("up", "flush operands", "x87 short"):
                answer = self.call_with(self.hostile(place, mode), "doctor", "--json")
                facts = json.loads(answer.stdout)
                self.assertEqual((answer.returncode, facts["rounding"], facts["floating point good"]),
                                 (0, "nearest", True))


if __name__ == "__main__":
    cli.main()
