"""Puts the table that `chokepoint verdict --markdown` prints between the marks of a page.

Usage: chokepoint verdict configs/evidence --markdown | claims_table.py docs/claims.md
"""

import pathlib
import sys

START, END = "<!-- claims: made by `make claims` -->\n", "<!-- end of claims -->\n"


def replaced(page, table):
    """The page with the table between its marks."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return before + START + "\n" + table.strip() + "\n\n" + END + after


def main():
    table = sys.stdin.read()
    if not table.strip():
        sys.exit("claims_table.py: no table on standard input; the page stays as it is")
    page = pathlib.Path(sys.argv[1])
    page.write_text(replaced(page.read_text(), table))


if __name__ == "__main__":
    main()
