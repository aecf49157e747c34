"""docs/model.md and the code name the same equations: every equation is cited where it is computed, every citation
exists, and the names in the table of symbols are names of the code.

Usage: equations_test.py SOURCE_DIR BUILD_DIR
"""

import re
import sys
from pathlib import Path

NUMBER = r"[1-9]\.\d+[a-z]?"
CODE = ("include", "src", "cuda")
SUFFIXES = {".hpp", ".cpp", ".cuh", ".cu"}
LIMITS = "tests/market"  # of section 5h: what comes out, which tests compute


def defined(model):
    """Numbers of the equations, each of which begins a line or an item."""
    return re.findall(rf"^(?:- )?\(({NUMBER})\)", model, re.MULTILINE)


def mentioned(text):
    """Numbers in brackets: (4.12), (4.2, 4.3), (5.10 to 5.13), (4.13; somebody 1984); of '1.0f' and '0.91' none."""
    found = set()
    for inside in re.findall(r"\(([^()]*)\)", text):
        if re.fullmatch(rf"{NUMBER}(?:(?:,| to|;) .*)?", inside.strip()):
            found |= set(re.findall(rf"(?<![\d.])({NUMBER})(?![\d.\w])", inside))
    return found


def comments(path):
    """The comments of a file, those of neighbouring lines joined, as a citation may be broken over two."""
    lines = [re.search(r"///?<? ?(.*)$", line) for line in path.read_text().splitlines()]
    return "\n".join(line.group(1) if line else "" for line in lines).replace("\n", " ")


def cited(root, folders):
    found = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                for number in mentioned(comments(path)):
                    found.setdefault(number, path.relative_to(root))
    return found


def symbol_names(model):
    """Words in the last column of the table of symbols."""
    table = model.split("## 9 Symbols", 1)[1].split("\n## ", 1)[0]
    cells = [line.rstrip("|").rsplit("|", 1)[1] for line in table.splitlines() if line.startswith("| $")]
    return {word for cell in cells for name in re.findall(r"`([^`]+)`", cell) for word in re.findall(r"[A-Za-z_]\w*", name)
            if not name.startswith("...")}


def faults(root, model):
    numbers = defined(model)
    out = [f"({number}) is there twice" for number in sorted(set(numbers)) if numbers.count(number) > 1]
    code, limits = cited(root, CODE), cited(root, [LIMITS])
    of_limits = defined(model.split("Limits that come out", 1)[1].split("\n## ", 1)[0])
    out += [f"({number}) of docs/model.md is cited nowhere in {', '.join(CODE)}" for number in numbers
            if number not in code and not (number in of_limits and number in limits)]
    every = {**cited(root, ["tests"]), **code}
    out += [f"{path} cites ({number}), which docs/model.md does not have" for number, path in sorted(every.items())
            if number not in numbers]
    source = "\n".join(path.read_text() for folder in CODE for path in (root / folder).rglob("*") if path.suffix in SUFFIXES)
    words = set(re.findall(r"\w+", source))
    out += [f"the table of symbols names `{name}`, which the code does not have"
            for name in sorted(symbol_names(model)) if name not in words]
    return out


# What the page may not become, and what is then found.
PLANTED = [(("(4.12)", "(4.99)"), "cited nowhere"), (("\n(2.1)", "\n(2.1)\n\n(2.1)"), "there twice"),
           (("## 9 Symbols", "## 9 Symbols\n\n| $x$ | `no_such_name` |\n"), "which the code does not have")]


def main():
    root = Path(sys.argv[1])
    model = (root / "docs/model.md").read_text()
    found = faults(root, model)
    found += [f"a planted fault is not seen: {expected}" for (old, new), expected in PLANTED
              if not any(expected in fault for fault in faults(root, model.replace(old, new, 1)))]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
