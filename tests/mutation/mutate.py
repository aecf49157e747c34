#!/usr/bin/env python3
"""Plants small faults in a copy of the source, one at a time, and shows which test catches each.

    mutate.py SOURCE BUILD [--only WORDS] [--table FILE]

BUILD is a Ninja build folder of SOURCE with its tests configured and the library built (ninja chokepoint_commands is
enough). Of each fault only the test file that should catch it is compiled, against the model's headers with the fault:
in a namespace of its own (CHOKEPOINT_TARGET), so that the library beside it stays as it is. First the same test files
must pass without a fault. Exit code 1 if a fault survives or no longer applies."""

import argparse
import datetime
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from faults import FAULTS

LONGEST_TEST = 300  # seconds; a fault that makes a test hang is caught as well


def planted(fault, source):
    """Text of the file with the fault. Raises ValueError unless it applies exactly once."""
    text = (Path(source) / fault.file).read_text()
    if text.count(fault.search) != 1:
        raise ValueError(f"'{fault.name}': {text.count(fault.search)} places in {fault.file} read {fault.search!r}")
    return text.replace(fault.search, fault.replace)


class Bench:
    """Compiles and runs single test files from a copy of the source."""

    def __init__(self, source, build, copy):
        self.source, self.build, self.copy = source.resolve(), build.resolve(), copy
        for folder in ("include", "src", "tests"):
            shutil.copytree(self.source / folder, copy / folder)
        self.commands = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())}

    def compile(self, file, target):
        entry = self.commands[str(self.source / file)]
        words = [self.moved(word) for word in shlex.split(entry["command"])]
        at = words.index("-o")
        words[at + 1] = str(target)
        subprocess.run(words + ["-O1", "-w", "-DCHOKEPOINT_TARGET=mutant"], cwd=entry["directory"], check=True)

    def moved(self, word):
        """Files of the source become those of the copy; a build folder within the source stays where it is."""
        kept = word.replace(f"{self.build}/", "\0").replace(f"{self.source}/", f"{self.copy}/")
        return kept.replace("\0", f"{self.build}/")

    def link(self, room, objects, target):
        """As the whole room's test program is linked, with other objects."""
        answer = subprocess.run(["ninja", "-C", str(self.build), "-t", "commands", f"test_{room}"], check=True,
                                stdout=subprocess.PIPE, text=True)
        line = answer.stdout.strip().splitlines()[-1]
        words = [word for word in shlex.split(re.sub(r"&& :|: &&", "", line)) if not re.search(r"_test\.cpp\.o$", word)]
        at = words.index("-o")
        words[at + 1] = str(target)
        subprocess.run(words[:at] + list(map(str, objects)) + words[at:], cwd=self.build, check=True)

    def failures(self, test, library):
        """Names of the tests that fail in tests/<test>_test.cpp, with the sources of `library` compiled afresh."""
        with tempfile.TemporaryDirectory(dir=self.copy) as folder:
            objects = []
            for number, file in enumerate((f"tests/{test}_test.cpp", *library)):
                objects.append(Path(folder) / f"{number}.o")
                self.compile(file, objects[-1])
            program = Path(folder) / "program"
            self.link(test.split("/")[0], objects, program)
            return self.run(program)

    @staticmethod
    def run(program):
        try:
            answer = subprocess.run([program, "--gtest_brief=1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    text=True, timeout=LONGEST_TEST)
        except subprocess.TimeoutExpired:
            return ["hangs"]
        names = re.findall(r"^\[  FAILED  \] (\w[\w/]*\.[\w/]+)", answer.stdout, re.M)
        return sorted(set(names)) or (["crashes"] if answer.returncode else [])


def check_unharmed(bench, faults):
    for test, library in sorted({(fault.test, fault.library) for fault in faults}):
        failed = bench.failures(test, library)
        if failed:
            sys.exit(f"{test} fails without any fault: {', '.join(failed)}")
        print(f"{test} passes without a fault", file=sys.stderr)


def check_fault(bench, fault):
    """Names of the tests that fail with the fault."""
    file = bench.copy / fault.file
    kept = file.read_text()
    file.write_text(planted(fault, bench.source))
    try:
        return bench.failures(fault.test, fault.library)
    finally:
        file.write_text(kept)


def table(rows, faults, seconds):
    caught = sum(1 for _, failed in rows if failed)
    lines = [f"Measured {datetime.date.today()} in {seconds / 60:.0f} minutes: {caught} of {len(rows)} faults caught."]
    if len(rows) < len(faults):
        lines.append(f"Not run: {', '.join(fault.name for fault in faults[len(rows):])}.")
    lines += ["", "| fault | in | caught by |", "|---|---|---|"]
    for fault, failed in rows:
        names = ", ".join(failed[:3]) + (f" and {len(failed) - 3} more" if len(failed) > 3 else "")
        lines.append(f"| {fault.name} | {Path(fault.file).name} | {names or '**survives**'} |")
    return "\n".join(lines) + "\n"


def keep(text, file):
    if file:
        file.write_text("# Planted faults\n\nMade by `make mutation`; see docs/testing.md.\n\n" + text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--only", default="", help="faults whose name or test holds these words")
    parser.add_argument("--table", type=Path, help="file for the table")
    arguments = parser.parse_args()
    faults = [fault for fault in FAULTS if arguments.only in f"{fault.name} {fault.test}"]
    for fault in faults:
        planted(fault, arguments.source)
    start = time.monotonic()
    rows = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-mutation-") as folder:
        bench = Bench(arguments.source, arguments.build, Path(folder).resolve())
        check_unharmed(bench, faults)
        for fault in faults:
            rows.append((fault, check_fault(bench, fault)))
            print(f"{fault.name}: {', '.join(rows[-1][1]) or 'SURVIVES'}", file=sys.stderr, flush=True)
            keep(table(rows, faults, time.monotonic() - start), arguments.table)  # a run cut short keeps what it has
    print(table(rows, faults, time.monotonic() - start), end="")
    return 0 if all(failed for _, failed in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
