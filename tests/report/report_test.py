"""Pages and figures from results, without a browser. Usage: report_test.py SOURCE_DIR BUILD_DIR"""

import base64
import csv
import hashlib
import html
import html.parser
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "commands"))
import cli  # noqa: E402
from cli import SMOKE  # noqa: E402

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"'<!--"


class Parts(html.parser.HTMLParser):
    """Scripts, styles, the policy and every attribute of a page, as a parser sees them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.scripts, self.styles, self.attributes, self.tags, self.title, self.policy = [], [], [], [], "", ""
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]
        attributes = dict(attributes)
        if tag == "script":
            self.scripts.append([attributes.get("type", ""), ""])
        if tag == "style":
            self.styles.append("")
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1][1] += data
        if self.inside == "style":
            self.styles[-1] += data
        if self.inside == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.inside = None


def source_hash(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


class Report(cli.CommandTest):
    def setUp(self):
        super().setUp()
        self.run_smoke("a")

    def page(self, *arguments):
        self.succeed("report", *arguments, "--out", "page.html", "--force", "--quiet")
        return (self.folder / "page.html").read_text()

    def data(self, text):
        return next(json.loads(script) for kind, script in Parts(text).scripts if kind == "application/json")

    def test_one_file_under_its_policy(self):
        text = self.page("a")
        parts = Parts(text)
        self.assertLess(len(text.encode()), 2_000_000)
        rules = dict(rule.strip().split(" ", 1) for rule in parts.policy.split(";"))
        self.assertEqual(rules["default-src"], "'none'")
        scripts = [script for kind, script in parts.scripts if kind != "application/json"]
        self.assertEqual(len(scripts), 2)
        self.assertEqual(rules["script-src"].split(), [source_hash(script) for script in scripts])
        self.assertEqual(rules["style-src"].split(), [source_hash(style) for style in parts.styles])
        self.assertFalse({"src", "style", "onclick", "onload"} & set(parts.attributes))
        self.assertFalse(re.search(r"https?://(?!www\.(chartjs|w3)\.org)", "".join(parts.styles) + scripts[1]))

    def test_every_figure_has_its_numbers(self):
        data = self.data(self.page("a"))
        self.assertEqual([figure["id"] for figure in data["figures"]][:2], ["regional-price", "rental-price"])
        for figure in data["figures"]:
            for panel in figure["panels"]:
                for curve in panel["curves"]:
                    for name, values in curve.items():
                        if name != "label":
                            self.assertEqual(len(values), len(data["dates"]), (figure["id"], panel["title"], name))
                            self.assertTrue(any(value is not None for value in values))

    def test_numbers_are_those_of_the_result(self):
        data = self.data(self.page("a"))
        figure = next(figure for figure in data["figures"] if figure["id"] == "regional-price")
        lines = (line for line in (self.folder / "a" / "prices.csv").read_text().splitlines() if line[0] != "#")
        rows = [row for row in csv.DictReader(lines) if row["measure"] == "world_price"]
        for key, name in [("q05", "q05"), ("q50", "median"), ("q95", "q95")]:
            for row, shown in zip(rows, figure["panels"][0]["curves"][0][name]):
                self.assertAlmostEqual(float(row[key]), shown, delta=6e-4 * abs(shown))

    def test_text_of_a_scenario_is_text(self):
        self.succeed("run", SMOKE, "--paths", 16, "--quiet", "--out", "x", "--set", f"scenario.title='''{ATTACK}'''",
                     "--set", f"scenario.description='''{ATTACK}'''")
        text = self.page("x")
        parts = Parts(text)
        self.assertEqual(len(parts.scripts), 3)
        self.assertNotIn("img", parts.tags)
        self.assertEqual(parts.title, ATTACK)
        self.assertEqual(self.data(text)["scenarios"][0]["title"], ATTACK)

    def test_several_results_are_laid_over_each_other(self):
        self.succeed("run", SMOKE, "--paths", 64, "--quiet", "--out", "b", "--set", "market.sigma=4")
        data = self.data(self.page("a", "b"))
        self.assertEqual([scenario["label"] for scenario in data["scenarios"]], ["a", "b"])  # both are called smoke
        labels = [curve["label"] for curve in data["figures"][0]["panels"][0]["curves"]]
        self.assertEqual(labels, ["a", "b"])
        self.assertEqual(data["paired_paths"], 64)
        self.assertTrue([figure for figure in data["figures"] if figure["id"] == "difference-price"])
        row = [row for row in data["differences"] if row["measure"] == "world_price"][-1]
        means = [self.end_mean(name, "world_price") for name in "ab"]
        self.assertAlmostEqual(row["mean"], means[1] - means[0], places=4)

    def end_mean(self, out, measure):
        return next(row["end"]["mean"] for row in self.summary(out)["headline"] if row["measure"] == measure)

    def test_a_result_against_itself_differs_nowhere(self):
        shutil.copytree(self.folder / "a", self.folder / "c")
        data = self.data(self.page("a", "c"))
        self.assertTrue(data["differences"])
        for row in data["differences"]:
            self.assertEqual((row["mean"], row["higher"], row["lower"]), (0, 0, 0), row["measure"])
        self.assertFalse([figure for figure in data["figures"] if figure["id"].startswith("difference-")])

    def test_figures_as_files(self):
        answer = self.succeed("report", "a", "--out", "p.html", "--figures", "figs", "--quiet")
        has_gnuplot = shutil.which("gnuplot") is not None
        self.assertEqual("gnuplot" in answer.stderr, not has_gnuplot)
        ids = [figure["id"] for figure in self.data((self.folder / "p.html").read_text())["figures"]]
        endings = ["csv", "png", "svg"] if has_gnuplot else ["csv"]
        files = [path for path in (self.folder / "figs").iterdir() if path.name != "manifest.json"]
        self.assertEqual(sorted(path.name for path in files), sorted(f"{name}.{ending}" for name in ids for ending in endings))
        for path in files:
            self.assertTrue(path.read_bytes().startswith({".csv": b"panel,", ".png": b"\x89PNG", ".svg": b"<?xml"}[path.suffix]))
            self.assertGreater(path.stat().st_size, 500)
        self.refuse(2, "--force", "report", "a", "--out", "q.html", "--figures", "figs")
        self.succeed("report", "a", "--out", "q.html", "--figures", "figs", "--quiet", "--force")

    def test_figures_of_one_month(self):
        self.succeed("run", SMOKE, "--paths", 16, "--quiet", "--out", "one", "--set", "scenario.months=1")
        answer = self.succeed("report", "one", "-o", "p.html", "--figures", "figs", "--quiet")
        self.assertEqual(answer.stderr, "")
        data = self.data((self.folder / "p.html").read_text())
        self.assertEqual(data["dates"], ["2026-01"])
        self.assertEqual(len(data["scenarios"][0]["tails"]), len({str(row) for row in data["scenarios"][0]["tails"]}))
        self.assertGreater(len(list((self.folder / "figs").glob("*.png"))), 5)

    def test_labels_that_mean_something_to_gnuplot(self):
        names = ["'quoted", '"double', "@at ^up _down {brace} &", "`id`", "$HOME", "50%"]
        for name in names:
            shutil.copytree(self.folder / "a", self.folder / name)
        self.succeed("report", *names, "--out", "p.html", "--figures", "figs", "--quiet")
        picture = html.unescape((self.folder / "figs" / "fleet-share.svg").read_text())
        for name in names:
            self.assertIn(name, picture)

    def test_the_gnuplot_of_the_user_does_not_matter(self):
        (self.folder / ".gnuplot").write_text("set terminal dumb\nset datafile separator ','\nnonsense\n")
        self.succeed("report", "a", "--out", "p.html", "--figures", "figs", "--quiet",
                     env={**os.environ, "HOME": str(self.folder)})
        self.assertTrue((self.folder / "figs" / "hhi.png").read_bytes().startswith(b"\x89PNG"))

    def test_an_interrupted_report_leaves_nothing(self):
        slow = self.folder / "bin"
        slow.mkdir()
        (slow / "gnuplot").write_text("#!/bin/sh\necho > \"$READY\"\nexec sleep 60\n")
        (slow / "gnuplot").chmod(0o755)
        ready = self.folder / "bin" / "ready"
        before = {path.name for path in self.folder.iterdir()}
        environment = {**os.environ, "PATH": f"{slow}:{os.environ['PATH']}", "READY": str(ready)}
        process = subprocess.Popen([cli.PROGRAM, "report", "a", "--out", "p.html", "--figures", "figs"], cwd=self.folder,
                                   env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
        while not ready.exists():
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        self.assertEqual({path.name for path in self.folder.iterdir()}, before)

    def test_a_large_seed_is_shown_whole(self):
        self.run_smoke("large", "--seed", 2**64 - 1, "--first-path", 2**60 + 1)
        from_run = self.data(self.page("large"))["scenarios"][0]["provenance"]
        self.assertEqual(from_run["seed"], str(2**64 - 1))
        self.assertEqual(from_run["first_path"], str(2**60 + 1))

    def test_what_was_swept_is_shown(self):
        for sigma in [4, 7]:
            self.run_smoke(f"sigma{sigma}", "--set", f"market.sigma={sigma}")
        data = self.data(self.page("sigma4", "sigma7"))
        self.assertEqual(data["config_differences"]["rows"], [{"key": "market.sigma", "values": ["4", "7"]}])
        self.assertEqual([scenario["variant"] for scenario in data["scenarios"]], ["market.sigma = 4", "market.sigma = 7"])
        self.assertEqual(self.data(self.page("a"))["scenarios"][0]["variant"], "")

    def test_the_month_most_apart_stands_beside_the_last(self):
        text = SMOKE.read_text() + '\n[[shock]]\nname = "dip"\nkind = "demand_factor"\nfrom = "2026-06"\nuntil = "2026-09"\nvalue = 0.5\n'
        (self.folder / "dip.toml").write_text(text)
        self.succeed("run", "dip.toml", "--paths", 64, "--quiet", "--out", "dip")
        data = self.data(self.page("a", "dip"))
        rows = [row for row in data["differences"] if row["measure"] == "world_utilisation"]
        self.assertEqual([row["last"] for row in rows], [False, True])
        self.assertIn(rows[0]["date"], ["2026-06", "2026-07", "2026-08"])
        self.assertGreater(abs(rows[0]["mean"]), 2 * abs(rows[1]["mean"]))
        self.assertEqual(data["shocks"], [{"name": "dip", "first": 5, "end": 8, "open": False, "from": "2026-06", "to": "2026-08",
                                           "labels": ["dip"]}])

    def test_without_gnuplot_the_numbers_are_written(self):
        answer = self.succeed("report", "a", "--out", "p.html", "--figures", "figs", "--quiet",
                              env={**os.environ, "PATH": "/nowhere"})
        self.assertIn("gnuplot-nox", answer.stderr)
        self.assertEqual({path.suffix for path in (self.folder / "figs").iterdir()}, {".csv", ".json"})

    def test_force_replaces_pages_alone(self):
        victim = self.folder / "victim.toml"
        victim.write_text("years of work")
        (self.folder / "link.html").symlink_to(victim)
        before = (self.folder / "a" / "result.nc").read_bytes()
        for place in ["victim.toml", "link.html", "a/result.nc", "a/summary.json"]:
            self.refuse(2, "will not be replaced", "report", "a", "-o", place, "--force")
        self.assertEqual(victim.read_text(), "years of work")
        self.assertEqual((self.folder / "a" / "result.nc").read_bytes(), before)
        self.succeed("report", "a", "-o", "p.html", "--quiet", "--force")
        self.succeed("report", "a", "-o", "p.html", "--quiet", "--force")
        victim.unlink()
        (self.folder / "link.html").unlink()

    def test_what_cannot_be_reported(self):
        self.refuse(2, "there is no 'nowhere'", "report", "nowhere", "--out", "p.html")
        (self.folder / "empty").mkdir()
        self.refuse(2, "a folder without a result", "report", "empty", "--out", "p.html")
        (self.folder / "noise").mkdir()
        (self.folder / "noise" / "result.nc").write_text("noise")
        self.refuse(2, "result.nc", "report", "noise", "--out", "p.html")
        self.succeed("run", SMOKE, "--paths", 16, "--quiet", "--out", "short", "--set", "scenario.months=13")
        self.refuse(2, "cannot be laid over each other", "report", "a", "short", "--out", "p.html")
        self.refuse(2, "'a' is given twice", "report", "a", "a", "--out", "p.html")
        self.refuse(2, "there is no folder", "report", "a", "--out", "no/p.html")
        self.refuse(2, "no file", "report", "a", "--out", "a")

    def test_a_page_is_kept_without_force(self):
        self.succeed("report", "a")
        self.assertTrue((self.folder / "a" / "report.html").exists())
        self.refuse(2, "--force", "report", "a")
        self.succeed("report", "a", "--force")
        self.run_smoke("a", "--force")  # a folder with a page is still a result


if __name__ == "__main__":
    if "makes no reports" in cli.chokepoint("report", "nowhere").stderr:
        sys.exit(77)
    cli.main()
