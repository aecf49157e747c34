#!/usr/bin/env python3
"""Writes docs/verification.md from what the tests' own programs say: no figure of the page comes from anywhere else.

    python3 tests/verification/report.py --build build --out docs/verification.md     hours on two cores; can be resumed
    python3 tests/verification/report.py --build build --out page.md --quick          a minute; small samples

Long tasks are done in parts, kept in BUILD/verification. Parts of another commit are done again, unless --reuse."""

import argparse
import concurrent.futures
import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import page

SOURCE = Path(__file__).resolve().parents[2]

# task: cases in a part, cases in all. The tasks are those of the program `verification`.
FULL = {"markets": (1000, 10000), "scenarios": (250, 5000), "statistics": (1000, 1000), "rounding": (5000, 100000),
        "baseline": (50000, 1000000), "hostile": (20000, 1000000)}
QUICK = {"markets": (40, 40), "scenarios": (20, 20), "statistics": (20, 20), "rounding": (64, 64),
         "baseline": (512, 512), "hostile": (100, 100)}


def merged(a, b):
    """Two answers for different cases: counts add up, `worst` keeps its seed, `largest` is the larger one."""
    if isinstance(a, dict):
        if "worst" in a:
            worse = b if b["worst"] > a["worst"] else a
            return {**worse, "cases": a["cases"] + b["cases"], "exceptions": a["exceptions"] + b["exceptions"]}
        both = {key: larger_or_sum(key, a[key], b[key]) for key in a if key in b}
        return {**a, **b, **both}
    if isinstance(a, list):
        return [merged(x, y) for x, y in zip(a, b)]
    return a + b


def larger_or_sum(key, a, b):
    if key == "largest":
        return max(a, b)
    return a + b if key == "seeds" else merged(a, b)


class Parts:
    """Runs the parts of all tasks and keeps their answers."""

    def __init__(self, options, sizes):
        self.program = options.build / "tests" / "verification"
        self.folder = options.build / ("verification-quick" if options.quick else "verification")
        self.folder.mkdir(exist_ok=True)
        self.reuse, self.jobs, self.sizes = options.reuse, options.jobs, sizes
        self.commit = json.loads(self.call("hostile", 0, 1))["commit"]

    def call(self, *words):
        return subprocess.run([self.program, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout

    def part(self, task, first, count):
        path = self.folder / f"{task}-{first}-{count}.json"
        if path.exists():
            kept = json.loads(path.read_text())
            if self.reuse or kept["commit"] == self.commit:
                return kept
        text = self.call(task, first, count)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(text)
        unfinished.replace(path)
        print(f"{task} {first + count}", file=sys.stderr)
        return json.loads(text)

    def all(self):
        """Answers by task, and the commits that they are of."""
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            futures = {task: [pool.submit(self.part, task, first, part) for first in range(0, total, part)]
                       for task, (part, total) in self.sizes.items()}
            parts = {task: [future.result() for future in waiting] for task, waiting in futures.items()}
        answers = {}
        for task, kept in parts.items():
            answers[task] = kept[0]["answer"]
            for one in kept[1:]:
                answers[task] = merged(answers[task], one["answer"])
        return answers, {task: sorted({one["commit"] for one in kept}) for task, kept in parts.items()}


def planted(build, paths=300):
    """A scenario whose solver gets one step and no last resort, run with --strict."""
    out = build / "verification-planted"
    command = [build / "chokepoint", "run", SOURCE / "configs" / "smoke.toml", "--set", "market.newton_limit=1", "--set",
               "market.sweep_limit=0", "--paths", str(paths), "--strict", "--quiet", "--force", "--out", out]
    done = subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
    summary = json.loads((out / "summary.json").read_text())
    return {"exit_code": done.returncode, "paths": paths, "unsolved_paths": summary["unsolved_paths"],
            "unsolved_months": summary["unsolved"]}


def table_of(script, *words):
    """The Markdown that another script prints, or nothing where there is no such script."""
    path = SOURCE / "tests" / script
    if not path.exists():
        return None
    done = subprocess.run([sys.executable, "-B", path, *map(str, words)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{path} failed")
    return done.stdout


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="build folder with the tests [build]")
    parser.add_argument("--out", type=Path, default=SOURCE / "docs" / "verification.md", help="page to write")
    parser.add_argument("--quick", action="store_true", help="small samples, to see that it works")
    parser.add_argument("--reuse", action="store_true", help="take parts of other commits too; the page names them")
    parser.add_argument("--cases", nargs="*", default=[], metavar="TASK=N", help="how many cases of a task, such as hostile=20000")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="parts at a time [one a core]")
    options = parser.parse_args()
    options.build = options.build.resolve()
    if not (options.build / "tests" / "verification").exists():
        sys.exit(f"'{options.build}' has no tests/verification: build the target all_tests first")
    sizes = dict(QUICK if options.quick else FULL)
    for word in options.cases:
        task, total = word.split("=")
        sizes[task] = (min(sizes[task][0], int(total)), int(total))
    answers, commits = Parts(options, sizes).all()
    mutations = SOURCE / "tests" / "mutation" / "results.md"
    answers |= {
        "planted": planted(options.build),
        "cases": table_of("verification/cases_table.py", SOURCE, options.build),
        "reference": table_of("reference/compare.py", "--table", "--build", options.build),
        "mutations": mutations.read_text() if mutations.exists() else None,
        "commits": commits,
        "date": datetime.date.today().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores",
    }
    unfinished = options.out.with_suffix(".tmp")
    unfinished.write_text(page.text(answers))
    unfinished.replace(options.out)
    failures = list(page.failures(answers))
    sys.exit("\n".join(failures) if failures else 0)


if __name__ == "__main__":
    main()
