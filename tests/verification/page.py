"""The text of docs/verification.md, from answers that report.py collects."""

import math

ROUNDING_BOUND = 1e-3

INTRO = """# Verification

Why the numbers can be believed: what was tried, on how many cases, and how far it was from failing. Every figure here
comes from the run that wrote the page, `make verification`; the tests of `make test` do the same on smaller samples and
fail where a bound is missed. {date}, {machine}; commit {commits}.
"""

MISSING = "Not part of this build."


def failures(answers):
    """What misses its bound, a line each: none, or the page says so at its top and `make verification` fails."""
    for task in ("markets", "scenarios"):
        for name, p in answers[task].items():
            if p["claimed"] and p["worst"] > p["allowed"]:
                yield f"property {name}: {p['worst']:.1e} where {p['allowed']:.1e} is allowed"
    s, h, b, planted = (answers[task] for task in ("statistics", "hostile", "baseline", "planted"))
    if s["quantiles"]["worst"] > 1:
        yield f"quantiles: {s['quantiles']['worst']:.2f} times their bound"
    if s["common"]["shared"] != s["common"]["exogenous"]:
        yield "scenarios that differ in a policy do not share every other draw"
    if h["unsolved"]:
        yield f"hostile markets: {h['unsolved']} unsolved, the first of seed {min(h['seeds'])}"
    if b["unsolved_steps"]:
        yield f"baseline: {b['unsolved_steps']} path-months unsolved"
    if planted["exit_code"] != 4 or planted["unsolved_months"] == 0:
        yield "the planted unsolvable case is not on the page"
    for name, m in answers["rounding"]["measures"].items():
        if quantile(m["together"], 0.99) > ROUNDING_BOUND:
            yield f"rounding: 99 % of {name} are not within {ROUNDING_BOUND}"


def rows(header, lines):
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for line in lines:
        yield "| " + " | ".join(str(cell) for cell in line) + " |"


def figure(value):
    """A worst case: 0 where the statement holds to the last digit."""
    return "0" if value <= 0 else f"{value:.1e}"


def properties(answers):
    lines, exceptions = [], []
    for task in ("markets", "scenarios"):
        for name, p in answers[task].items():
            if p["claimed"]:
                lines.append((name, p["statement"], f"{p['cases']:,}", figure(p["worst"]), figure(p["allowed"]), p["measured"]))
            else:
                exceptions.append((name, p["statement"], f"{p['exceptions']:,} of {p['cases']:,}"))
    yield ("Random markets are cleared in double by the solver of the monthly model; random scenarios have one to four "
           "regions and classes, every mechanism on or off, sizes over eight orders of magnitude in one of four, and are "
           "walked month by month in double with all flows in view. `worst` is by how much the statement failed in the "
           "worst case, 0 where it held to the last digit.")
    yield ""
    yield from rows(("property", "statement", "cases", "worst", "allowed", "in"), lines)
    yield ""
    yield "Statements that one might expect, and that do not hold in every case:"
    yield ""
    yield from rows(("property", "statement", "exceptions"), exceptions)


def deviation(covered, seeds):
    return f"{covered / seeds:.1%} of {seeds:,}"


def statistics(answers):
    s = answers["statistics"]
    means, quantiles, cover, common = s["means"], s["quantiles"], s["coverage"], s["common"]
    error = math.sqrt(0.05 * 0.95 / cover["seeds"])
    worst = max(max(abs(p["correlation"]), abs(p["chi_square"])) for p in s["independence"]["pairs"])
    yield from rows(("statement", "expected", "obtained"), [
        ("The error of a mean falls as N^-1/2: slope of its logarithm from 64 to 1024 paths", "-0.5",
         f"{means['slope']:.3f} ± {means['slope_error'] * math.sqrt(2):.3f} ({means['batches']} batches)"),
        ("Quantiles lie within the stated bound of those of the paths: largest error over its bound", "at most 1",
         f"{quantiles['worst']:.2f} ({quantiles['quantiles']:,} quantiles)"),
        (f"95 % intervals of a mean hold it, {cover['paths']} paths a seed", f"95 % ± {error:.1%}",
         deviation(cover["mean"], cover["seeds"])),
        (f"Wilson's 95 % interval holds a probability of {cover['likely_probability']:.2f}", f"95 % ± {error:.1%}",
         deviation(cover["likely"], cover["seeds"])),
        (f"Wilson's 95 % interval holds a probability of {cover['rare_probability']:.3f}", f"95 % ± {error:.1%}",
         deviation(cover["rare"], cover["seeds"])),
        ("Draws whose keys differ in path, step, source, entity or seed alone are independent: largest deviate of five "
         "correlations and five chi-square tests of pairs", "under 4.5",
         f"{worst:.1f} ({s['independence']['draws']:,} pairs each)"),
        ("Two scenarios that differ in a policy share every other draw: values of efficiency, sentiment and export "
         "regime equal in every bit", "all", f"{common['shared']:,} of {common['exogenous']:,}"),
        ("So their difference is known more sharply than by unpaired runs: standard error of a price difference, "
         f"{common['paths']:,} paths", "smaller",
         f"{common['paired_error']:.1e} against {common['unpaired_error']:.1e}: variance {common['variance_reduction']:.0f} "
         "times smaller"),
    ])


def quantile(counts, level):
    """Upper edge, a power of two, of the bin in which a quantile of the differences lies."""
    seen = counts["equal"]
    for k, count in enumerate(counts["counts"]):
        if seen >= level * counts["compared"]:
            return 0.0 if k == 0 else 2.0 ** (k - 40)
        seen += count
    return counts["largest"]


