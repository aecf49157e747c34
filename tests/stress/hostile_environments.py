"""Runs under limits of stacks, memory, threads and files, and with libraries that change the modes of arithmetic. No
try may end with other numbers than those of a plain run and exit code 0, by a signal, or with a code outside the table.
"""

import json
import random
import shutil
import resource
import tempfile
from pathlib import Path

import stress

SAMPLE, FULL = 24, 1000

# Of the MXCSR and of the x87's control word.
MODES = {
    "nearest": {},
    "down": {"HOSTILE_MXCSR": "3f80"},
    "up": {"HOSTILE_MXCSR": "5f80"},
    "towards zero": {"HOSTILE_MXCSR": "7f80"},
    "flush results": {"HOSTILE_MXCSR": "9f80"},
    "flush operands": {"HOSTILE_MXCSR": "1fc0"},
    "flush both": {"HOSTILE_MXCSR": "9fc0"},
    "x87 up": {"HOSTILE_X87": "0b7f"},
    "x87 short": {"HOSTILE_X87": "007f"},
    "both up": {"HOSTILE_MXCSR": "5f80", "HOSTILE_X87": "0b7f"},
}
PLACES = ["start", "thread", "memory", "write"]


def instruction_sets(build, folder):
    return json.loads(stress.call(build, ["doctor", "--json"], folder).stdout)["instruction sets"]


def random_try(draw, sets):
    """What one try sets: arguments, limits, variables."""
    arguments = ["--isa", draw.choice(sets), "--threads", draw.choice([1, 2, 3, 8, 24]), "--batch",
                 draw.choice([16, 64, 512])]
    limits, variables = [], {}
    if draw.random() < 0.7:
        limits.append((resource.RLIMIT_STACK, draw.choice([64, 96, 128, 192, 256, 320, 512, 1024, 8192]) << 10))
    if draw.random() < 0.3:
        limits.append((resource.RLIMIT_AS, draw.randrange(40, 900) << 20))
    if draw.random() < 0.1:
        limits.append((resource.RLIMIT_DATA, draw.randrange(20, 600) << 20))
    if draw.random() < 0.2:
        limits.append((resource.RLIMIT_NOFILE, draw.randrange(3, 24)))
    if draw.random() < 0.1:
        limits.append((resource.RLIMIT_FSIZE, draw.randrange(0, 1 << 20)))
    if stress.IS_X86 and draw.random() < 0.6:
        variables = {"HOSTILE_WHERE": draw.choice(PLACES), **MODES[draw.choice(list(MODES))]}
    return arguments, limits, variables


def fault_of(answer, right):
    if answer.returncode == 0:
        got = json.loads(answer.stdout)["digest"]
        return "" if got == right else f"exit code 0 with digest {got}"
    return "" if stress.ours(answer) else f"exit code {answer.returncode}: {answer.stderr.decode(errors='replace')}"


def main(source, build, count):
    draw = random.Random(32)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as folder:
        library = stress.preloaded("hostile_modes", folder) if stress.IS_X86 else None
        # One step of Newton's, so that every month of every path takes the last resort and its deep stack.
        run = ["run", Path(source) / "configs/smoke.toml", "--set", "market.newton_limit=1", "--paths", 192, "--json",
               "-q", "--out", "out", "--force"]
        sets = instruction_sets(build, folder)
        right = json.loads(stress.call(build, run, folder).stdout)["digest"]
        for number in stress.tries(count):
            arguments, limits, variables = random_try(draw, sets)
            if library and variables:
                variables["LD_PRELOAD"] = str(library)
            answer = stress.call(build, run + arguments, folder, limits, variables)
            fault = fault_of(answer, right)
            if fault:
                faults.append(f"try {number}: {arguments} {limits} {variables}: {fault}")
            left = [path for path in Path(folder).iterdir() if path.name not in ("out", "hostile_modes.so")]
            # A result that could not be put in its place is kept where the message says, if need be in a hidden folder.
            kept = [path for path in left if path.name in answer.stderr.decode()]
            for path in kept:
                shutil.rmtree(path)
            left = [path.name for path in left if path not in kept]
            if left:
                faults.append(f"try {number}: {arguments} {limits} {variables}: left behind: {left}")
    return faults
