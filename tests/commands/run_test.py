"""A run and what it writes. Usage: run_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json
import shutil
import unittest

import cli
from cli import FILES, SMOKE


class Run(cli.CommandTest):
    def test_files_and_summary(self):
        text = self.succeed("run", SMOKE, "--paths", "64").stdout
        out = self.folder / "results" / "smoke"
        self.assertEqual({path.name for path in out.iterdir()}, FILES)
        self.assertEqual(list((self.folder / "results").iterdir()), [out])
        summary = self.summary("results/smoke")
        for word in ["world_price", "hhi_fleet", "cr4_fleet", "utilisation", summary["digest"], "paths/s", "result.nc"]:
            self.assertIn(word, text)
        self.assertRegex(summary["digest"], "^[0-9a-f]{32}$")
        self.assertEqual(summary["paths"], 64)
        self.assertIsInstance(summary["unsolved"], int)
        self.assertLess(summary["max_residual"], 1)
        self.assertEqual(summary["provenance"]["config_text"], SMOKE.read_text())
        for event in summary["events"]:
            low, high = event["interval_95"]
            self.assertTrue(0 <= low <= event["probability"] <= high <= 1)
        for row in summary["headline"]:
            for when in ["start", "mid", "end"]:
                if row[when]["median"] is not None:
                    self.assertTrue(row[when]["q05"] <= row[when]["median"] <= row[when]["q95"])

    def test_tables(self):
        self.run_smoke("out")
        for name, measures in [("prices.csv", {"world_price", "rental_price", "token_price"}),
                               ("concentration.csv", {"hhi_fleet", "cr4_fleet", "owner_share"})]:
            with open(self.folder / "out" / name, newline="") as file:
                lines = list(file)
            self.assertTrue(lines[0].startswith("# digest: "))
            rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
            self.assertLessEqual(measures, {row["measure"] for row in rows})
            self.assertEqual(rows[1]["time"], "2026-02-01")
            for row in rows:
                self.assertNotIn(None, row)
                if row["q50"]:
                    self.assertLessEqual(float(row["q05"]), float(row["q95"]))

    def test_json_is_the_summary_and_nothing_else(self):
        answer = self.succeed("run", SMOKE, "--paths", "16", "--json", "--out", "out")
        self.assertEqual(json.loads(answer.stdout), self.summary("out"))
        self.assertNotIn("\r", answer.stderr)

    def test_quiet(self):
        answer = self.succeed("run", SMOKE, "--paths", "16", "--quiet", "--out", "out")
        self.assertEqual(answer.stdout, "")
        self.assertNotIn("info", answer.stderr)

    def test_same_digest_whatever_runs_it(self):
        digest = self.run_smoke("first")["digest"]
        for number, options in enumerate([["--threads", "1"], ["--threads", "3", "--batch", "7"], ["--isa", "baseline"],
                                          ["--engine", "scalar"]]):
            self.assertEqual(self.run_smoke(f"again-{number}", *options)["digest"], digest, options)
        self.assertNotEqual(self.run_smoke("seed", "--seed", "99")["digest"], digest)
        self.assertNotEqual(self.run_smoke("reference", "--engine", "reference")["digest"], digest)

    def test_overrides(self):
        summary = self.run_smoke("out", "--set", "scenario.months=6", "--set", "scenario.name=short")
        self.assertEqual(summary["months"], 6)
        self.assertEqual(summary["provenance"]["scenario"], "short")

    def test_one_month_and_one_path(self):
        self.succeed("run", SMOKE, "--paths=1", "--set", "scenario.months=1", "--out", "out")
        summary = self.summary("out")
        self.assertEqual((summary["paths"], summary["months"]), (1, 1))


class Existing(cli.CommandTest):
    def test_refused_without_force(self):
        self.run_smoke("out")
        self.refuse(2, "--force", "run", SMOKE, "--paths", "16", "--out", "out")
        self.assertEqual(self.run_smoke("out", "--force", "--seed", "5")["provenance"]["seed"], 5)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["out"])

    def test_an_empty_folder_is_fine(self):
        (self.folder / "out").mkdir()
        self.run_smoke("out")
        self.assertEqual({path.name for path in (self.folder / "out").iterdir()}, FILES)

    def test_a_folder_of_other_things_is_never_replaced(self):
        self.run_smoke("out")
        (self.folder / "out" / "thesis.tex").write_text("years of work")
        self.refuse(2, "thesis.tex", "run", SMOKE, "--paths", "16", "--out", "out", "--force")
        (self.folder / "file").write_text("")
        self.refuse(2, "is a file", "run", SMOKE, "--paths", "16", "--out", "file", "--force")

    def test_links_lead_to_the_folder(self):
        self.run_smoke("real")
        (self.folder / "link").symlink_to("real")
        self.run_smoke("link/", "--force", "--seed", "5")
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertEqual(self.summary("real")["provenance"]["seed"], 5)


class Replay(cli.CommandTest):
    def test_csv_and_json_agree(self):
        rows = list(csv.reader(self.succeed("replay", SMOKE, "--path", "3").stdout.splitlines()))
        answer = json.loads(self.succeed("replay", SMOKE, "--path", "3", "--json").stdout)
        header = rows[0]
        self.assertEqual(header[0], "time")
        self.assertEqual(header[1:-2], list(answer["measures"]))
        self.assertEqual([row[0] for row in rows[1:]], answer["time"])
        for column, name in enumerate(header[1:-2], 1):
            values = [None if not row[column] else float(row[column]) for row in rows[1:]]
            self.assertEqual(values, answer["measures"][name], name)

    def test_paths_differ_and_repeat(self):
        first = self.succeed("replay", SMOKE).stdout
        self.assertEqual(first, self.succeed("replay", SMOKE, "--path", "0", "--engine", "scalar").stdout)
        self.assertNotEqual(first, self.succeed("replay", SMOKE, "--path", "1").stdout)
        self.assertNotEqual(first, self.succeed("replay", SMOKE, "--no-shocks").stdout)

    def test_a_run_of_one_path_is_that_path(self):
        self.succeed("run", SMOKE, "--paths", "1", "--first-path", "5", "--out", "out", "--quiet")
        rows = list(csv.DictReader(self.succeed("replay", SMOKE, "--path", "5").stdout.splitlines()))
        end = next(row for row in self.summary("out")["headline"] if row["measure"] == "world_price")["end"]
        self.assertAlmostEqual(end["mean"], float(rows[-1]["world_price"]), places=6)


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
        self.refuse(2, "paths 0 to 19 are in both", "merge", "a", "a", "b", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 10, "--paths", 20, "--out", "d", "--quiet")
        self.refuse(2, "paths 10 to 19 are in both", "merge", "a", "d", "--out", "m")

    def test_what_does_not_belong_together(self):
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 20, "--seed", 9, "--out", "d", "--quiet")
        self.refuse(2, "seed '1' and '9'", "merge", "a", "d", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 20, "--set", "market.sigma=5", "--out", "e", "--quiet")
        self.refuse(2, "config hash", "merge", "a", "e", "--out", "m")
        self.succeed("run", SMOKE, "--first-path", 20, "--paths", 9, "--engine", "reference", "--out", "f", "--quiet")
        self.refuse(2, "precision 'float' and 'double'", "merge", "a", "f", "--out", "m")

    def test_damaged_files(self):
        self.refuse(2, "no such result", "merge", "a", "nowhere", "--out", "m")
        good = (self.folder / "b" / "result.nc").read_bytes()
        (self.folder / "bad").mkdir()
        bad = self.folder / "bad" / "result.nc"
        step = max(1, len(good) // 40)
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
