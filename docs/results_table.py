#!/usr/bin/env python3
"""Writes the table of measures in docs/results.md from a result.

    python3 docs/results_table.py results/baseline/result.nc docs/results.md

Needs netcdf4 from PyPI (Debian: python3-netcdf4).
"""
import sys
from pathlib import Path

import netCDF4

HEAD = "| measure | dimensions besides time | unit | `units` | meaning |\n|---|---|---|---|---|\n"


def measure_lines(data):
    """A line a measure, in the order of the file."""
    lines = []
    for name, variable in data.variables.items():
        if name.endswith("_mean"):
            dimensions = ", ".join(d for d in variable.dimensions if d != "time")
            meaning = variable.long_name.rsplit("; ", 1)[0]
            lines.append(f"| `{name[:-5]}` | {dimensions} | {variable.unit_description} | `{variable.units}` | {meaning} |")
    return lines


def main(result, page):
    text = Path(page).read_text()
    start = text.index(HEAD) + len(HEAD)
    end = text.index("\n\n", start) + 1
    with netCDF4.Dataset(result) as data:
        table = "".join(line + "\n" for line in measure_lines(data))
    Path(page).write_text(text[:start] + table + text[end:])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
