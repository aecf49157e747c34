#!/usr/bin/env python3
"""Clears every market of cases.py with the program and compares.

    cases_table.py SOURCE BUILD      prints a table in Markdown; exit code 1 where a figure is off"""

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from cases import CLOSED_FORMS, PUBLISHED

CLOSED_FORM_ERROR = 1e-8  # of the value


def cleared(case, source, build):
    """What `clear --json` says of a case."""
    command = [str(Path(build) / "chokepoint"), "clear", f"{source}/configs/markets/{case.file}.toml", "--json"]
    for override in case.overrides:
        command += ["--set", override]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def named(elements, name):
    return next(element for element in elements if name in ("", element["name"]))


def profit(answer, name):
    """Of one firm, whose cost is constant."""
    firm = named(answer["firms"], name)
    price = named(answer["markets"], firm["market"])["price"]
    return (price - firm["marginal_cost"]) * firm["quantity"] / firm["count"]


def obtained(answer, quantity):
    """The values of one quantity, as a list."""
    word, name = re.fullmatch(r"(\w+)(?:\[(\w+)\])?", quantity).groups(default="")
    if word == "q":
        return [firm["quantity"] for firm in answer["firms"] if name in ("", firm["name"])]
    if word == "profit":
        return [profit(answer, name)]
    market = named(answer["markets"], name)
    return [market["cr"][3] if word == "cr4" else market[word]]


def wanted(value):
    """Pairs (text, number, tolerance) of an expected value in any of its forms."""
    if isinstance(value, tuple):
        return [(text, number, value[1]) for text, number, _ in wanted(value[0])]
    if isinstance(value, str):
        return [(word, float(word), 0.5 * 10.0 ** Decimal(word).as_tuple().exponent) for word in value.split()]
    numbers = value if isinstance(value, list) else [value]
    return [(f"{number:.10g}", number, CLOSED_FORM_ERROR * max(abs(number), 1e-2)) for number in numbers]


def comparisons(case, source, build):
    """Tuples (quantity, expected text, expected, obtained, tolerance) of a case."""
    answer = cleared(case, source, build)
    for quantity, value in case.expected.items():
        expected, got = wanted(value), obtained(answer, quantity)
        assert len(expected) == len(got), (case.file, quantity)
        for (text, number, tolerance), result in zip(expected, got):
            yield quantity, text, number, result, tolerance


def row(case, quantity, rows):
    error = max(abs(result - number) for _, _, number, result, _ in rows)
    good = all(abs(result - number) <= tolerance for _, _, number, result, tolerance in rows)
    cells = [f"{case.source}; `{case.file}`", quantity, ", ".join(text for _, text, *_ in rows),
             ", ".join(f"{result:.8g}" for *_, result, _ in rows), f"{error:.1e}" + ("" if good else " **off**")]
    return "| " + " | ".join(cells) + " |", good


def table(cases, source, build):
    """Markdown lines of some cases, and whether all is as expected."""
    lines = ["| case | quantity | expected | obtained | error |", "|---|---|---|---|---|"]
    notes, good = [], True
    for case in cases:
        found = list(comparisons(case, source, build))
        for quantity in case.expected:
            line, right = row(case, quantity, [item for item in found if item[0] == quantity])
            lines.append(line)
            good = good and right
        if case.note:
            notes.append(f"- {case.source}: {case.note}.")
    return lines + ([""] + notes if notes else []), good


def markdown(source, build):
    """The whole section for docs/verification.md, and whether all is as expected."""
    published, good = table(PUBLISHED, source, build)
    forms, fine = table(CLOSED_FORMS, source, build)
    return "\n".join(["### Published examples", "", *published, "", "### Closed forms", "", *forms]) + "\n", good and fine


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    text, good = markdown(sys.argv[1], sys.argv[2])
    print(text, end="")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
