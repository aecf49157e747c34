"""clang-tidy finds nothing of the set in .clang-tidy. Usage: tidy_test.py SOURCE_DIR BUILD_DIR [--all]

Each source is read alone, so that one that lacks an include is found too: builds compile several at a time.

Without --all it looks at every header in include/ and at one source in six: which ones follows from their contents, so that
one tree always gives one answer, and a source that changes comes up sooner or later. `make tidy` looks at all, in some
minutes. Skipped without clang-tidy 14, the version of Debian 12: others know other checks."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

VERSION, ONE_IN = 14, 6


def tidy():
    for name in (f"clang-tidy-{VERSION}", "clang-tidy"):
        path = shutil.which(name)
        if path and re.search(rf"version {VERSION}\.", subprocess.run([path, "--version"], capture_output=True,
                                                                       text=True).stdout):
            return path
    return None


def faults_in(program, source, build, file):
    """What it finds in one source and the headers that it includes, a line each."""
    answer = subprocess.run([program, "--quiet", f"--config-file={source / '.clang-tidy'}", "-p", str(build),
                             "--extra-arg=-Wno-unknown-warning-option", str(file)], capture_output=True, text=True)
    return {line for line in answer.stdout.splitlines() if re.search(r": (error|warning): ", line)}


def commands_for(source, folder):
    """A build of which only the commands are used, one for each source. @returns their list"""
    subprocess.run(["cmake", "-S", source, "-B", folder, "-G", "Ninja", "-DCHOKEPOINT_CUDA=OFF", "-DCHOKEPOINT_CCACHE=",
                    "-DCMAKE_UNITY_BUILD=OFF"], check=True, stdout=subprocess.DEVNULL)
    return json.loads((folder / "compile_commands.json").read_text())


def add_sources(entries, folder, texts):
    """Sources of our own, compiled like the others. @returns their paths"""
    one = next(entry for entry in entries if entry["file"].endswith("/src/engine/run.cpp"))
    files = [folder / name for name in texts]
    for file in files:
        file.write_text(texts[file.name])
        entries.append({"directory": one["directory"], "file": str(file),
                        "command": one["command"].replace(one["file"], str(file))})
    (folder / "compile_commands.json").write_text(json.dumps(entries))
    return files


def is_of_sample(path):
    return hashlib.sha256(path.read_bytes()).digest()[0] % ONE_IN == 0


def main(source, everything):
    program = tidy()
    if not program:
        print(f"skipped: no clang-tidy {VERSION}")
        return 77
    headers = [path.relative_to(source / "include") for path in sorted((source / "include").rglob("*.hpp"))]
    texts = {"headers.cpp": "".join(f'#include "{header}"\n' for header in headers),
             "planted.cpp": "#include <string>\nvoid f(std::string s) { if (s.size() == 0) return; return; }\n"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = commands_for(source, folder)
        listed = {Path(entry["file"]) for entry in entries}
        files = [path for path in sorted((source / "src").rglob("*.cpp"))
                 if path in listed and "targets" not in path.parts and (everything or is_of_sample(path))]
        all_headers, planted = add_sources(entries, folder, texts)
        assert faults_in(program, source, folder, planted), "a planted fault is not seen"
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as crew:
            found = crew.map(lambda path: faults_in(program, source, folder, path), [all_headers, *files])
            faults = {line for lines in found for line in lines}
    print("\n".join(sorted(faults)) if faults else f"nothing in {len(headers)} headers and {len(files)} sources")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), "--all" in sys.argv[3:]))
