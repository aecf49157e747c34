"""What others do at the target while a command runs. Usage: publish_test.py SOURCE_DIR BUILD_DIR"""

import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

import cli
from cli import FILES, PROGRAM, SMOKE

RUN = ["run", SMOKE, "--paths", 64, "--quiet"]
COMPARE = ["compare", SMOKE, "--change", "market.sigma=7", "--paths", 64, "--quiet"]


class PublishTest(cli.CommandTest):
    def halted(self, *arguments):
        """Starts a command and halts it once it has its temporary folder, before it is done."""
        process = subprocess.Popen([str(PROGRAM), *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            os.kill(process.pid, signal.SIGSTOP)
            if list(self.folder.rglob(".chokepoint-*")):
                return process
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(0.002)
        process.kill()
        self.fail(f"it was done too soon: {process.communicate()[1]}")

    def go_on(self, process, code):
        os.kill(process.pid, signal.SIGCONT)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, code, errors)
        return errors

    def kept(self, errors):
        """The folder in which a message says that the result is; whole by its manifest."""
        folder = re.search("whole in '([^']*)'", errors).group(1)
        self.succeed("check", folder)
        return Path(folder)

    def names(self, folder="."):
        return {path.name for path in (self.folder / folder).iterdir()}


class Races(PublishTest):
    def test_the_first_to_end_wins_and_the_other_keeps_its_result(self):
        for command, name in ((RUN, "two"), (COMPARE, "compared")):
            slow = self.halted(*command, "--out", name)
            self.succeed(*command, "--seed", 5, "--out", name)
            before = {path: path.read_bytes() for path in (self.folder / name).iterdir()}
            kept = self.kept(self.go_on(slow, 3))
            self.assertTrue(kept.name.startswith(name + ".result-"))
            self.assertEqual({path: path.read_bytes() for path in (self.folder / name).iterdir()}, before)
            self.succeed("check", name)
            again = self.succeed(*command, "--out", name, "--force")
            self.assertIn(f"'{kept.name}' beside '{name}' is a result that an earlier run could not put in place",
                          again.stderr)
            self.assertTrue(kept.is_dir())

    def test_with_force_the_last_wins_whole(self):
        slow = self.halted(*RUN, "--out", "two", "--force")
        self.succeed(*RUN, "--seed", 5, "--out", "two", "--force")
        self.go_on(slow, 0)
        self.succeed("check", "two")
        self.assertNotEqual(self.summary("two")["provenance"]["seed"], 5)
        self.assertEqual(self.names(), {"two"})


class Others(PublishTest):
    def test_what_appears_at_the_target_stays(self):
        def thesis(path):
            path.mkdir()
            (path / "thesis.tex").write_text("years of work")

        makers = [thesis, lambda path: path.write_text("a file"), lambda path: path.symlink_to("nowhere")]
        for number, make in enumerate(makers):
            for force in ([], ["--force"]):
                name = f"out{number}{len(force)}"
                process = self.halted(*RUN, "--out", name, *force)
                make(self.folder / name)
                before = self.everything_under(name)
                kept = self.kept(self.go_on(process, 3))
                self.assertEqual({path.name for path in kept.iterdir()}, FILES)
                self.assertEqual(self.everything_under(name), before)

    def everything_under(self, name):
        path = self.folder / name
        return [(str(one), one.lstat().st_mtime_ns) for one in [path, *sorted(path.rglob("*"))]]

    def test_notes_survive_before_and_during_a_run(self):
        (self.folder / "out").mkdir(mode=0o2770)
        (self.folder / "out").chmod(0o2770)
        process = self.halted(*RUN, "--out", "out")
        (self.folder / "out" / "notes.txt").write_text("mine")
        self.go_on(process, 0)
        self.assertEqual((self.folder / "out").stat().st_mode & 0o7777, 0o2770)
        process = self.halted(*RUN, "--out", "out", "--force", "--seed", 5)
        (self.folder / "out" / "plots").mkdir()
        (self.folder / "out" / "plots" / "a.png").write_text("mine too")
        self.go_on(process, 0)
        self.assertEqual(self.names("out"), FILES | {"notes.txt", "plots"})
        self.assertEqual((self.folder / "out/notes.txt").read_text(), "mine")
        self.assertEqual((self.folder / "out/plots/a.png").read_text(), "mine too")
        self.assertEqual(self.summary("out")["provenance"]["seed"], 5)
        self.assertIn("not ours: notes.txt, plots", self.succeed("check", "out").stdout)
        self.assertEqual(self.names(), {"out"})

    def test_a_file_of_others_in_the_way(self):
        self.run_smoke("out")
        process = self.halted(*RUN, "--out", "out", "--force", "--exact-quantiles", "world_price")
        (self.folder / "out/exact_quantiles.csv").write_text("mine")
        errors = self.go_on(process, 3)
        self.assertIn("exact_quantiles.csv", errors)
        self.kept(errors)
        self.assertEqual((self.folder / "out/exact_quantiles.csv").read_text(), "mine")
        self.refuse(2, "exact_quantiles.csv", *RUN, "--out", "out", "--force")

    def test_the_folder_above_is_renamed(self):
        process = self.halted(*RUN, "--out", "above/out")
        (self.folder / "above").rename(self.folder / "elsewhere")
        errors = self.go_on(process, 3)
        self.assertEqual(self.kept(errors), (self.folder / "elsewhere/out").resolve())

    def test_a_page_appears(self):
        self.run_smoke("a")
        process = subprocess.Popen([str(PROGRAM), "report", "a", "-q"], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        page = self.folder / "a/report.html"
        with page.open("x") as file:
            file.write("mine")
        process.communicate(timeout=300)
        self.assertIn(process.returncode, (2, 3))
        self.assertEqual(page.read_text(), "mine")

    def test_another_commands_results_are_not_replaced(self):
        self.succeed(*COMPARE, "--out", "out")
        self.refuse(2, "another command", *RUN, "--out", "out", "--force")
        self.succeed(*COMPARE, "--out", "out", "--force")

    def test_a_result_without_manifest_is_known_by_its_digest(self):
        self.run_smoke("old")
        (self.folder / "old/manifest.json").unlink()
        (self.folder / "old/notes").write_text("mine")
        self.assertEqual(self.run_smoke("old", "--force", "--seed", "5")["provenance"]["seed"], 5)
        self.assertEqual(self.names("old"), FILES | {"notes"})
        (self.folder / "theirs").mkdir()
        (self.folder / "theirs/summary.json").write_text("{}")
        self.refuse(2, "summary.json", *RUN, "--out", "theirs", "--force")


class Places(PublishTest):
    def in_mounts(self, script):
        """Runs a shell script where it may mount; SMOKE and PROGRAM are set."""
        answer = subprocess.run(["unshare", "-rm", "sh", "-ec", script], cwd=self.folder, capture_output=True, text=True,
                                env={**os.environ, "SMOKE": str(SMOKE), "PROGRAM": str(PROGRAM)})
        if "unshare" in answer.stderr or "mount:" in answer.stderr:
            self.skipTest("no mounts here")
        return answer

    def test_a_mount_point(self):
        for mount in ("mount -t tmpfs none out", "mkdir real && mount --bind real out"):
            answer = self.in_mounts(f"""mkdir -p out && {mount}
                "$PROGRAM" run "$SMOKE" -n 64 -q --out out && "$PROGRAM" check out && touch out/notes
                "$PROGRAM" run "$SMOKE" -n 64 -q --out out --force --seed 5 && "$PROGRAM" check out
                grep -q '"seed": 5' out/summary.json && ls -A out""")
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertEqual(set(answer.stdout.split("\n")[-7:-1]), FILES | {"notes"}, answer.stdout)

    def test_it_is_the_mounted_disk_that_must_have_room(self):
        answer = self.in_mounts("""mkdir out && mount -t tmpfs -o size=60k none out
            status=0; "$PROGRAM" run "$SMOKE" -n 64 -q --out out || status=$?
            test -z "$(ls -A out)" || exit 99; exit $status""")
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertIn("error: cannot write about", answer.stderr)

    def test_too_little_space_is_found_out_before_the_run(self):
        answer = self.in_mounts("""mkdir disk && mount -t tmpfs -o size=60k none disk
            status=0; "$PROGRAM" run "$SMOKE" -n 1e9 -q --out disk/deep/out || status=$?
            test -z "$(ls -A disk)"; exit $status""")
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertIn("No space left on device", answer.stderr)

    def test_other_commands_find_out_too_before_they_begin(self):
        """On a disk that takes their folder but not their files: nothing is walked, nothing stays, and the message comes from
        before the walk, which says how much is needed."""
        self.run_smoke("a")
        self.run_smoke("b", "--first-path", "64")
        claims = cli.SOURCE / "configs/evidence"
        commands = ["merge a b -q --out disk/out", f"compare '{SMOKE}' --change market.sigma=7 -n 1e9 -q --out disk/out",
                    f"verdict '{claims}' -n 1e7 -q --out disk/out", "report a -q --out disk/page.html",
                    "report a -q --out page.html --figures disk/figures"]
        for command in commands:
            size = "16k" if command.startswith("verdict") else "60k"
            answer = self.in_mounts(f"""mkdir -p disk && mount -t tmpfs -o size={size} none disk
                status=0; "$PROGRAM" {command} || status=$?
                test -z "$(ls -A disk)" || exit 99; exit $status""")
            with self.subTest(command):
                self.assertEqual(answer.returncode, 3, answer.stderr)
                self.assertRegex(answer.stderr, r"error: cannot write about [\d.]+ .iB \([\d.]+ K?i?B free\) to '(.*/)?disk/.*"
                                                "No space left on device; free some space")
        self.assertFalse((self.folder / "page.html").exists())

    def test_other_commands_find_a_disk_that_takes_nothing(self):
        self.run_smoke("a")
        claim = cli.SOURCE / "configs/evidence/01-glut-and-war.toml"
        for command in ["merge a -q --out disk/out", f"compare '{SMOKE}' --change market.sigma=7 -n 1e9 -q --out disk/out",
                        f"verdict '{claim}' -n 1e7 -q --out disk/out", "report a -q --out disk/page.html",
                        "report a -q --out page.html --figures disk/figures"]:
            answer = self.in_mounts(f"""mkdir -p disk && mount -t tmpfs -o ro none disk
                "$PROGRAM" {command}""")
            with self.subTest(command):
                self.assertEqual(answer.returncode, 3, answer.stderr)
                self.assertIn("Read-only", answer.stderr)
        self.assertFalse((self.folder / "page.html").exists())

    def test_read_only(self):
        answer = self.in_mounts("""mkdir disk && mount -t tmpfs -o ro none disk
            "$PROGRAM" run "$SMOKE" -n 1e9 -q --out disk/out""")
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertIn("Read-only", answer.stderr)

    def test_any_name(self):
        for name in ["a\\b", "C:", "c:/x", "http:x", b"\xff\xfe".decode(errors="surrogateescape"), "x" * 255, "a b/"]:
            self.run_smoke(name)
            self.succeed("check", name, errors="surrogateescape")
            self.succeed("merge", name, "--quiet", "--out", "merged")
            self.run_smoke("merged", "--force")
            self.refuse(2, "already", *RUN, "--out", name, errors="surrogateescape")
            for path in (self.folder / "merged").iterdir():
                path.unlink()
        self.refuse(3, "File name too long", *RUN, "--out", "x" * 256)
        self.refuse(3, "File name too long", *RUN, "--out", "deep/er/" + "x" * 256)
        self.refuse(3, "File name too long", *RUN, "--out", "/".join(["y" * 200] * 20))
        (self.folder / "dangling").symlink_to("nowhere")
        self.refuse(2, "link", *RUN, "--out", "dangling")

    def test_what_a_killed_run_left_is_removed(self):
        killed = self.halted(*RUN, "--out", "deep/out")
        killed.kill()
        killed.communicate()
        live = self.halted(*RUN, "--out", "deep/other")
        self.assertEqual(len(self.names("deep")), 1, "the next run removes what a dead one left")
        self.run_smoke("deep/out")
        self.go_on(live, 0)
        self.assertEqual(self.names("deep"), {"out", "other"})


if __name__ == "__main__":
    cli.main()
