"""Disks, memory and signals that fail a run. Usage: failure_test.py SOURCE_DIR BUILD_DIR"""

import os
import re
import resource
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import cli
from cli import PROGRAM, SMOKE

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stress"))
import stress  # noqa: E402


def small_files():
    """Every write beyond 20 kB fails from here on, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))


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
                self.assertIn("cannot write to standard output: No space left on device; free some space there, or send "
                              "standard output elsewhere", answer.stderr)
                self.assertNotIn("--out", answer.stderr)
                self.assertEqual("(the files are written)" in answer.stderr, arguments[0] == "run")

    def test_standard_output_that_takes_nothing(self):
        market = cli.SOURCE / "configs/markets/murphy_cournot.toml"
        for arguments in [["--help"], ["--version"], ["run", "--help"], ["help"], ["schema"], ["validate", SMOKE],
                          ["clear", market], ["plan", SMOKE, "--paths", "16"]]:
            with open("/dev/full", "w") as full, self.subTest(arguments=arguments):
                answer = self.call(*arguments, stdout=full)
                self.assertEqual(answer.returncode, 3, answer.stderr)
                self.assertIn("standard output", answer.stderr)
            with self.subTest(arguments=arguments, closed=True):
                answer = self.call(*arguments, stdout=None, preexec_fn=lambda: os.close(1))
                self.assertEqual(answer.returncode, 3, answer.stderr)
                self.assertIn("standard output", answer.stderr)

    def test_results_do_not_go_where_standard_output_was(self):
        self.run_smoke("right")
        answer = self.call("run", SMOKE, "--paths", "64", "--out", "out", stdout=None, preexec_fn=lambda: os.close(1))
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertEqual(self.summary("out")["digest"], self.summary("right")["digest"])

    def test_reader_that_leaves(self):
        process = subprocess.Popen([PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()  # the schema is longer than a pipe holds
        self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.wait(), 128 + signal.SIGPIPE)
        process.stderr.close()


class Memory(cli.CommandTest):
    def test_too_little(self):
        answer = self.refuse(3, "memory", "run", SMOKE, "--paths", "64", "--threads", "64", "--batch", "1", "--quiet",
                             preexec_fn=little_memory)
        self.assertEqual(answer.stderr.count("\n"), 1)

    def test_little_address_space(self):
        """Wherever it runs out: one message, never a death; and what fits gives the same digest."""
        right = self.run_smoke("right")["digest"]
        ended = set()
        for megabytes in range(80, 440, 20):
            limit = [(resource.RLIMIT_AS, megabytes << 20)]
            answer = stress.call(cli.BUILD, ["run", SMOKE, "--paths", 64, "--threads", 2, "-q", "--out", "out",
                                             "--force"], self.folder, limit)
            ended.add(answer.returncode)
            self.assertTrue(stress.ours(answer), f"{megabytes} MB: {answer.returncode} {answer.stderr}")
            if answer.returncode == 0:
                self.assertEqual(self.summary("out")["digest"], right)
        self.assertEqual(ended - {127}, {0, 3})  # 127: the loader found no room for the libraries, before the program began


class FailingCalls(cli.CommandTest):
    """Calls of the system that fail, made so by a library (tests/stress/failing_calls.c)."""

    def setUp(self):
        super().setUp()
        self.library = stress.preloaded("failing_calls", self.folder)

    def failing(self, call, at, *arguments, error=5, ever=False):
        variables = {"LD_PRELOAD": str(self.library), "FAIL_CALL": call, "FAIL_AT": str(at), "FAIL_ERRNO": str(error),
                     **({"FAIL_EVER": "1"} if ever else {})}
        answer = stress.call(cli.BUILD, arguments, self.folder, variables=variables)
        self.assertTrue(stress.ours(answer), f"{answer.returncode}: {answer.stderr}")
        return answer.returncode, answer.stderr.decode()

    def test_thread_that_cannot_be_made(self):
        for at in (1, 2, 4):
            code, said = self.failing("pthread_create", at, "run", SMOKE, "--paths", 64, "--batch", 16, "--threads", 4,
                                   "-q", "--out", "out", error=11)
            self.assertEqual(code, 3)
            self.assertIn("fewer --threads" if at > 1 else "higher limits of processes", said)
            self.assertFalse((self.folder / "out").exists())

    def test_config_that_cannot_be_read(self):
        for path in (SMOKE, cli.SOURCE / "configs/baseline.toml"):
            code, said = self.failing("read", 1, "validate", path)
            self.assertEqual(code, 2)
            self.assertIn(f"{path}", said)
            self.assertIn("can't be read: Input/output error", said)
            self.assertIn("1 fault in", said)

    def test_claim_that_cannot_be_read(self):
        """A folder of claims is judged whole or not at all."""
        claims = self.folder / "claims"
        claims.mkdir()
        for number in (1, 2):
            (claims / f"{number}.toml").write_text(SMOKE.read_text() + f'''
[claim]
number = {number}
sentence = "Prices fall."
source = "this test"
predicate = "occurs(world_price < 2)"
''')
        self.succeed("verdict", "claims", "--paths", 16, "--no-attribution")
        for at in range(1, 5):
            code, said = self.failing("read", at, "verdict", "claims", "--paths", 16, "--no-attribution", "--json")
            self.assertIn(code, (2, 3))
            self.assertIn("claims/", said)
            self.assertIn("Input/output error", said)

    def test_result_whose_reading_or_closing_fails(self):
        self.run_smoke("a")
        for at in range(1, 5):
            code, said = self.failing("read", at, "merge", "a", "--out", f"b{at}")
            if code == 0:
                break
            self.assertEqual(code, 3)  # the machine's fault, not the file's
            self.assertRegex(said, r"'a.*Input/output error")
        self.assertGreater(at, 1)
        code, said = self.failing("close", 1, "report", "a", "--quiet", "--out", "page.html")
        self.assertEqual(code, 0, said)

    def test_write_that_takes_nothing(self):
        for at in (1, 2, 3):
            code, said = self.failing("write", at, "run", SMOKE, "--paths", 16, "-q", "--out", "out", error=0)
            self.assertEqual(code, 3)
            self.assertIn("cannot write", said)

    def test_child_that_cannot_answer(self):
        """Files are opened in a child first, which answers by a pipe. One that takes nothing, now or ever, holds nobody up."""
        stress.call(cli.BUILD, ["run", SMOKE, "--paths", 16, "-q", "--out", "whole"], self.folder)
        for error in (0, 5):
            variables = {"LD_PRELOAD": str(self.library), "FAIL_CALL": "write", "FAIL_AT": "1", "FAIL_EVER": "1",
                         "FAIL_ERRNO": str(error)}
            answer = stress.call(cli.BUILD, ["check", "-q", "whole"], self.folder, variables=variables, timeout=60)
            self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_answer_of_a_child_that_is_cut_off(self):
        """What is heard of a child's answer only in part is not taken for the whole."""
        self.run_smoke("a")
        for at in (80, 800, 3000):
            code, said = self.failing("read", at, "merge", "a", "-q", "--out", f"b{at}")
            self.assertEqual(code, 0, said)
            self.assertEqual(self.summary(f"b{at}")["digest"], self.summary("a")["digest"])

    def test_memory_that_is_refused_while_a_result_is_read(self):
        """The netCDF library ends the process in which that happens."""
        self.run_smoke("a")
        for at in range(130000, 200000, 10000):
            for ever in (False, True):
                code, said = self.failing("malloc", at, "merge", "a", "-q", "--out", f"b{at}{ever}", error=12, ever=ever)
                self.assertIn(code, (0, 2, 3), said)
                self.assertEqual((self.folder / f"b{at}{ever}").exists(), code == 0)

    def test_old_results_that_cannot_be_removed(self):
        """The message says where the new ones are whole, and the next run removes what is hidden of the failed one."""
        self.run_smoke("out")
        code, said = self.failing("unlink", 1, "run", SMOKE, "--paths", 16, "--seed", 5, "-q", "--out", "out", "--force", ever=True)
        self.assertEqual(code, 3)
        [whole] = re.findall("the result is whole in '([^']*)'", said)
        self.assertEqual(Path(whole), (self.folder / "out").resolve())
        self.succeed("check", "-q", "out")
        self.assertEqual(self.summary("out")["provenance"]["seed"], 5)
        self.run_smoke("out", "--force")
        self.assertEqual(list(self.folder.rglob(".chokepoint-*")), [])

    def test_folder_above_that_is_not_brought_to_the_disk(self):
        """By then the results are there: a warning, and no failure."""
        run = ["run", SMOKE, "--paths", 16, "-q", "--out"]
        stress.call(cli.BUILD, [*run, "first"], self.folder,
                    variables={"LD_PRELOAD": str(self.library), "FAIL_REPORT": str(self.folder / "calls")})
        uses = dict(line.split() for line in (self.folder / "calls").read_text().splitlines())
        code, said = self.failing("fsync", uses["fsync"], *run, "out")
        self.assertEqual(code, 0, said)
        self.assertIn("whether they are there after a power cut is uncertain: Input/output error", said)
        self.succeed("check", "out")


