"""Publishing that is killed, or fails once or for ever, at each call by which it changes folders, on file systems that
lack this and that. A kill leaves the old or the new result readable; a failure costs no finished result unless nothing
can be written at all; neither costs a file of the user's, and the next run removes what is left.
"""

import errno
import random
import shutil
import tempfile
from pathlib import Path

import stress
import targets

SAMPLE, FULL = 40, 2000

LACKS = ["", "", "exchange", "noreplace", "link", "exchange,link", "exchange,noreplace,link"]
ERRORS = [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EDQUOT, errno.EBUSY, errno.EXDEV, 0]


class Case:
    def __init__(self, results, library, place):
        self.results, self.library, self.place = results, library, place
        self.target = place / "out"
        self.uses = {}

    def prepare(self, before):
        shutil.rmtree(self.place, ignore_errors=True)
        (self.place / "spare").mkdir(parents=True)
        if before == "empty":
            self.target.mkdir()
        if before.startswith("result"):
            self.results.put(5, self.target)
        if before == "result with notes":
            (self.target / "notes").write_text("mine")

    def call(self, before, variables):
        self.prepare(before)
        force = ["--force"] if before.startswith("result") else []
        return stress.call(self.results.build, self.results.arguments(1, "out", *force), self.place,
                           variables={"LD_PRELOAD": str(self.library), "TMPDIR": str(self.place / "spare"), **variables})

    def number_of_calls(self, before, lack):
        if (before, lack) not in self.uses:
            report = self.place.parent / "uses"
            answer = self.call(before, {"FAIL_REPORT": str(report), "FAIL_LACK": lack})
            assert answer.returncode == 0 and self.results.seed_of(self.target) == 1, (before, lack, answer.stderr)
            uses = dict(line.split() for line in report.read_text().splitlines())
            self.uses[before, lack] = int(uses["changes"])
        return self.uses[before, lack]

    def faults(self, before, variables):
        answer = self.call(before, variables)
        said, code = answer.stderr.decode(errors="replace"), answer.returncode
        faults = []
        if before == "result with notes" and (self.target / "notes").read_text() != "mine":
            faults.append("a note is lost")
        holder = self.results.seed_of(self.target)
        kept = [path for path in self.place.glob("out.result-*") if self.results.seed_of(path) == 1]
        if code == -9 or code == 3:
            if before.startswith("result") and holder is None and not kept:
                faults.append("neither the old nor the new result can be read")
        elif code == 0:
            if holder != 1:
                faults.append(f"exit code 0, and the target holds {holder}")
        else:
            faults.append(f"exit code {code}: {said}")
        for folder in targets.named_folders(said):
            if self.results.seed_of(folder) != 1:
                faults.append(f"{folder} is not whole: {said}")
        left = [path for path in targets.tidy(self.results, self.place) if path not in said]
        return faults + [f"left: {path}" for path in left]


def main(source, build, count):
    draw = random.Random(41)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as name:
        place = Path(name)
        (place / "results").mkdir()
        results = targets.Results(source, build, place / "results")
        case = Case(results, stress.preloaded("failing_calls", place), place / "work")
        for number in stress.tries(count):
            before = draw.choice(["nothing", "empty", "result", "result with notes"])
            lack = draw.choice(LACKS)
            variables = {"FAIL_CALL": "changes", "FAIL_LACK": lack,
                         "FAIL_AT": str(draw.randint(1, case.number_of_calls(before, lack)))}
            if draw.random() < 0.5:
                variables["FAIL_BY"] = "kill"
            else:
                variables["FAIL_ERRNO"] = str(draw.choice(ERRORS))
                if draw.random() < 0.5:
                    variables["FAIL_EVER"] = "1"
            words = f"{before}, {' '.join(f'{key}={value}' for key, value in variables.items())}"
            faults += [f"try {number} ({words}): {fault}" for fault in case.faults(before, variables)]
    return faults
