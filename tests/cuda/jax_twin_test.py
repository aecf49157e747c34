"""The JAX twin takes its parameters from the program and gives its numbers. Usage: jax_twin_test.py SOURCE_DIR BUILD_DIR

On the smoke scenario with every kind of dated shock (dated_shocks.toml), a path without drawn shocks must agree measure by
measure, and the means of some paths with draws of its own within their errors. Where JAX is missing only the parameters are looked at, and the rest is skipped.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path


def answer(program, *arguments):
    return subprocess.run([str(program), *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def main(source, build):
    program, config = build / "chokepoint", source / "tests" / "cuda" / "dated_shocks.toml"
    if not program.exists():
        print("skipped: the program is not built")
        return 77
    parameters = answer(program, "validate", config, "--parameters")
    block = json.loads(parameters)
    months = block["sizes"]["months"]
    if months != 24 or len(block["calendar"]) != months or not block["demand"]["sigma"] > 1:
        print(f"the parameters are not those of the scenario: {block['sizes']}")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        files = {"parameters": parameters, "replay": answer(program, "replay", config, "--no-shocks", "--json"),
                 "summary": answer(program, "run", config, "--paths", "4000", "--json", "--quiet", "--out", Path(scratch) / "out")}
        for name, text in files.items():
            (Path(scratch) / name).write_text(text)
        command = [sys.executable, "-B", str(source / "bench" / "gpu" / "jax_twin"), "parameters", "--paths", "1000",
                   "--repeat", "1", "--check", "replay", "--against", "summary"]
        return subprocess.run(command, cwd=scratch).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