def mean_shift(m):
    """Largest shift of a mean at the last month, in its standard errors."""
    worst = 0.0
    for rounded, exact, square, n in zip(m["sum_float"], m["sum_double"], m["sum_square"], m["count"]):
        variance = square / n - (exact / n) ** 2 if n > 1 else 0
        if variance > 1e-12 * max(square / max(n, 1), 1e-30):
            worst = max(worst, abs(rounded - exact) / n / math.sqrt(variance / n))
    return worst


def rounding(answers):
    r = answers["rounding"]
    share = r["branched"] / r["paths"]
    yield (f"{r['paths']:,} paths of the baseline in float and in double, on the same draws. A path branches where the two "
           "first differ in something that happened, an exit, a price war, an export regime, a turn of sentiment: "
           f"{r['branched']:,} paths did, {share:.3%} ({r['by_exit']:,} by an exit, {r['by_war']:,} by a price war, "
           f"{r['by_other']:,} otherwise). Until then the two differ by as much as this table says: relative to the value "
           "in double, or where that is small to 1 of a quantity or signed measure and to the smallest value that a tally "
           "tells from zero of the others; quantiles as powers of two from above. Stated bound: 99 % of the values of "
           "every measure, and all rental prices, within 1e-3. The last column is for all paths, branched ones among "
           "them: by how many standard errors of the run rounding moves a mean in the last month.")
    yield ""
    lines = []
    for name, m in r["measures"].items():
        together = m["together"]
        if together["largest"] == 0 and mean_shift(m) == 0:
            continue
        lines.append((name, figure(quantile(together, 0.5)), figure(quantile(together, 0.99)), figure(quantile(together, 0.999)),
                      figure(together["largest"]), m["defined_in_one"], figure(mean_shift(m))))
    yield from rows(("measure", "median", "99 %", "99.9 %", "largest", "missing in one", "shift of a mean"), lines)
    same = [name for name, m in r["measures"].items() if m["together"]["largest"] == 0 and mean_shift(m) == 0]
    yield ""
    yield "Never different: " + ", ".join(same) + "."


def iteration_quantiles(counts):
    total, seen, out = sum(counts), 0, []
    levels = [0.5, 0.99, 0.9999]
    for k, count in enumerate(counts):
        seen += count
        while levels and seen >= levels[0] * total:
            out.append(k)
            levels.pop(0)
    return (*out, max(k for k, count in enumerate(counts) if count))


def solver(answers):
    b, h, p = answers["baseline"], answers["hostile"], answers["planted"]
    steps = sum(b["iterations"])
    yield from rows(("markets", "solves", "unsolved", "largest residual", "iterations: median", "99 %", "99.99 %", "most"), [
        (f"baseline, {b['paths']:,} paths", f"{steps:,}", b["unsolved_steps"], f"{b['largest']:.2e}", *iteration_quantiles(b["iterations"])),
        ("random hostile markets, in range", f"{h['cases'] - h['beyond']:,}", f"{h['unsolved']:,}", f"{h['largest']:.2e}", *iteration_quantiles(h["iterations"])),
    ])
    yield ""
    yield (f"Hostile markets: one to four regions and classes, sizes from 1e-3 to 1e3 times the usual and a thousandfold apart "
           f"within one, a class in seven without capacity ({h['empty']:,} cases with a market that is empty or without buyers), "
           "elasticities from 0.1 to 10, sigma within 10 % above the largest in three of ten and up to 20 else, conduct up to "
           "98 % of the least elasticity (a near-monopoly), kinks from 1e-4 and costs spread by 0.1 to 50 %, the sharpest that "
           f"scenarios may have, barred regions, price ceilings ({h['rationed']:,} cases with one in force); all in float, from "
           f"2.5 USD in every market. Besides, {h['beyond']:,} were reported as unsolved because they clear out of range, which "
           "the solver in double with wider limits confirms: a price beyond 2^20 USD, or prices so far apart that "
           "(price / cheapest)^-sigma falls below 1e-28 for all that a segment may buy. The largest "
           "residual is given less 2.3e-7 times the slope of supply less demand (docs/model.md, 5.18b): where most capacity lies "
           "idle, supply moves by more than the tolerance from one price in float to the next.")
    yield ""
    yield (f"A planted case: {p['paths']} paths of `configs/smoke.toml` with one Newton step and no last resort. "
           f"{p['unsolved_months']:,} months on {p['unsolved_paths']} paths were counted as unsolved, and with `--strict` the "
           f"run ended with exit code {p['exit_code']}.")


def text(answers):
    commits = sorted({commit for kept in answers["commits"].values() for commit in kept})
    out = [INTRO.format(commits=", ".join(commits), **{key: answers[key] for key in ("date", "machine")})]
    out += [f"**FAILS**: {failure}\n" for failure in failures(answers)]
    sections = (
        ("Published and closed-form cases", answers["cases"]),
        ("Whole paths against an independent implementation", answers["reference"]),
        ("Properties", "\n".join(properties(answers))),
        ("Statistics", "\n".join(statistics(answers))),
        ("Rounding", "\n".join(rounding(answers))),
        ("Solver", "\n".join(solver(answers))),
        ("Planted faults", answers["mutations"]),
    )
    for title, body in sections:
        out.append(f"## {title}\n\n{(body or MISSING).strip()}\n")
    return "\n".join(out)
