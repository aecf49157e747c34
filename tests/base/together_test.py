"""The program compiles several sources at a time, as the first build of `make run` has it: no two of them give one name
to different things. Usage: together_test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def configured(source, folder, *options):
    """The commands of a build, by source."""
    subprocess.run(["cmake", "-S", source, "-B", folder, "-G", "Ninja", "-DCHOKEPOINT_CUDA=OFF", "-DCHOKEPOINT_CCACHE=",
                    *options], check=True, stdout=subprocess.DEVNULL)
    return json.loads((folder / "compile_commands.json").read_text())


def faults_of(entry):
    command = entry["command"].split(" -o ")[0] + f' -w -fsyntax-only "{entry["file"]}"'
    answer = subprocess.run(command, shell=True, cwd=entry["directory"], capture_output=True, text=True)
    return [line for line in answer.stderr.splitlines() if "error:" in line] if answer.returncode else []


def main(source):
    with tempfile.TemporaryDirectory() as name:
        entries = [entry for entry in configured(source, Path(name) / "build", "-DCMAKE_UNITY_BUILD=ON")
                   if "/Unity/" in entry["file"]]
        sources = sum(Path(entry["file"]).read_text().count("#include") for entry in entries)
        assert sources > 100, f"only {sources} sources are compiled together"
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as crew:
            faults = [line for found in crew.map(faults_of, entries) for line in found]
    print("\n".join(faults) if faults else f"{sources} sources in {len(entries)} groups")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
