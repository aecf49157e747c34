"""The pages that the program's own tables make: docs/keys.md, docs/measures.md, the rest of docs/market-files.md and the
table of exit codes in README.md.

Usage: make_reference.py SOURCE_DIR PROGRAM [--check]. With --check nothing is written, and pages that are out of date are
named (exit code 1).
"""

import subprocess
import sys
from pathlib import Path

KEYS = """# Keys of scenario files

All of them, as the program reads them (`chokepoint schema --markdown`); how files are built is in
[scenario-files.md](scenario-files.md). This page is generated: `make reference`.

"""
MEASURES = """# Measures

What is measured each month on every path (`chokepoint schema --measures --markdown`). `X[cn]` is the value of one region,
`X[cn,h200]` of one market; *worse when* says in which direction those who buy compute are worse off. How they are stored is
in [results.md](results.md), how they are computed in [model.md](model.md). This page is generated: `make reference`.

"""


def printed(program, *arguments):
    return subprocess.run([program, "schema", *arguments, "--markdown"], check=True, capture_output=True, text=True).stdout


def with_market_keys(text, reference):
    """The page up to its first generated section, and that section and all after it anew."""
    return text[:text.index("## Top level\n")] + reference


def with_exit_codes(text, table):
    begin = text.index("| exit code | meaning |\n")
    end = text.index("\n\n", begin) + 1
    return text[:begin] + table + text[end:]


def pages(source, program):
    """What each page should be, by its path."""
    docs = source / "docs"
    return {docs / "keys.md": KEYS + printed(program).rstrip("\n") + "\n",
            docs / "measures.md": MEASURES + printed(program, "--measures"),
            docs / "market-files.md": with_market_keys((docs / "market-files.md").read_text(),
                                                       printed(program, "--market").rstrip("\n") + "\n"),
            source / "README.md": with_exit_codes((source / "README.md").read_text(), printed(program, "--exit-codes"))}


def main(source, program, check):
    stale = [(path, text) for path, text in pages(source, program).items()
             if not path.exists() or path.read_text() != text]
    for path, text in stale:
        print(f"{path} {'is out of date: make reference' if check else 'written'}")
        if not check:
            path.write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), "--check" in sys.argv[3:]))
