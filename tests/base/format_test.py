"""Every C++ source is as clang-format leaves it. Usage: format_test.py SOURCE_DIR [BUILD_DIR]. Skipped without clang-format
14, the version of Debian 12: others break some lines elsewhere."""

import re
import shutil
import subprocess
import sys
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


def faults_in(path, program):
    """The first line that would change, where there is one."""
    text = path.read_text()
    wanted = subprocess.run([program, "--style=file", f"--assume-filename={path}"], input=text, capture_output=True,
                            text=True, check=True).stdout
    for number, (line, formatted) in enumerate(zip(text.splitlines(), wanted.splitlines()), 1):
        if line != formatted:
            return f"{path}:{number}: {line.strip()!r} should begin {formatted.strip()!r}"
    return None if text == wanted else f"{path}: lines at the end"


def main(source):
    program = formatter()
    if not program:
        print(f"skipped: no clang-format {VERSION}")
        return 77
    ugly = source / "tests" / "base" / "ugly.cpp"  # not written: only its name decides the style
    assert subprocess.run([program, "--style=file", f"--assume-filename={ugly}"], input="int  a ;\n", capture_output=True,
                          text=True, check=True).stdout == "int a;\n"
    files = [path for folder in ("include", "src", "cuda", "tests", "bench") for path in sorted((source / folder).rglob("*"))
             if path.suffix in SUFFIXES]
    assert len(files) > 300
    faults = [fault for fault in (faults_in(path, program) for path in files) if fault]
    print("\n".join(faults) if faults else f"{len(files)} files are as clang-format {VERSION} leaves them")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
