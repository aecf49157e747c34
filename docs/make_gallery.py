#!/usr/bin/env python3
"""Writes docs/scenarios.md: every ready scenario with its question, a picture, and what comes out.

    python3 docs/make_gallery.py --build build --paths 2000

Runs each file of configs/evidence and configs/scenarios and compares it with the baseline, path by path. Every number
on the page comes from these runs. Needs xarray, netcdf4 and matplotlib.
"""
import argparse
import csv
import datetime
import json
import re
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import xarray

from plot_result import fan, titled

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
GROUPS = [
    ("configs/scenarios", "Scenarios", "What if. Differences are paired: path k of a scenario and path k of the baseline make the same draws."),
    ("configs/evidence", "Claims", "What others say, as conditions on paths ([claims.md](claims.md))."),
]
# What a picture may show, and the words for it: measure, dimensions (as the names of its elements: "cn,h200"), unit.
MEASURES = {
    "world_price": ("rental price, world", None, "USD per H100e-hour"),
    "regional_price": ("rental price", "region", "USD per H100e-hour"),
    "hhi_fleet": ("HHI of owners", None, "points"),
    "cr4_fleet": ("share of the four largest", None, "share"),
    "world_utilisation": ("utilisation, world", None, "share"),
    "utilisation": ("utilisation", "region", "share"),
    "fleet_share": ("share of the world fleet", "region", "share"),
    "world_fleet": ("installed capacity", None, "thousand H100e"),
    "power_share": ("power drawn", "region", "share of the power available"),
    "exits": ("firms that have left", None, "firms"),
    "token_price": ("token price", "segment", "USD per million tokens"),
    "compute_price": ("price of compute", "segment", "USD per H100e-hour"),
    "rental_price": ("rental price of a class", "region,chip", "USD per H100e-hour"),
    "chip_price": ("chip price", "chip", "thousand USD"),
    "priced_out": ("users priced out", "segment", "share"),
}
STANDARD = ["world_price", "hhi_fleet", "world_utilisation"]


