"""The pages that the program's own tables make: docs/keys.md, docs/measures.md, the rest of docs/market-files.md, the table
of directions in docs/analysis.md and that of exit codes in README.md.

Usage: make_reference.py SOURCE_DIR PROGRAM [--check]. With --check nothing is written, and pages that are out of date are
named (exit code 1).
"""

import json
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


DIRECTIONS = "| worse | measures |\n|---|---|\n"


def said(program, *arguments):
    return subprocess.run([program, "schema", *arguments], check=True, capture_output=True, text=True).stdout


def printed(program, *arguments):
    return said(program, *arguments, "--markdown")


def with_market_keys(text, reference):
    """The page up to its first generated section, and that section and all after it anew."""
    return text[:text.index("## Top level\n")] + reference


def with_table(text, head, table):
    begin = text.index(head)
    end = text.index("\n\n", begin) + 1
    return text[:begin] + table + text[end:]


def directions(measures):
    """The names of the measures by the direction in which buyers are worse off."""
    by_direction = {direction: [f"`{measure['name']}`" for measure in measures if measure["worse"] == direction]
                    for direction in ("higher", "lower", "neither")}
    return DIRECTIONS + "".join(f"| {direction} | {', '.join(names)} |\n" for direction, names in by_direction.items())


def pages(source, program):
    """What each page should be, by its path."""
    docs = source / "docs"
    return {docs / "keys.md": KEYS + printed(program).rstrip("\n") + "\n",
            docs / "measures.md": MEASURES + printed(program, "--measures"),
            docs / "market-files.md": with_market_keys((docs / "market-files.md").read_text(),
                                                       printed(program, "--market").rstrip("\n") + "\n"),
            docs / "analysis.md": with_table((docs / "analysis.md").read_text(), DIRECTIONS,
                                             directions(json.loads(said(program, "--measures")))),
            source / "README.md": with_table((source / "README.md").read_text(), "| exit code | meaning |\n",
                                             printed(program, "--exit-codes"))}


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
