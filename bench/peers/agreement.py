"""Does a peer give chokepoint's numbers? It draws the same shocks, so it must, path by path and up to rounding.

Two comparisons. The first paths of the peer are held against `chokepoint replay`, every measure of every month. The
statistics of all its paths are held against `chokepoint run --json`.
"""

import array
import json
import math
import subprocess

# A path in single precision is off by some 1e-5 after six years of months, each cleared to 3e-5. A station done
# differently shows at 1e-2 and more.
PATH_TOLERANCE = 3e-3
# Where a threshold decides whether a war starts or a firm leaves, rounding can decide otherwise, and the path goes its
# own way. That needs a number within some 1e-5 of its threshold: 72 months with a handful of such tests make one path
# in a thousand. Of the paths compared one by one, and of those in the statistics, this share may:
DEPARTING = 1 / 50
DEPARTING_OF_MANY = 1 / 400
# A path that departs ends within some 3 standard deviations of where it was.
DEPARTURE = 3
BIN = 2**-8  # of its value: the width of a bin of the histograms
MORE_UNSOLVED = 1e-4  # share of the path-months that a peer may leave unsolved beyond those of the program
MISSING = 3.0e38


def answer(program, *arguments):
    command = [str(program), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def replay(program, config, path):
    """@returns names of the measures in the order of a row, and their values: a list of months for each"""
    measures = answer(program, "replay", config, "--path", path, "--json")["measures"]
    return list(measures), list(measures.values())


def read_rows(file, months, measures):
    """What a peer keeps: single precision, [path][month][measure]."""
    values = array.array("f", file.read_bytes())
    size = months * measures
    return [values[first : first + size] for first in range(0, len(values), size)]


def largest_difference(row, names, expected):
    """@returns relative difference, measure and month where it is largest. Figures near 0 count relative to a tenth of
    their measure's largest."""
    worst = 0.0, "", 0
    for k, column in enumerate(expected):
        scale = 0.1 * max((abs(x) for x in column if x is not None), default=0)
        for t, there in enumerate(column):
            here = row[t * len(names) + k]
            if there is None or not abs(here) < MISSING:
                size = 0.0 if there is None and not math.isnan(here) and abs(here) >= 0.99 * MISSING else math.inf
            else:
                size = abs(here - there) / max(abs(there), scale, 1e-9)
            if not size <= worst[0]:
                worst = size, names[k], t
    return worst


def compare_paths(program, config, rows):
    """@returns what to report, and a complaint or nothing"""
    sizes = []
    for path, row in enumerate(rows):
        names, expected = replay(program, config, path)
        sizes.append((*largest_difference(row, names, expected), path))
    sizes.sort(key=lambda one: one[0])
    departed = [one for one in sizes if not one[0] < PATH_TOLERANCE]
    allowed = math.ceil(DEPARTING * len(rows)) if len(rows) >= 1 / DEPARTING else 0
    largest = max((one[0] for one in sizes if one[0] < PATH_TOLERANCE), default=math.nan)
    report = {"paths": len(rows), "paths_departed": len(departed), "largest_relative_difference": largest}
    if len(departed) <= allowed:
        return report, None
    size, name, month, path = departed[-1]
    return report, (
        f"{len(departed)} of {len(rows)} paths differ by more than {PATH_TOLERANCE} (allowed: {allowed} "
        f"paths); worst: {name} of path {path} in month {month}, by {size:.3g}"
    )


def compare_statistics(summary, names, statistics):
    """@returns what to report, and a complaint or nothing. `summary`: of `chokepoint run --json`"""
    months, paths = len(statistics["mean"]), summary["paths"]
    limit = DEPARTURE * DEPARTING_OF_MANY * math.sqrt(paths)  # in standard errors
    worst, complaint = 0.0, None
    for row in summary["headline"]:
        name = row["measure"] + (f"[{row['element']}]" if row["element"] else "")
        for point, t in (("start", 0), ("mid", months // 2), ("end", months - 1)):
            theirs, k = row[point], names.index(name)
            error = max(theirs["standard_error"], PATH_TOLERANCE * abs(theirs["mean"]) / limit)
            distance = abs(statistics["mean"][t][k] - theirs["mean"]) / error
            if not distance <= worst:
                worst = distance
                if not distance <= limit:
                    complaint = (
                        f"the mean of {name} in month {t} is off by {distance:.3g} standard errors "
                        f"(allowed: {limit:.3g})"
                    )
            for level in ("q05", "median", "q95"):
                (low, high), here = theirs[level + "_interval_95"], statistics[level][t][k]
                if not low * (1 - BIN) <= here <= high * (1 + BIN):
                    complaint = complaint or f"the {level} of {name} in month {t} is {here}, not in [{low}, {high}]"
    return {"largest_difference_of_means_in_standard_errors": worst, "allowed": limit}, complaint


def compare(program, config, summary, result, rows, statistics):
    """@returns what to report, and a complaint or nothing. `result`: what the peer printed"""
    names, _ = replay(program, config, 0)
    report, complaint = compare_paths(program, config, rows)
    more, other = compare_statistics(summary, names, statistics)
    path_months = result["paths"] * result["months"]
    if result["unsolved"] - summary["unsolved"] > MORE_UNSOLVED * path_months:
        other = other or f"{result['unsolved']} of {path_months} path-months are unsolved"
    unsolved = {"unsolved": result["unsolved"], "unsolved_by_chokepoint": summary["unsolved"]}
    return {**report, **more, **unsolved}, complaint or other
