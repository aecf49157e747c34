"""Everything that is tried against the program in large numbers. Usage: run.py SOURCE_DIR BUILD_DIR [--full] [NAME...]

Every module of this folder with a function `main(source, build, count)` is a case: it makes `count` tries, of the seed
that it fixes, and returns a list of what went wrong, in words, empty where all is well. SAMPLE and FULL say how many
tries `make test` and `make stress` make (20 and 1000 where a module does not say). A case that raises has failed.
"""

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent


def cases(names):
    sys.path.insert(0, str(HERE))
    for path in sorted(HERE.glob("*.py")):
        if path.stem == "run" or path.stem.endswith("_test") or (names and path.stem not in names):
            continue
        module = importlib.import_module(path.stem)
        if hasattr(module, "main"):
            yield path.stem, module


def tries(module, full):
    return getattr(module, "FULL", 1000) if full else getattr(module, "SAMPLE", 20)


def faults_of(module, source, build, count):
    try:
        return list(module.main(source, build, count) or [])
    except (Exception, SystemExit):  # a case must not take the others with it
        return [traceback.format_exc()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--full", action="store_true", help="the numbers of make stress, not those of make test")
    parser.add_argument("names", nargs="*", help="cases to run [all]")
    arguments = parser.parse_args()
    failed = False
    for name, module in cases(arguments.names):
        count, start = tries(module, arguments.full), time.monotonic()
        faults = faults_of(module, arguments.source.resolve(), arguments.build.resolve(), count)
        failed = failed or bool(faults)
        print(f"{name}: {count} tries, {len(faults)} went wrong, {time.monotonic() - start:.0f} s", flush=True)
        for fault in faults[:20]:
            print("  " + fault.replace("\n", "\n  "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