class Signals(cli.CommandTest):
    def stop(self, number, *arguments, until):
        """Sends a signal once `until` is there."""
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, preexec_fn=stress.as_a_shell_starts_it())
        deadline = time.monotonic() + 60
        while not until() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + number, errors)
        self.assertEqual(output, "")
        self.assertEqual(errors, f"warning: stopped by {stress.signal_name(number)}; nothing was written\n")

    def test_run(self):
        for number in stress.TERMINATING_SIGNALS:
            with self.subTest(signal=number):
                self.stop(number, "run", SMOKE, "--paths", "1e9", "--quiet", "--out", "deep/out",
                          until=(self.folder / "deep").exists)
                self.assertEqual(self.everything(), set())

    def test_a_fault_of_its_own_ends_it_as_ever(self):
        """By that signal, not as if somebody had asked: a library calls abort(), or reads where nothing is."""
        library = stress.preloaded("failing_calls", self.folder)
        for number, name in ((signal.SIGABRT, "abort"), (signal.SIGSEGV, "access"), (signal.SIGTRAP, "trap")):
            variables = {"LD_PRELOAD": str(library), "FAIL_CALL": "fsync", "FAIL_AT": "1", "FAIL_BY": name}
            answer = stress.call(cli.BUILD, ["run", SMOKE, "--paths", 16, "-q", "--out", "out"], self.folder,
                                 variables=variables)
            self.assertEqual(answer.returncode, -number, answer.stderr)
            self.assertNotIn(b"stopped by", answer.stderr)
        self.run_smoke("out")
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"out", library.name})

    def test_compare_and_verdict(self):
        claim = cli.SOURCE / "configs/evidence/01-glut-and-war.toml"
        for arguments in [["compare", SMOKE, "--change", "market.sigma=7", "--paths", "1e9"],
                          ["verdict", claim, "--paths", "1e6"]]:
            self.stop(signal.SIGTERM, *arguments, "--quiet", "--out", "deep/out",
                      until=(self.folder / "deep").exists)
            self.assertEqual(self.everything(), set())

    def test_gnuplot_is_ended_with_the_report(self):
        """A gnuplot that never ends, in place of the real one."""
        self.run_smoke("a")
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "gnuplot").write_text(f"#!/bin/sh\necho $$ > {self.folder}/pid\nexec sleep 1000\n")
        (tools / "gnuplot").chmod(0o755)
        before = {path for path, _ in self.everything()}
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{tools}:{path}"
        self.addCleanup(os.environ.update, {"PATH": path})
        self.stop(signal.SIGTERM, "report", "a", "--out", "page.html", "--figures", "figures",
                  until=(self.folder / "pid").exists)
        child = int((self.folder / "pid").read_text())
        (self.folder / "pid").unlink()
        self.assertEqual({path for path, _ in self.everything()}, before)
        self.assertFalse(Path(f"/proc/{child}").exists())

    def test_while_it_waits_for_a_pipe(self):
        """That nobody writes to."""
        os.mkfifo(self.folder / "pipe.toml")
        self.stop(signal.SIGTERM, "validate", "pipe.toml", until=lambda: True)

    def test_ignored_signals_stay_ignored(self):
        """As under nohup."""
        process = subprocess.Popen([PROGRAM, "run", SMOKE, "--paths", "3000", "--quiet", "--out", "out"],
                                   cwd=self.folder, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        time.sleep(0.2)
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(), 0)


if __name__ == "__main__":
    cli.main()
