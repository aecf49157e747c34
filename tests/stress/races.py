"""Two to four runs at one target, with and without --force, killed at random moments, while a user puts things there.
Nothing that the user did not name is lost; the target is never a mix; whoever does not win keeps its result and says
where.
"""

import random
import shutil
import tempfile
import time
from pathlib import Path

import stress
import targets

SAMPLE, FULL = 12, 1000


class User:
    """Puts things at the target while runs go on, and knows afterwards whether they are still there."""

    def __init__(self, target):
        self.target, self.things = target, {}

    def put(self, path, text):
        try:
            with path.open("x") as file:
                file.write(text)
            self.things[path] = text
        except OSError:  # there already, or no folder
            pass

    def act(self, draw):
        action = draw.choice(["note", "note", "note", "thesis", "file", "folder"])
        if action == "file":
            return self.put(self.target, "a plain file")
        if action == "folder":
            try:
                (self.target / "plots").mkdir()
            except OSError:
                return None
            return self.put(self.target / "plots" / "one.png", "a picture")
        if action == "thesis":
            try:
                self.target.mkdir()
            except OSError:
                pass
            return self.put(self.target / "thesis.tex", "years of work")
        return self.put(self.target / f"note-{draw.randrange(1000)}.txt", "a note")

    def lost(self):
        return [str(path) for path, text in self.things.items() if not path.is_file() or path.read_text() != text]


class Race:
    def __init__(self, draw, results, folder):
        self.draw, self.results, self.folder = draw, results, folder
        self.target = folder / "out"
        self.user = User(self.target)
        self.before = draw.choice(["nothing", "nothing", "empty", "result", "result with notes"])
        self.kills = draw.random() < 0.4
        self.acts = draw.random() < 0.6
        self.forces = draw.choice([0, 0.5, 1])
        self.seeds = draw.sample(range(1, 5), draw.randint(2, 4))
        self.words = f"{self.before}, kills {self.kills}, acts {self.acts}, forces {self.forces}, seeds {self.seeds}"

    def prepare(self):
        if self.before == "empty":
            self.target.mkdir()
        if self.before.startswith("result"):
            self.results.put(5, self.target)
        if self.before == "result with notes":
            self.user.put(self.target / "notes", "a note")

    def run(self):
        runs = []
        for seed in self.seeds:
            force = ["--force"] if self.draw.random() < self.forces else []
            runs.append((seed, targets.start(self.results, self.results.arguments(seed, "out", *force), self.folder)))
            time.sleep(self.draw.random() * 0.03)
        end = time.monotonic() + 120
        while any(process.poll() is None for _, process in runs) and time.monotonic() < end:
            time.sleep(self.draw.random() * 0.02)
            if self.acts:
                self.user.act(self.draw)
            if self.kills and self.draw.random() < 0.1:
                self.draw.choice(runs)[1].kill()
        return [(seed, process, process.communicate()[1].decode(errors="replace")) for seed, process in runs]

    def faults(self):
        self.prepare()
        runs = self.run()
        faults = [f"lost: {path}" for path in self.user.lost()]
        killed = any(process.returncode == -9 for _, process, _ in runs)
        for seed, process, said in runs:
            faults += self.faults_of_run(seed, process.returncode, said)
        holder = self.results.seed_of(self.target)
        winners = [seed for seed, process, _ in runs if process.returncode == 0]
        if not killed and winners and holder not in winners:
            faults.append(f"the target holds {holder}, which is none of the winners {winners}")
        if not killed and self.forces == 0 and len(winners) > 1:
            faults.append(f"more than one has won: {winners}")
        if self.before.startswith("result") and holder is None and not self.rescued():
            faults.append("neither an old nor a new result can be read")
        return faults + [f"left: {name}" for name in targets.tidy(self.results, self.folder)]

    def faults_of_run(self, seed, code, said):
        if code not in (0, 2, 3, -9):
            return [f"exit code {code}: {said}"]
        if code == 3 and not targets.named_folders(said):
            return [f"a finished result is lost: {said}"]
        return [f"{folder} does not hold the result of {seed}" for folder in targets.named_folders(said)
                if code == 3 and self.results.seed_of(folder) != seed]

    def rescued(self):
        return any(self.results.seed_of(path) for path in self.folder.glob("out.result-*"))


def main(source, build, count):
    draw = random.Random(34)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as name:
        (Path(name) / "results").mkdir()
        results = targets.Results(source, build, Path(name) / "results")
        for number in stress.tries(count):
            folder = Path(name) / "race"
            folder.mkdir()
            race = Race(draw, results, folder)
            faults += [f"race {number} ({race.words}): {fault}" for fault in race.faults()]
            shutil.rmtree(folder)
    return faults
