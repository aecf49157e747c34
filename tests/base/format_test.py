"""Every C++ source is as clang-format leaves it. Usage: format_test.py SOURCE_DIR [BUILD_DIR]. Skipped without clang-format
14, the version of Debian 12: others break some lines elsewhere."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUFFIXES = {".cpp", ".hpp", ".cu", ".cuh", ".c"}
VERSION = 14


def formatter():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(rf"version {VERSION}\.", said):
                return path
    return None


def faults_in(program, files):
    """What clang-format would change, a line of words each."""
    answer = subprocess.run([program, "--dry-run", "-Werror", "--style=file", *map(str, files)], capture_output=True,
                            text=True)
    return [line for line in answer.stderr.splitlines() if ": error: " in line]


def main(source):
    program = formatter()
    if not program:
        print(f"skipped: no clang-format {VERSION}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(source / ".clang-format", folder)
        planted = Path(folder) / "planted.cpp"
        planted.write_text("int  a ;\n")
        assert len(faults_in(program, [planted])) == 2, "planted spaces are not seen"
    files = [path for folder in ("include", "src", "cuda", "tests", "bench") for path in sorted((source / folder).rglob("*"))
             if path.suffix in SUFFIXES]
    faults = faults_in(program, files)
    print("\n".join(faults[:20]) if faults else f"{len(files)} files are as clang-format {VERSION} leaves them")
    return 1 if faults or len(files) < 300 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
