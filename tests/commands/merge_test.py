"""Runs in parts. Usage: merge_test.py SOURCE_DIR BUILD_DIR"""

import shutil

import cli
from cli import SMOKE


class Merge(cli.CommandTest):
    def setUp(self):
        super().setUp()
        for name, first, paths in [("a", 0, 20), ("b", 20, 30), ("c", 50, 14)]:
            self.succeed("run", SMOKE, "--first-path", first, "--paths", paths, "--out", name, "--quiet")

    def test_parts_make_the_whole(self):
        whole = self.run_smoke("whole")
        self.succeed("merge", "c", "a", "b/result.nc", "--out", "merged", "--quiet")
        merged = self.summary("merged")
        for key in ["digest", "paths", "unsolved", "max_residual", "headline", "events"]:
            self.assertEqual(merged[key], whole[key], key)
        self.succeed("merge", "a", "b", "--out", "ab", "--quiet")
        self.succeed("merge", "ab", "c", "--out", "abc", "--quiet")
        self.assertEqual(self.summary("abc")["digest"], whole["digest"])

    def test_gaps_and_overlaps_are_named(self):
        self.refuse(2, "paths 20 to 49 are missing", "merge", "a", "c", "--out", "m")
        self.refuse(2, "'a' is given twice", "merge", "a", "a", "b", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 10, "--paths", 20, "--out", "d", "--quiet")
        self.refuse(2, "paths 10 to 19 are in both", "merge", "a", "d", "--out", "m")

    def test_what_does_not_belong_together(self):
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 20, "--seed", 9, "--out", "d", "--quiet")
        self.refuse(2, "seed '1' and '9'", "merge", "a", "d", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 20, "--set", "market.sigma=4.5", "--out", "e",
                     "--quiet")
        self.refuse(2, "config hash", "merge", "a", "e", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 9, "--engine", "reference", "--out", "f", "--quiet")
        self.refuse(2, "precision 'float' and 'double'", "merge", "a", "f", "--out", "m")

    def test_damaged_files(self):
        self.refuse(2, "there is no 'nowhere'", "merge", "a", "nowhere", "--out", "m")
        good = (self.folder / "b" / "result.nc").read_bytes()
        (self.folder / "bad").mkdir()
        bad = self.folder / "bad" / "result.nc"
        step = max(1, len(good) // 12)
        for damage in [b"", b"noise", good[: len(good) // 2], good[:-70000]]:
            bad.write_bytes(damage)
            self.refuse(2, "result.nc", "merge", "a", "bad", "--out", "m")
        for at in range(0, len(good), step):
            bad.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1:])
            answer = self.call("merge", "a", "bad", "--out", "m", "--quiet", "--force")
            self.assertIn(answer.returncode, (0, 2), answer.stderr)
            if answer.returncode == 0:  # the byte stood where no tally is; the sums must be those of the sound file
                self.succeed("merge", "a", "b", "--out", "sound", "--quiet", "--force")
                self.assertEqual(self.summary("m")["digest"], self.summary("sound")["digest"])
        shutil.copy(SMOKE, bad)
        self.refuse(2, "result.nc", "merge", "bad", "--out", "n")


if __name__ == "__main__":
    cli.main()
