"""The runner takes names of cases after its options, as `make stress ARGS=NAME` gives them, and refuses names that are
none. Usage: run_test.py SOURCE_DIR BUILD_DIR
"""

import subprocess
import sys
from pathlib import Path

RUNNER = Path(__file__).resolve().parent / "run.py"


def run(*arguments):
    return subprocess.run([sys.executable, "-B", str(RUNNER), *sys.argv[1:3], *arguments], capture_output=True,
                          text=True)


def main():
    some = run("--count", "1", "flipped_bits")
    assert some.returncode == 0 and some.stdout.startswith("flipped_bits: 1 tries, 0 went wrong"), some
    unknown = run("--full", "no_such_case")
    assert unknown.returncode == 2 and not unknown.stdout, unknown
    assert "no case is named no_such_case; there are failing_calls, flipped_bits, " in unknown.stderr, unknown
    for wrong in ("0", "-1", "many"):
        assert run("--count", wrong, "flipped_bits").returncode == 2


if __name__ == "__main__":
    main()
