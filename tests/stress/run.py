"""Everything that is tried against the program in large numbers.

Usage: run.py SOURCE_DIR BUILD_DIR [--full | --count N] [--minutes M] [NAME...]

Every module of this folder with a function `main(source, build, count)` is a case: it makes `count` tries, of the seed
that it fixes, and returns a list of what went wrong, in words, empty where all is well. SAMPLE and FULL say how many
tries `make test` and `make stress` make (20 and 1000 where a module does not say). A case whose loop is over
`stress.tries(count)` begins no more of them when its --minutes are over. A case that raises has failed.
"""

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path

import stress

HERE = Path(__file__).resolve().parent


def cases():
    """The modules that are cases, by name. What the cases only share may import what is not installed."""
    sys.path.insert(0, str(HERE))
    stems = [path.stem for path in sorted(HERE.glob("*.py")) if "\ndef main(source, build, count)" in path.read_text()]
    return {stem: importlib.import_module(stem) for stem in stems}


def tries(module, arguments):
    if arguments.count is not None:
        return arguments.count
    return getattr(module, "FULL", 1000) if arguments.full else getattr(module, "SAMPLE", 20)


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def faults_of(module, source, build, count):
    try:
        return list(module.main(source, build, count) or [])
    except (Exception, SystemExit):  # a case must not take the others with it
        return [traceback.format_exc()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("build", type=Path)
    numbers = parser.add_mutually_exclusive_group()
    numbers.add_argument("--full", action="store_true", help="the numbers of make stress, not those of make test")
    numbers.add_argument("--count", type=positive, metavar="N", help="N tries of each case")
    parser.add_argument("--minutes", type=positive, metavar="M", help="begin no try of a case after M minutes of it")
    parser.add_argument("names", nargs="*", help="cases to run [all]")
    arguments = parser.parse_intermixed_args()  # names may follow the options, as ARGS of make stress do
    known = cases()
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"no case is named {' or '.join(unknown)}; there are {', '.join(known)}")
    failed = False
    for name in arguments.names or known:
        module, start = known[name], time.monotonic()
        count = tries(module, arguments)
        stress.begun, stress.deadline = 0, start + 60 * arguments.minutes if arguments.minutes else None
        faults = faults_of(module, arguments.source.resolve(), arguments.build.resolve(), count)
        failed = failed or bool(faults)
        seconds = time.monotonic() - start
        print(f"{name}: {stress.begun or count} tries, {len(faults)} went wrong, {seconds:.0f} s", flush=True)
        for fault in faults[:20]:
            print("  " + fault.replace("\n", "\n  "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
