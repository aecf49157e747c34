"""A run and what it writes. Usage: run_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json

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
                    low, high = row[when]["median_interval_95"]
                    if low is not None and high is not None:
                        self.assertTrue(low <= row[when]["median"] <= high)

    def test_the_summary_fits_a_terminal(self):
        """100 columns, of the baseline's longest names too; the intervals are in summary.json."""
        for config, paths in ((SMOKE, 256), (cli.SOURCE / "configs/baseline.toml", 64)):
            text = self.succeed("run", config, "--paths", paths, "--out", config.stem).stdout
            table = text.split("\nsolved ")[0].splitlines()
            self.assertLessEqual(max(map(len, table)), 100, text)
            self.assertNotIn("+-", text)
        line = next(line for line in table if line.startswith("95 % intervals reach up to "))
        widest = float(line.split()[6])
        rows = self.summary("baseline")["headline"]
        reaches = [100 * max(high - at, at - low) / abs(at)
                   for row in rows for when in ("start", "mid", "end") for name in ("q05", "median", "q95")
                   for at, (low, high) in [(row[when][name], row[when][name + "_interval_95"])]
                   if at and low is not None and high is not None]
        self.assertAlmostEqual(widest, max(reaches), delta=0.051)

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


class Unsolved(cli.CommandTest):
    # So few iterations that some months miss the tolerance.
    HARD = [SMOKE, "--set", "market.newton_limit=5", "--set", "market.sweep_limit=0", "--quiet"]

    def test_reported_and_with_strict_fatal(self):
        answer = self.succeed("run", *self.HARD, "--paths", 300, "--out", "out")
        self.assertIn("missed the solver's tolerance", answer.stderr)
        summary = self.summary("out")
        self.assertGreater(summary["unsolved"], 0)
        self.assertEqual(summary["without_unsolved"]["paths"], 300 - summary["unsolved_paths"])
        answer = self.call("run", *self.HARD, "--paths", 300, "--out", "strict", "--strict")
        self.assertEqual(answer.returncode, 4)
        self.assertEqual(self.summary("strict")["digest"], summary["digest"])

    def test_merge_keeps_them_apart(self):
        self.succeed("run", *self.HARD, "--paths", 300, "--out", "whole")
        self.succeed("run", *self.HARD, "--paths", 120, "--out", "a")
        self.succeed("run", *self.HARD, "--paths", 180, "--first-path", 120, "--out", "b")
        self.succeed("merge", "a", "b", "--out", "merged", "--quiet")
        whole, merged = self.summary("whole"), self.summary("merged")
        for key in ["digest", "unsolved", "unsolved_paths", "without_unsolved"]:
            self.assertEqual(merged[key], whole[key], key)


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

    def test_other_things_are_never_replaced(self):
        self.run_smoke("out")
        (self.folder / "out" / "thesis.tex").write_text("years of work")
        self.succeed("run", SMOKE, "--paths", "16", "--out", "out", "--force", "--quiet")
        self.assertEqual((self.folder / "out" / "thesis.tex").read_text(), "years of work")
        (self.folder / "thesis").mkdir()
        (self.folder / "thesis" / "thesis.tex").write_text("years of work")
        self.refuse(2, "thesis.tex", "run", SMOKE, "--paths", "16", "--out", "thesis", "--force")
        (self.folder / "file").write_text("")
        self.refuse(2, "is a plain file", "run", SMOKE, "--paths", "16", "--out", "file", "--force")

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


if __name__ == "__main__":
    cli.main()
