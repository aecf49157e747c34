"""What plan says of memory, against what a run takes. Usage: memory_test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "commands"), str(TESTS / "stress")]
import cli  # noqa: E402
import stress  # noqa: E402
from cli import SMOKE  # noqa: E402

BASELINE = cli.SOURCE / "configs/baseline.toml"


class Plan(cli.CommandTest):
    def planned(self, *arguments):
        return json.loads(self.succeed("plan", *arguments, "--json").stdout)["memory_bytes"]

    def peak(self, *arguments):
        """Bytes of main memory that a run filled at its peak."""
        process = subprocess.Popen([cli.PROGRAM, "run", *map(str, arguments), "--quiet", "--out", "out", "--force"],
                                   cwd=self.folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss << 10

    def test_peak_is_at_most_what_plan_says(self):
        for arguments in [(SMOKE, "--paths", 64), (SMOKE, "--paths", 4096, "--threads", 4, "--batch", 64),
                          (SMOKE, "--paths", 256, "--set", "scenario.months=240"),
                          (BASELINE, "--paths", 600, "--threads", 2, "--batch", 64)]:
            with self.subTest(arguments=arguments):
                self.assertLess(self.peak(*arguments), 1.1 * self.planned(*arguments))

    def test_what_does_not_fit_is_refused_at_once(self):
        """Under ulimit -v: refused with both numbers below what is needed, done above, and nothing in between."""
        run = ["run", SMOKE, "--paths", 64, "-q", "--out", "out", "--force"]
        refused = done = 0
        for megabytes in range(120, 360, 12):
            answer = stress.call(cli.BUILD, run, self.folder, [(resource.RLIMIT_AS, megabytes << 20)])
            self.assertTrue(stress.ours(answer), f"{megabytes} MB: {answer.returncode} {answer.stderr}")
            refused += b"this run needs" in answer.stderr and b"ulimit -v" in answer.stderr
            done += answer.returncode == 0
        self.assertEqual(refused + done, 20)
        self.assertGreater(refused, 3)
        self.assertGreater(done, 3)


if __name__ == "__main__":
    cli.main()
