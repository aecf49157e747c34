"""What plan says of memory, against what a run takes. Usage: memory_test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import resource
import shutil
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


MOUNTS = {1: "36 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
          2: "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"}
GROUPS = {1: "5:memory:/slurm/job_7/step_0\n0::/\n", 2: "0::/slurm/job_7/step_0\n"}
FILES = {1: "memory/{}/memory.limit_in_bytes", 2: "{}/memory.max"}


class ControlGroups(cli.CommandTest):
    """Whole commands under control groups that a library plants (FAIL_ROOT of tests/stress/failing_calls.c)."""

    def setUp(self):
        super().setUp()
        self.library = stress.preloaded("failing_calls", self.folder)

    def under(self, version, limits, *arguments):
        """@param limits bytes by group"""
        root = self.folder / "root"
        shutil.rmtree(root, ignore_errors=True)
        files = {"proc/self/cgroup": GROUPS[version], "proc/self/mountinfo": MOUNTS[version]}
        for group, value in limits.items():
            files["sys/fs/cgroup/" + FILES[version].format(group)] = f"{value}\n"
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return stress.call(cli.BUILD, arguments, self.folder,
                           variables={"LD_PRELOAD": str(self.library), "FAIL_ROOT": str(root)})

    def test_a_run_in_a_nested_group_is_refused_by_whichever_limit_is_least(self):
        run = ["run", SMOKE, "--paths", 64, "-q", "--out", "out", "--force"]
        none, little, much = {1: 9223372036854771712, 2: "max"}, 16 << 20, 8 << 30
        for version in (1, 2):
            source = FILES[version].format("").split("/")[-1] + " of its control group"
            for of_step, of_job, of_all in ((little, much, much), (much, little, none[version]), (none[version], much, little)):
                limits = {"slurm/job_7/step_0": of_step, "slurm/job_7": of_job, "slurm": of_all}
                answer = self.under(version, limits, *run)
                self.assertEqual(answer.returncode, 3, answer.stderr)
                self.assertIn(f"there are 16.0 MiB ({source})".encode(), answer.stderr)
                self.assertTrue(stress.ours(answer))
                self.assertFalse((self.folder / "out").exists())
            self.assertEqual(self.under(version, {"slurm/job_7": much}, *run).returncode, 0)
            shutil.rmtree(self.folder / "out")

    def test_doctor_names_every_limit_and_the_least_of_them(self):
        answer = self.under(2, {"slurm/job_7": 4 << 30}, "doctor", "--json")
        facts = json.loads(answer.stdout)
        self.assertEqual((facts["memory"], facts["memory decided by"]), ("4.0 GiB", "memory.max of its control group"))
        self.assertIn("4.0 GiB memory.max of its control group", facts["memory limits"])
        answer = stress.call(cli.BUILD, ["doctor", "--json"], self.folder, [(resource.RLIMIT_AS, 1 << 30)])
        facts = json.loads(answer.stdout)
        self.assertEqual(facts["memory decided by"], "address space left of ulimit -v")
        self.assertRegex(facts["memory limits"][0], r"^\d+\.\d MiB address space left of ulimit -v$")
        self.assertGreater(len(facts["memory limits"]), 1)


if __name__ == "__main__":
    cli.main()
