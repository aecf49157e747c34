"""Commands whose system calls fail, once or for ever: open, read, write, close, fsync, rename, mkdir, opendir, mmap,
malloc, pthread_create. Every try must end with an exit code of the table and one message, or with right results; leave
nothing behind that its message does not name; and lose nothing that was there.

Of all calls but malloc and read each one is made to fail, once and for ever, in an order that is drawn; the tries that are
left go to malloc and read, of which a command makes thousands.
"""

import errno
import json
import random
import shutil
import tempfile
from pathlib import Path

import stress

SAMPLE, FULL = 45, 3000

CALLS = ["open", "read", "write", "close", "fsync", "rename", "mkdir", "opendir", "mmap", "malloc", "pthread_create"]
MANY = ["malloc", "read"]
REASONS = {"malloc": [errno.ENOMEM], "mmap": [errno.ENOMEM], "pthread_create": [errno.EAGAIN],
           "write": [errno.EIO, errno.ENOSPC, 0], "mkdir": [errno.ENOSPC, errno.EACCES],
           "open": [errno.EIO, errno.EMFILE, errno.EACCES]}


def prepare(source, build, folder):
    """Results to read, and claims. @returns commands by name"""
    smoke = Path(source) / "configs/smoke.toml"
    for name, setting in (("a", "market.sigma=8"), ("b", "market.sigma=7")):
        stress.call(build, ["run", smoke, "--paths", 32, "--set", setting, "-q", "--out", name], folder)
    stress.call(build, ["run", smoke, "--paths", 32, "--first-path", 32, "--set", "market.sigma=8", "-q", "--out",
                        "a2"], folder)
    (folder / "claims").mkdir()
    for number in (1, 2):
        (folder / "claims" / f"{number}.toml").write_text(
            smoke.read_text() + f'\n[claim]\nnumber = {number}\nsentence = "Prices fall."\n'
            'source = "this test"\npredicate = "occurs(world_price < 2)"\n')
    run = ["run", smoke, "--paths", 48, "--threads", 2, "--batch", 16, "-q"]
    return {"run": run + ["--out", "new"], "run --force": run + ["--out", "old", "--force"],
            "merge": ["merge", "a", "a2", "-q", "--out", "new"],
            "compare": ["compare", "a", "b", "--threads", 2, "-q", "--out", "new"],
            "verdict": ["verdict", "claims", "--paths", 48, "--no-attribution", "--json"],
            "report": ["report", "a", "b", "-q", "--out", "new.html"],
            "figures": ["report", "a", "-q", "--out", "new.html", "--figures", "new"]}


def shown(folder):
    """Everything in a folder, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
            for path in sorted(folder.rglob("*")) if path.name != "calls"}


def digest_of(answer, folder, name):
    """What tells right results from wrong ones, where a command has any that do not hold times."""
    if name in ("run", "run --force", "merge"):
        return json.loads((folder / ("old" if name == "run --force" else "new") / "summary.json").read_text())["digest"]
    if name == "verdict":
        return [claim["answer"] for claim in json.loads(answer.stdout)["claims"]]
    if name == "compare":  # but for the comments, which hold the time
        lines = (folder / "new/comparison.csv").read_text().splitlines()
        return [line for line in lines if not line.startswith("#")]
    return (folder / "new.html").stat().st_size > 10000


class Case:
    """One command, tried again and again in a fresh copy of its folder."""

    def __init__(self, build, library, place, name, arguments):
        self.build, self.library, self.name, self.arguments = build, library, name, arguments
        self.template, self.folder = place / "template", place / "work"
        answer = self.call({"FAIL_REPORT": "calls"})
        assert answer.returncode == 0, answer.stderr
        self.right = digest_of(answer, self.folder, name)
        self.uses = {word: int(number) for word, number in
                     (line.split() for line in (self.folder / "calls").read_text().splitlines())}

    def call(self, variables):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        return stress.call(self.build, self.arguments, self.folder,
                           variables={"LD_PRELOAD": str(self.library), **variables}, timeout=300)

    def fault_of(self, variables):
        before = shown(self.template)
        answer = self.call(variables)
        after = shown(self.folder)
        said = answer.stderr.decode(errors="replace")
        lost = [path for path in before if after.get(path) != before[path] and not path.startswith("old")]
        if lost:
            return f"lost or changed: {lost}"
        if answer.returncode == 0:
            return "" if digest_of(answer, self.folder, self.name) == self.right else "exit code 0 with other results"
        if not stress.ours(answer):
            return f"exit code {answer.returncode}: {said[:500]}"
        named = lambda path: any(part in said or part.startswith(".chokepoint-") and ".chokepoint-*" in said
                                 for part in Path(path).parts)
        left = [path for path in after if path not in before and not named(path)]
        return f"exit code {answer.returncode}, left behind: {left}: {said[:300]}" if left else ""


def variables_of(draw, call, at, ever):
    variables = {"FAIL_CALL": call, "FAIL_AT": str(at),
                 "FAIL_ERRNO": str(int(draw.choice(REASONS.get(call, [errno.EIO]))))}
    return {**variables, "FAIL_EVER": "1"} if ever else variables


def every_call(draw, cases):
    """All tries of calls that are few, as (case, variables)."""
    tries = [(case, variables_of(draw, call, at, ever)) for case in cases for call in CALLS if call not in MANY
             for at in range(1, case.uses.get(call, 0) + 1) for ever in (False, True)]
    draw.shuffle(tries)
    return tries


def random_try(draw, case):
    call = draw.choice(MANY)
    # A child that reads or builds a result goes on with the count of its parent, which does not hear of it.
    last = case.uses[call] * (2 if call == "malloc" else 1)
    return case, variables_of(draw, call, draw.randint(1, last), draw.random() < 0.4)


def main(source, build, count):
    draw = random.Random(36)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as name:
        place = Path(name)
        library = stress.preloaded("failing_calls", place)
        (place / "template").mkdir()
        commands = prepare(source, build, place / "template")
        shutil.copytree(place / "template" / "a", place / "template" / "old")
        cases = [Case(build, library, place, name, arguments) for name, arguments in commands.items()]
        few = every_call(draw, cases)
        for number in stress.tries(count):
            case, variables = few[number] if number < len(few) else random_try(draw, cases[number % len(cases)])
            fault = case.fault_of(variables)
            if fault:
                faults.append(f"try {number}: {case.name} with {' '.join(f'{k}={v}' for k, v in variables.items())}: "
                              f"{fault}")
    return faults
