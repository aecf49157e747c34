"""Disks, memory and signals that fail a run. Usage: failure_test.py SOURCE_DIR BUILD_DIR"""

import os
import resource
import signal
import subprocess
import time
import unittest

import cli
from cli import PROGRAM, SMOKE


def small_files():
    """Every write beyond 20 kB fails from here on, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))


def heed_interrupts():
    """A job that a shell started in the background ignores them, and so would the program."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (96 << 20, 96 << 20))


class Disk(cli.CommandTest):
    def test_writing_fails_half_way(self):
        self.refuse(3, "cannot write", "run", SMOKE, "--paths", "64", "--out", "out", "--quiet", preexec_fn=small_files)
        self.run_smoke("out")
        self.refuse(3, "cannot write", "run", SMOKE, "--paths", "64", "--out", "out", "--force", "--quiet",
                    preexec_fn=small_files)

    def test_full_disk(self):
        script = ("mkdir disk && mount -t tmpfs -o size=100k none disk && "
                  f"'{PROGRAM}' run '{SMOKE}' --paths 64 --quiet --out disk/deep/out; "
                  "status=$?; test -z \"$(ls -A disk)\" || exit 99; exit $status")
        answer = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=self.folder, capture_output=True, text=True)
        if answer.returncode in (1, 32):
            self.skipTest("no mounts here")
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertIn("No space left on device", answer.stderr)

    def test_targets_that_cannot_be_written(self):
        for target in ["/dev/null/out", "/dev/full/out", "/proc/out"]:
            self.refuse(3, target.rsplit("/", 1)[0], "run", SMOKE, "--paths", "16", "--out", target)

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_read_only_folder(self):
        (self.folder / "locked").mkdir(mode=0o555)
        self.refuse(3, "Permission denied", "run", SMOKE, "--paths", "16", "--out", "locked/out")

    def test_full_stdout(self):
        with open("/dev/full", "w") as full:
            for arguments in [["replay", SMOKE], ["schema"], ["doctor"], ["run", SMOKE, "--paths", "16", "--json"]]:
                answer = self.call(*arguments, stdout=full)
                self.assertEqual(answer.returncode, 3, arguments)
                self.assertIn("standard output", answer.stderr)


class Memory(cli.CommandTest):
    def test_too_little(self):
        answer = self.refuse(3, "memory", "run", SMOKE, "--paths", "64", "--threads", "64", "--batch", "1", "--quiet",
                             preexec_fn=little_memory)
        self.assertEqual(answer.stderr.count("\n"), 1)


class Signals(cli.CommandTest):
    def stop(self, number, code):
        command = [PROGRAM, "run", SMOKE, "--paths", "1e9", "--out", "deep/out"]
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=heed_interrupts)
        deadline = time.monotonic() + 60
        while not (self.folder / "deep").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        start = time.monotonic()
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual(process.returncode, code, errors)
        self.assertEqual(output, "")
        self.assertIn("nothing was written", errors)
        self.assertEqual(self.everything(), set())

    def test_interrupt(self):
        self.stop(signal.SIGINT, 130)

    def test_terminate(self):
        self.stop(signal.SIGTERM, 143)


if __name__ == "__main__":
    cli.main()