def program(build, *arguments):
    command = [str(build / "chokepoint"), *map(str, arguments)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if answer.returncode != 0:  # the program has said why
        sys.exit(f"failed: {' '.join(command)}")
    return answer.stdout


def question_of(path, summary_scenario):
    """The description; without one, the comment at the head of the file."""
    if summary_scenario.get("description"):
        return summary_scenario["description"]
    lines = []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def measure_of(name):
    return name.split("[")[0], name.split("[")[1].rstrip("]") if "[" in name else ""


def place_of(name):
    """Where in its variables an element lies: {"region": "cn", "chip": "h200"}."""
    measure, element = measure_of(name)
    return dict(zip(MEASURES[measure][1].split(","), element.split(","))) if element else {}


def words_for(name):
    measure, element = measure_of(name)
    words = MEASURES[measure][0]
    return f"{words}, {element}" if element else words


def family(name):
    """Measures that tell the same of different places: the rental price of the world and of its regions."""
    return MEASURES[measure_of(name)[0]][0].split(",")[0]


def number(value, share):
    shown = 100 * value if share else value
    if 0 < abs(shown) < 0.1:
        return f"{shown:.2g}"
    digits = 0 if abs(shown) >= 100 else 1 if abs(shown) >= 10 else 2
    return f"{shown:.{digits}f}"


def root_of(path):
    """The first scenario of the line that a scenario extends; None for one that extends none."""
    parent = tomllib.loads(path.read_text()).get("extends")
    if parent is None:
        return None
    parent = (path.parent / parent).resolve()
    return root_of(parent) or parent


def series(data, name, level):
    quantiles = data[f"{measure_of(name)[0]}_quantile"].sel(place_of(name))
    return quantiles.sel(quantile=level, method="nearest").values


def contrasts(comparison):
    """Of the measures that a picture may show: name and contrast by month."""
    return {measure["name"]: measure["by_month"] for measure in comparison["comparisons"][0]["measures"]
            if measure["measure"] in MEASURES}


def peak(base, name, months):
    """The month in which the mean difference is largest, and its size against the widest spread of the baseline."""
    spread = float((series(base, name, 0.95) - series(base, name, 0.05)).max())
    best = (0.0, -1)
    for month in range(1, len(months["mean"])):
        mean, low, high = (months[key][month] for key in ("mean", "low", "high"))
        if mean is not None and low is not None and spread > 0 and (low > 0 or high < 0):
            best = max(best, (abs(mean) / spread, month))
    return best


def most_changed(base, measures, count=3):
    """Names and months of what the scenario changes most, against the spread of the baseline: one price, one share..."""
    ranked = sorted(((*peak(base, name, months), name) for name, months in measures.items()), reverse=True)
    found, seen = [], set()
    for size, month, name in ranked:
        if size > 0 and family(name) not in seen:
            seen.add(family(name))
            found.append((name, month))
    return found[:count]


def difference_words(measures, name, month):
    months = measures[name]
    measure = measure_of(name)[0]
    share = MEASURES[measure][2].startswith("share")
    unit = "percentage points" if share else MEASURES[measure][2]
    mean, low, high = (number(months[key][month], share) for key in ("mean", "low", "high"))
    sign = "+" if months["mean"][month] > 0 else ""
    return (f"- {words_for(name)}: {sign}{mean} {unit} in {months['time'][month][:7]} (95 % interval {low} to {high}); "
            f"higher on {100 * months['share_higher'][month]:.0f} %, lower on {100 * months['share_lower'][month]:.0f} % of the paths")


def level_words(data, name):
    share = MEASURES[measure_of(name)[0]][2].startswith("share")
    unit = " %" if share else f" {MEASURES[measure_of(name)[0]][2]}"
    first, last = series(data, name, 0.5)[[0, -1]]
    low, high = series(data, name, 0.05)[-1], series(data, name, 0.95)[-1]
    start, end = (str(data.time.values[k])[:7] for k in (0, -1))
    return (f"- {words_for(name)}: {number(first, share)}{unit} in {start}, {number(last, share)}{unit} in {end} "
            f"({number(low, share)} to {number(high, share)})")


def observed_points(path):
    """Rows of the file of observations beside a scenario: hindcast-2023.toml has hindcast_observed.csv."""
    source = path.with_name(path.stem.split("-")[0] + "_observed.csv")
    if not source.exists():
        return []
    lines = [line for line in source.read_text().splitlines() if not line.startswith("#")]
    return [row for row in csv.DictReader(lines) if measure_of(row["measure"])[0] in MEASURES]


def draw_observed(axis, row):
    low, high = float(row["low"]), float(row["high"])
    first, last = (matplotlib.dates.date2num(datetime.date.fromisoformat(row[key] + "-01")) for key in ("first_month", "last_month"))
    axis.errorbar((first + last) / 2, (low + high) / 2, xerr=(last - first) / 2, yerr=(high - low) / 2, fmt="o",
                  color="tab:red", markersize=4, capsize=2, linewidth=1.2)


def draw(root, base, data, names, target, observed=()):
    figure, axes = plt.subplots(1, 3, figsize=(10.5, 2.7), constrained_layout=True)
    for axis, name in zip(axes, names):
        measure, at = measure_of(name)[0], place_of(name)
        if base is not None:
            fan(axis, base, measure, root.stem, "tab:gray", **at)
        fan(axis, data, measure, "scenario" if base is not None else None, "tab:blue", **at)
        for row in observed:
            if row["measure"] == name:
                draw_observed(axis, row)
        titled(axis, words_for(name), MEASURES[measure][2])
        axis.xaxis.set_major_locator(matplotlib.dates.YearLocator())
        axis.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%Y"))
    figure.savefig(target, dpi=72)
    plt.close(figure)


def percent(share):
    return f"{100 * share:.1f} %"


def claim_words(claim):
    answer = claim["answer"]
    lines = [f"> {claim['sentence']}", ""]
    if answer["probability"] is None:
        return lines + ["No path decides.", ""]
    low, high = answer["interval_95"]
    lines += [f"Holds on **{percent(answer['probability'])}** of the paths (95 % interval {percent(low)} to {percent(high)})."]
    parts = [part for part in claim["parts"] if part["probability"] is not None]
    lines += [""] * bool(parts) + [f"- {part['name']}: {percent(part['probability'])}" for part in parts]
    return lines + [""]


def measures_in(predicate, data):
    """What a predicate speaks of, as far as a picture can show it."""
    names = [f"{measure}[{element}]" if element else measure
             for measure, element in re.findall(r"(\w+)(?:\[([\w,-]+)\])?", predicate)]
    known = [name for name in dict.fromkeys(names) if is_in(name, data)]
    return (known + [name for name in STANDARD if name not in known])[:3]


def is_in(name, data):
    measure, element = measure_of(name)
    if measure not in MEASURES:
        return False
    dimensions = MEASURES[measure][1].split(",") if MEASURES[measure][1] else []
    names = element.split(",") if element else []
    return len(names) == len(dimensions) and all(n in data[d].values for n, d in zip(names, dimensions))


def wrapped(line):
    """A paragraph or list item in lines of the width of the other pages."""
    if line.startswith(("#", "!", "    ", "[")):
        return line
    indent = "> " if line.startswith("> ") else "  " if line.startswith("- ") else ""
    return textwrap.fill(line, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


class Gallery:
    def __init__(self, build, paths, folder):
        self.build, self.paths, self.folder = build, paths, folder
        self.runs = {}

    def run(self, path):
        if path not in self.runs:
            out = self.folder / path.stem
            program(self.build, "run", path, "--paths", self.paths, "--out", out, "--quiet", "--force")
            self.runs[path] = xarray.open_dataset(out / "result.nc")
        return self.runs[path]

    def compare(self, path, root):
        """Differences from the scenario that it builds on; nothing where it builds on none."""
        if root is None:
            return None
        return contrasts(json.loads(program(self.build, "compare", root, path, "--paths", self.paths, "--json")))

    def finding(self, path, data, observed, standard):
        """Lines of text, what the picture shows, and the scenario that it is compared with."""
        root = root_of(path)
        measures = self.compare(path, root)
        changed = most_changed(self.run(root), measures) if measures else []
        if changed:
            names = [name for name, _ in changed] + [name for name in standard if name not in dict(changed)]
            return [f"Most changed, against the spread of {root.stem}:", ""] + [
                difference_words(measures, *at) for at in changed], names[:3], root
        names = list(dict.fromkeys(row["measure"] for row in observed))[:3] or standard
        words = f"Nothing differs from {root.stem}; medians:" if measures else "Medians:"
        note = ["", "Red: what was observed, with its range in time and value."] if observed else []
        return [words, ""] + [level_words(data, name) for name in names] + note, names, None

    def entry(self, path):
        print(path.relative_to(ROOT), flush=True)
        config = tomllib.loads(path.read_text())
        scenario, claim = config.get("scenario", {}), config.get("claim")
        data = self.run(path)
        observed = observed_points(path)
        text, names, root = self.finding(path, data, observed, measures_in(claim["predicate"], data) if claim else STANDARD)
        picture = DOCS / "images" / "scenarios" / f"{path.stem}.png"
        draw(root, self.run(root) if root else None, data, names, picture, observed)
        lines = [f"### {scenario.get('title') or (claim and 'Claim {number}'.format(**claim)) or path.stem}", "",
                 f"[{path.relative_to(ROOT)}](../{path.relative_to(ROOT)})", "", question_of(path, scenario), ""]
        if claim:
            answer = program(self.build, "verdict", path, "--paths", self.paths, "--no-attribution", "--json")
            lines += claim_words(json.loads(answer)["claims"][0])
        return lines + text + ["", f"![{', '.join(map(words_for, names))}](images/scenarios/{path.stem}.png)", ""]

    def page(self):
        lines = ["# Scenarios", "",
                 f"Made by `python3 docs/make_gallery.py` from runs of {self.paths:,} paths, seed 1. Lines in the pictures are "
                 "medians, bands 25 to 75 % and 5 to 95 % of the paths; grey is the scenario that it builds on, most often the baseline. Run one yourself:", "",
                 "    build/chokepoint run configs/scenarios/price-war.toml --out results/war",
                 "    build/chokepoint run configs/baseline.toml --out results/baseline",
                 "    build/chokepoint report results/baseline results/war --out war.html", ""]
        for folder, title, lede in GROUPS:
            files = sorted((ROOT / folder).glob("*.toml"))
            if files:
                lines += [f"## {title}", "", lede, ""]
            for path in files:
                lines += self.entry(path)
        return "\n".join(map(wrapped, lines)) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="folder of the program")
    parser.add_argument("--paths", type=int, default=2000, help="paths of each run")
    arguments = parser.parse_args()
    (DOCS / "images" / "scenarios").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chokepoint-gallery-") as folder:
        text = Gallery(arguments.build.resolve(), arguments.paths, Path(folder)).page()
    (DOCS / "scenarios.md").write_text(text)


if __name__ == "__main__":
    main()
