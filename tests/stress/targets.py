"""Targets of runs as others may have left them, and what must hold of them afterwards."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import stress

RUN = ["--set", "scenario.months=2", "--paths", 8, "--threads", 1, "-q"]


class Results:
    """Finished runs by seed, to be copied: a mix of two is then neither."""

    def __init__(self, source, build, place):
        self.build, self.smoke, self.place = build, Path(source) / "configs/smoke.toml", place
        self.digests = {seed: self.make(seed) for seed in range(1, 6)}

    def arguments(self, seed, out, *more):
        return ["run", self.smoke, *RUN, "--seed", seed, "--out", out, *more]

    def make(self, seed):
        answer = stress.call(self.build, self.arguments(seed, f"{seed}"), self.place)
        assert answer.returncode == 0, answer.stderr
        return json.loads((self.place / f"{seed}/summary.json").read_text())["digest"]

    def put(self, seed, target):
        shutil.copytree(self.place / f"{seed}", target)

    def is_whole(self, folder):
        return stress.call(self.build, ["check", "-q", folder], self.place).returncode == 0

    def seed_of(self, folder):
        """Whose result a folder holds, whole; None where it holds none that reads as good."""
        if not (Path(folder) / "manifest.json").exists() or not self.is_whole(folder):
            return None
        summary = json.loads((Path(folder) / "summary.json").read_text())
        manifest = json.loads((Path(folder) / "manifest.json").read_text())
        seed = summary["provenance"]["seed"]
        if len({summary["digest"], manifest["digest"], self.digests[seed]}) != 1:
            raise AssertionError(f"{folder} reads as good and is a mix")
        return seed


def named_folders(said):
    """Folders in which a message says that a whole result is."""
    return re.findall("whole in '([^']*)'", said)


def leftovers(folder):
    """Hidden things of ours. After a run into the folder there must be none."""
    return [str(path) for path in Path(folder).rglob(".chokepoint-*")]


def tidy(results, folder):
    """What the next runs into a folder do of their own accord, be it that they are refused. @returns what is left"""
    stress.call(results.build, results.arguments(1, "out", "--force"), folder)
    answer = stress.call(results.build, results.arguments(1, "next"), folder)
    if answer.returncode != 0:
        return [f"the next run ends in {answer.returncode}: {answer.stderr.decode(errors='replace')}"]
    shutil.rmtree(Path(folder) / "next")
    return leftovers(folder)


def start(results, arguments, folder):
    return subprocess.Popen([str(Path(results.build) / "chokepoint"), *map(str, arguments)], cwd=folder,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
