#!/usr/bin/env python3
"""Fuzzes for a while: fuzz_driver with new seeds and, where clang++ is installed, libFuzzer on the readers.

    long_run.py SOURCE BUILD [--minutes 10]

BUILD is a Ninja build folder in which fuzz_driver is built. Findings are kept in BUILD/findings."""

import argparse
import json
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROPERTIES = {"scenario": ["tests/data/scenario_minimal.toml", "configs/smoke.toml"], "market": ["configs/markets"],
              "tallies": [], "command_line": []}
READERS = ("scenario", "market", "tallies")
SANITIZERS = "-fsanitize=fuzzer,address,undefined"


def inputs(source, name):
    return [source / "tests/fuzz/corpus" / name, *(source / path for path in PROPERTIES[name])]


def drive(source, build, findings, name, until):
    """fuzz_driver with seed after seed. Returns whether all was well."""
    while time.monotonic() < until:
        seed = random.randrange(1 << 32)
        command = [build / "tests/fuzz_driver", name, "2000", str(seed), *inputs(source, name)]
        print(f"{name}: seed {seed}", flush=True)
        if subprocess.run(command, cwd=findings, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def words_of_link(build):
    """Libraries and flags that fuzz_driver is linked with."""
    answer = subprocess.run(["ninja", "-C", build, "-t", "commands", "fuzz_driver"], check=True,
                            stdout=subprocess.PIPE, text=True)
    words = shlex.split(answer.stdout.strip().splitlines()[-1].replace(": && ", "").replace(" && :", ""))
    start = words.index("-o") + 2
    return [word for word in words[start:] if not word.startswith("-fsanitize")]


def flags_of(build, source):
    """Include paths and definitions that fuzz_driver is compiled with."""
    commands = json.loads((build / "compile_commands.json").read_text())
    entry = next(entry for entry in commands if entry["file"] == str(source / "tests/fuzz/fuzz_driver.cpp"))
    words = shlex.split(entry["command"])
    return [word for at, word in enumerate(words) if word.startswith(("-I", "-D")) or
            "-isystem" in (word, words[at - 1])]


def build_libfuzzer(source, build, clang, folder):
    """One program a reader, with the readers' sources under coverage and sanitizers. Returns their paths."""
    rooms = source / "src"
    sources = [*(rooms / "config").glob("*.cpp"), *(rooms / "scenario").rglob("*.cpp"), *(rooms / "tally").glob("tallies*.cpp"),
               *(rooms / "one_shot" / f"{name}.cpp" for name in ("keys", "lower", "read", "shares", "validate")),
               source / "tests/fuzz/properties.cpp"]
    flags = [clang, "-std=c++20", "-O1", "-g1", "-w", "-fno-sanitize-recover=all", *flags_of(build, source)]
    together = folder / "together.cpp"  # parsing the headers once is most of the work saved
    together.write_text("".join(f'#include "{file}"\n' for file in sorted(sources)))
    objects = [folder / "together.o", folder / "command_line.o"]
    for file, target in zip([together, source / "tests/fuzz/command_line.cpp"], objects):
        subprocess.run([*flags, "-fsanitize=fuzzer-no-link,address,undefined", "-c", file, "-o", target], check=True)
    programs = {}
    for name in READERS:
        programs[name] = folder / name
        subprocess.run([*flags, f'-DFUZZ_PROPERTY="{name}"', SANITIZERS, source / "tests/fuzz/libfuzzer.cpp", *objects,
                        "-o", programs[name], *words_of_link(build)], cwd=build, check=True)
    return programs


def run_libfuzzer(source, findings, name, program, seconds):
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(inputs(source, name)):
            for file in path.rglob("*") if path.is_dir() else [path]:
                if file.is_file():
                    shutil.copy(file, Path(folder) / f"{number}-{file.name}")
        command = [program, f"-max_total_time={int(seconds)}", "-timeout=10", "-max_len=20000", "-print_final_stats=1",
                   "-verbosity=0", f"-artifact_prefix={findings}/libfuzzer-{name}-", folder]
        print(f"{name}: libFuzzer, {int(seconds)} s", flush=True)
        return subprocess.run(command, cwd=findings).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    source, build = arguments.source.resolve(), arguments.build.resolve()
    findings = build / "findings"
    findings.mkdir(exist_ok=True)
    clang = shutil.which("clang++")
    seconds = 60 * arguments.minutes / (len(PROPERTIES) + (len(READERS) if clang else 0))
    good = all([drive(source, build, findings, name, time.monotonic() + seconds) for name in PROPERTIES])
    if clang:
        with tempfile.TemporaryDirectory(prefix="chokepoint-libfuzzer-") as folder:
            programs = build_libfuzzer(source, build, clang, Path(folder))
            good = all([run_libfuzzer(source, findings, *item, seconds) for item in programs.items()]) and good
    print("all well" if good else f"there are findings in {findings}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
