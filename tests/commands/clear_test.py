"""The command `chokepoint clear` as a user meets it. Usage: clear_test.py SOURCE_DIR BUILD_DIR

Every file in configs/markets is cleared; output, overrides, exit codes and messages for bad input are checked.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
MARKETS = SOURCE / "configs" / "markets"
faults = []


def clear(*arguments):
    command = [str(BUILD / "chokepoint"), "clear", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def expect(condition, what):
    if not condition:
        faults.append(what)


def solved(name, *overrides):
    arguments = [word for override in overrides for word in ("--set", override)]
    answer = clear(MARKETS / f"{name}.toml", "--json", *arguments)
    expect(answer.returncode == 0, f"{name} {overrides}: exit code {answer.returncode}: {answer.stderr}")
    return json.loads(answer.stdout)


def refused(text, *words, overrides=()):
    """A file with this text is refused with exit code 2 and a message that holds the words."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bad.toml")
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        answer = clear(file, *(word for override in overrides for word in ("--set", override)))
        expect(answer.returncode == 2, f"{text!r} {overrides}: exit code {answer.returncode}\n{answer.stderr}")
        expect(answer.stdout == "", f"{text!r}: output in spite of faults")
        for word in words:
            expect(word in answer.stderr, f"{text!r} {overrides}: no {word!r} in {answer.stderr!r}")


def check_every_market():
    for file in sorted(MARKETS.glob("*.toml")):
        answer = clear(file)
        expect(answer.returncode == 0, f"{file.name}: exit code {answer.returncode}: {answer.stderr}")
        expect("HHI" in answer.stdout and answer.stderr == "", f"{file.name}: {answer.stdout} {answer.stderr}")
        whole = json.loads(clear(file, "--json").stdout)
        expect(whole["solved"] and whole["residual"] < 1e-6, f"{file.name}: residual {whole['residual']}")


def check_figures():
    murphy = solved("murphy_cournot")
    expect(abs(murphy["markets"][0]["price"] - 18.3006) < 5e-5, "Murphy: price")
    expect(abs(murphy["markets"][0]["hhi"] - 2007.31) < 5e-3, "Murphy: HHI")
    dearer = solved("murphy_cournot", "firm.one.cost=12", "segment.buyers.elasticity=1.2")
    expect(dearer["firms"][0]["quantity"] < murphy["firms"][0]["quantity"], "an override had no effect")
    table = clear(MARKETS / "murphy_cournot.toml").stdout
    for figure in ("18.3006", "36.9325", "2007.31", "solved in"):
        expect(figure in table, f"{figure} is not in the table:\n{table}")
    shares = solved("hhi_four_firms", "shares=[50, 25, 25]")
    expect(abs(shares["markets"][0]["hhi"] - 3750) < 1e-9 and shares["markets"][0]["price"] is None, "shares by override")
    barred = solved("two_regions_trade", "segment.eastern.trade_cost.west=barred", "segment.western.trade_cost.east=barred")
    expect(abs(barred["markets"][1]["price"] - 6 ** (1 / 1.2)) < 1e-9, "barred by override")


LINEAR = "[[segment]]\nform = 'linear'\nintercept = 10\nslope = 1\n"
FIRM = "[[firm]]\nname = 'a'\ncost = 1\n"


def check_bad_input():
    refused("", "has no firm")
    refused("[[firm]\n", "bad.toml:1:")
    refused(LINEAR + FIRM + "capasity = 3\n", "bad.toml:8:1", "unknown key", "did you mean 'capacity'")
    refused(LINEAR + "[[firm]]\ncost = -1\n", "bad.toml:6:8", "out of range")
    refused(LINEAR + "[[firm]]\ncost = nan\n", "not finite")
    refused(LINEAR + "[[firm]]\ncost = 'cheap'\n", "expected a number")
    refused(LINEAR + "[[firm]]\nname = 'a'\n", "firm.a.cost", "is missing")
    refused(LINEAR + FIRM + FIRM, "is given twice")
    refused(LINEAR + FIRM + "market = 'mars'\n", "there is no market 'mars'")
    refused(LINEAR + FIRM + "conduct = 0\n", "without limit")
    refused(LINEAR + FIRM + "quantity = 3\n", "has no meaning here")
    refused(FIRM, "has no buyers")
    refused(LINEAR + "elasticity = 2\n" + FIRM, "has no meaning here")
    refused("[[segment]]\nquantity = 9\n" + FIRM, "segment[0].elasticity", "is missing")
    refused("[[segment]]\nform = 'cubic'\n" + FIRM, "'isoelastic' or 'linear'")
    refused("[[segment]]\nquantity = 9\nelasticity = 0.9\n" + FIRM, "no price is high enough")
    two = "[[market]]\nname = 'x'\n[[market]]\nname = 'y'\n"
    refused(two + "[[segment]]\nquantity = 9\nelasticity = 2\nsigma = 1.5\n" + FIRM + "market = 'x'\n", "above the elasticity")
    refused(two + LINEAR + "market = 'x'\n" + FIRM, "firm.a.market", "is missing")
    refused("shares = [1, 'two']\n", "bad.toml:1:14", "is no amount")
    refused("shares = []\n", "no list of amounts")
    refused("shares = 5\n", "no list of amounts")
    refused(b"\x00\xff\xfe", "bad.toml:1")
    refused("a." * 5000 + "b = 1\n", "thousands of parts")
    refused("#" * (1 << 20) + "\n", "more than a market file may")
    good = LINEAR + FIRM
    refused(good, "unknown key 'cots'", "did you mean 'cost'", overrides=["firm.a.cots=2"])
    refused(good, "there is no firm 'b'", overrides=["firm.b.cost=2"])
    refused(good, "is no override", overrides=["firm"])
    refused(good, "leads to no value", overrides=["firm.a=2"])
    refused(good, "--set firm.a.cost=-2", "out of range", overrides=["firm.a.cost=-2"])
    expect(clear().returncode == 2, "no file: exit code")
    missing = clear(MARKETS / "none.toml")
    expect(missing.returncode == 2 and "none.toml" in missing.stderr, f"missing file: {missing.stderr}")
    expect(clear(MARKETS).returncode == 2, "a folder: exit code")
    expect(clear(MARKETS / "scarcity.toml", "--jsno").returncode == 2, "unknown option: exit code")


def check_unsolved():
    """Two monopolies, of which buyers in the end find no way round: prices run away."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "runaway.toml")
        markets = "".join(f"[[market]]\nname = '{m}'\n[[firm]]\nmarket = '{m}'\ncost = 1\n" for m in "xy")
        file.write_text(markets + "[[segment]]\nquantity = 9\nelasticity = 0.3\nsigma = 1.2\n")
        answer = clear(file, "--json")
        expect(answer.returncode == 4, f"runaway: exit code {answer.returncode}")
        expect(json.loads(answer.stdout)["solved"] is False, "runaway: solved")
        expect("no clearing prices" in answer.stderr, f"runaway: {answer.stderr}")


if not (BUILD / "chokepoint").exists():
    print("skipped: no program in", BUILD)
    sys.exit(77)
check_every_market()
check_figures()
check_bad_input()
check_unsolved()
print("\n".join(faults) if faults else "clear does what it says")
sys.exit(1 if faults else 0)
