"""Finished results: checked, and refused where a hash is wrong. Usage: check_test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import cli
from cli import FILES, SMOKE

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stress"))
import signals  # noqa: E402
import stress  # noqa: E402


class Check(cli.CommandTest):
    def test_intact(self):
        digest = self.run_smoke("out")["digest"]
        text = self.succeed("check", "out").stdout
        self.assertIn("intact", text)
        self.assertIn(digest, text)
        manifest = json.loads((self.folder / "out/manifest.json").read_text())
        self.assertEqual(set(manifest["files"]), FILES - {"manifest.json"})
        self.assertEqual(manifest["digest"], digest)
        self.assertEqual(manifest["files"]["summary.json"]["bytes"], (self.folder / "out/summary.json").stat().st_size)
        self.assertEqual(self.succeed("check", "--quiet", "out").stdout, "")

    def test_what_others_put_there_is_named(self):
        self.run_smoke("out")
        (self.folder / "out/notes").write_text("mine")
        self.assertIn("notes", self.succeed("check", "out").stdout)

    def test_every_change_is_refused(self):
        def cut(path):
            path.write_bytes(path.read_bytes()[:-1])

        def flip(path):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 4
            path.write_bytes(data)

        def append(path):
            path.write_bytes(path.read_bytes() + b"\n")

        def replace_by_folder(path):
            path.unlink()
            path.mkdir()

        self.run_smoke("out")
        for name in sorted(FILES):
            path = self.folder / "out" / name
            before = path.read_bytes()
            for change in (cut, flip, append, lambda path: path.unlink(), replace_by_folder):
                change(path)
                answer = self.call("check", "out")
                self.assertEqual(answer.returncode, 2, f"{name}: {answer.stdout}")
                self.assertIn(name, answer.stderr)
                if path.is_dir():
                    path.rmdir()
                path.write_bytes(before)
        self.succeed("check", "out")

    def test_what_is_no_plain_file_is_refused_at_once(self):
        (self.folder / "pipe").mkdir()
        os.mkfifo(self.folder / "pipe/result.nc")
        (self.folder / "endless").mkdir()
        (self.folder / "endless/result.nc").symlink_to("/dev/zero")
        for folder in ("pipe", "endless"):
            for arguments in (["report", folder, "--out", "page.html"], ["merge", folder, "--out", "new"]):
                self.refuse(2, "is no plain file", *arguments, timeout=30)

    def test_a_signal_stops_it(self):
        self.run_smoke("0")
        for number in range(1, 12):
            shutil.copytree(self.folder / "0", self.folder / f"{number}")
        process = subprocess.Popen([cli.PROGRAM, "check", *map(str, range(12))], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, preexec_fn=stress.as_a_shell_starts_it())
        signals.wait_until_it_heeds(process, signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        self.assertIn(b"stopped by SIGTERM", process.communicate(timeout=60)[1])
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    def test_all_are_looked_at(self):
        self.run_smoke("good")
        self.run_smoke("bad")
        (self.folder / "bad/prices.csv").write_text("")
        answer = self.call("check", "bad", "nosuch", "good")
        self.assertEqual(answer.returncode, 2)
        self.assertIn("good: intact", answer.stdout)
        for word in ("'bad' has a 'prices.csv'", "'nosuch' is no folder"):
            self.assertIn(word, answer.stderr)

    def test_comparisons_verdicts_and_pages_are_checked_too(self):
        self.run_smoke("a")
        self.succeed("compare", SMOKE, "--change", "market.sigma=7", "--paths", 16, "--quiet", "--out", "compared")
        self.succeed("report", "a", "--quiet")
        self.succeed("check", "a", "compared")
        (self.folder / "a/report.html").write_text("changed")
        self.assertEqual(self.call("check", "a").returncode, 2)


class Use(cli.CommandTest):
    def test_a_result_with_a_wrong_hash_is_refused_before_it_is_used(self):
        self.run_smoke("a")
        self.run_smoke("b", "--first-path", "64")
        self.run_smoke("c", "--set", "market.sigma=7")
        commands = [["merge", "a", "b", "--out", "new"], ["compare", "a", "c", "--out", "new"],
                    ["report", "a", "--out", "new.html"], ["report", "c", "a", "--out", "new.html"]]
        for name in sorted(FILES):
            path = self.folder / "a" / name
            before = path.read_bytes()
            path.write_bytes(before.replace(b"1", b"2", 1) if name != "result.nc" else before[:-1] + b"\0\0")
            for command in commands:
                self.refuse(2, name, *command)
            path.write_bytes(before)
        self.succeed("merge", "a", "b", "--out", "new", "--quiet")

    def test_a_lone_result_nc_and_one_without_manifest_are_taken(self):
        self.run_smoke("a")
        (self.folder / "alone.nc").write_bytes((self.folder / "a/result.nc").read_bytes())
        self.succeed("merge", "alone.nc", "--quiet", "--out", "merged")
        (self.folder / "a/manifest.json").unlink()
        self.succeed("report", "a", "--quiet", "--out", "page.html")
        answer = self.call("check", "a")
        self.assertEqual(answer.returncode, 2)
        self.assertIn("no manifest.json", answer.stderr)


if __name__ == "__main__":
    cli.main()
