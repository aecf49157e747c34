"""Checks who includes whom. Usage: include_rules_test.py SOURCE_DIR [BUILD_DIR]

base <- numeric <- market <- tally <- gpu inside include/chokepoint, whose own headers are public and include none of these;
src/ and cuda/ include include/, never each other; rooms of src/ include those beneath them; engines are named in src/engine
alone.
Before it looks at the tree, the test plants each violation in a scratch tree and expects to find it.
"""

import re
import sys
import tempfile
from pathlib import Path

SUFFIXES = {".hpp", ".h", ".cpp", ".cu", ".cuh", ".inl"}

# For each room of include/chokepoint, the rooms it may include; "": the public headers, which are what is installed.
ROOMS = {
    "base": {"base"},
    "numeric": {"base", "numeric"},
    "market": {"base", "numeric", "market"},
    "tally": {"base", "numeric", "market", "tally"},
    "gpu": {"base", "numeric", "market", "tally", "gpu", ""},
    "": {""},
}

# Rooms of src/ from the bottom to the top; each may include those before it.
FLOORS = ("machine config output scenario scenario/lower tally engine one_shot analysis results report commands").split()

# The model is arithmetic on plain values: no files, threads, logging, heap or CUDA. What it needs more goes in here.
ARITHMETIC_HEADERS = set(
    "algorithm array bit cassert cfloat climits cmath cstddef cstdint cstring initializer_list iterator limits numeric "
    "string_view tuple type_traits utility".split()
)
ONLY_IN_SRC = re.compile(r"(spdlog|fmt|toml\+\+|CLI|nlohmann)/|toml\.hpp$|netcdf")
CUDA_HEADER = re.compile(r"cuda|cub/|thrust/|curand|nvtx|device_launch_parameters")
INTRINSICS = re.compile(r"\w*intrin\.h$|arm_neon\.h$|arm_sve\.h$")

INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')
CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif|else)\b")
CUDA_MACRO = re.compile(r"__CUDACC_|__CUDA_ARCH__|__NVCC__")
INSTRUCTION_SET_MACRO = re.compile(r"\b__(AVX\w*|SSE\w*|FMA|F16C|ARM_NEON|ARM_FEATURE_\w+)__\b|\b__ARM_NEON\b")
# What depends on an engine asks for its properties (precision_of, runs_on_gpu): a new one is then a row of engines.cpp.
ENGINE = re.compile(r"\bEngineKind\s*::|\busing\s+enum\s+(?:\w+::)*EngineKind\b")
# Takes eight seconds to compile: commands describe themselves to Command.
COMMAND_LINE = re.compile(r"src/commands/(command|command_line|arguments_check)\.cpp")
HOST_DEVICE = "include/chokepoint/base/host_device.hpp"
# The headers of numeric/ that spell a number type in the words of its machine.
MACHINE = re.compile(r"include/chokepoint/numeric/(scalar|fused|mask|\w*lanes\w*)\.hpp")


def without_comments(text):
    """The text with comments blanked out and its lines where they were. Strings stay."""

    def blank(match):
        word = match.group()
        return word if word[0] in "\"'" else re.sub(r"[^\n]", " ", word)

    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', blank, text, flags=re.S)


def place_of(header, file, root):
    """Where in the tree an include leads, as a path from the root; None where it leads out of it."""
    if header.startswith("chokepoint/"):
        return f"include/{header}"
    for folder in (file.parent, root / "include", root / "src", root / "cuda", root):
        found = (folder / header).resolve()
        if found.is_file() and root in found.parents:
            return found.relative_to(root).as_posix()
    return None


def room_of(path):
    """("include", room or ""), ("src", room or ""), ("cuda", "") for a path from the root."""
    parts = path.split("/")
    if parts[0] == "include":
        return "include", parts[2] if len(parts) > 3 else ""
    folder = "/".join(parts[1:-1]) if parts[0] == "src" else ""
    return parts[0], folder if folder in FLOORS else folder.split("/")[0]


def is_above(other, room):
    """Whether one room of src/ is above another; main.cpp, in none, is above all."""
    return room in FLOORS and (other not in FLOORS or FLOORS.index(other) > FLOORS.index(room))


def include_faults(header, path, root):
    """What is wrong with one include of the file at `path` (from the root)."""
    top, room = room_of(path)
    place = place_of(header, root / path, root)
    if place:
        other_top, other_room = room_of(place)
        if other_top not in ("include", top):
            yield f"{top}/ must not include {other_top}/"
        elif top == "include" and other_room not in ROOMS[room]:
            yield f"{room + '/' if room else 'a public header'} must not include {other_room or 'the headers above it'}"
        elif top == other_top == "src" and is_above(other_room, room):
            yield f"src/{room} must not include src/{other_room}, which is above it"
        return
    if top != "src" and ONLY_IN_SRC.match(header):
        yield f"{header} belongs in src/ alone"
    elif header.startswith("CLI/") and not COMMAND_LINE.fullmatch(path):
        yield f"{header} belongs in what parses the command line; commands use commands/command.hpp"
    if top == "include":
        machine = MACHINE.fullmatch(path)
        if INTRINSICS.match(header):
            if not machine:
                yield f"{header} belongs in the number types of numeric/"
        elif CUDA_HEADER.match(header):
            if path != HOST_DEVICE:
                yield f"{header}: no CUDA in include/"
        elif room in ("numeric", "market") and header not in ARITHMETIC_HEADERS:
            yield f"{room}/ must not include <{header}>"


def faults_in(path, root):
    """Yields (line number, fault) for the file at `path` (from the root)."""
    text = without_comments((root / path).read_text(encoding="utf-8", errors="replace"))
    machine = MACHINE.fullmatch(path)
    for number, line in enumerate(text.split("\n"), 1):
        include = INCLUDE.match(line)
        if include:
            for fault in include_faults(include.group(1), path, root):
                yield number, fault
        if room_of(path) == ("include", "market") and CONDITION.match(line):
            yield number, "no conditional compilation in market/"
        if CUDA_MACRO.search(line) and path != HOST_DEVICE and not machine:
            yield number, "only base/host_device.hpp and the number types of numeric/ may ask for the CUDA compiler"
        if ENGINE.search(line) and not path.startswith("src/engine/"):
            yield number, "only src/engine may name an engine"
        if INSTRUCTION_SET_MACRO.search(line) and not machine:
            yield number, "only the number types of numeric/ may ask for an instruction set"


def faults_under(root):
    root = root.resolve()
    found = []
    for top in ("include", "src", "cuda"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file():
                path = file.relative_to(root).as_posix()
                found += [f"{path}:{number}: {fault}" for number, fault in faults_in(path, root)]
    return found


CLEAN = {
    "include/chokepoint/base/host_device.hpp": "#pragma once\n#if defined(__CUDACC__)\n#endif\n",
    "include/chokepoint/numeric/lanes.hpp": "#include <immintrin.h>\n#ifdef __AVX512F__\n#endif\n",
    "include/chokepoint/market/step.hpp": '#include "chokepoint/numeric/lanes.hpp"\n#include <array>\n// #ifdef X\n',
    "include/chokepoint/tally/histogram.hpp": "#include <vector>\n",
    "include/chokepoint/engine.hpp": '#include "chokepoint/scenario.hpp"\n#include <vector>\n',
    "include/chokepoint/gpu/gpu.hpp": '#include "chokepoint/tally/histogram.hpp"\n#include "chokepoint/ledger.hpp"\n',
    "src/scenario/lower/lower.hpp": '#include "scenario/names.hpp"\n',
    "src/scenario/names.hpp": '#include "config/field.hpp"\n',
    "src/config/field.hpp": "",
    "src/engine/cpu.hpp": '#include "chokepoint/engine.hpp"\n#include <thread>\n#include <spdlog/spdlog.h>\n',
    "src/engine/engines.cpp": "auto kind = EngineKind::simd;\n",
    "src/commands/run.cpp": "EngineKind kind = gpu_engine();  // never EngineKind::cuda\n",
    "cuda/launch.cuh": '#include "chokepoint/engine.hpp"\n#include <cuda_runtime.h>\n',
}
# (file, text, a word of the fault it must raise)
PLANTED = [
    ("include/chokepoint/base/a.hpp", '#include "chokepoint/numeric/lanes.hpp"', "base/ must not include numeric"),
    ("include/chokepoint/base/a.hpp", '#include "../numeric/lanes.hpp"', "base/ must not include numeric"),
    ("include/chokepoint/numeric/a.hpp", '#include "chokepoint/market/step.hpp"', "numeric/ must not include market"),
    ("include/chokepoint/numeric/a.hpp", "#include <vector>", "must not include <vector>"),
    ("include/chokepoint/market/a.hpp", '#include "chokepoint/tally/histogram.hpp"', "market/ must not include tally"),
    ("include/chokepoint/market/a.hpp", "#include <chokepoint/engine.hpp>", "market/ must not include the headers"),
    ("include/chokepoint/market/a.hpp", "#include <iostream>", "must not include <iostream>"),
    ("include/chokepoint/market/a.hpp", "#  include <thread>", "must not include <thread>"),
    ("include/chokepoint/market/a.hpp", "#include <cuda_runtime.h>", "no CUDA in include/"),
    ("include/chokepoint/market/a.hpp", "#ifdef NDEBUG\n#endif", "no conditional compilation"),
    ("include/chokepoint/tally/a.hpp", "#include <spdlog/spdlog.h>", "belongs in src/ alone"),
    ("include/chokepoint/a.hpp", '#include "chokepoint/market/step.hpp"', "a public header must not include market"),
    ("include/chokepoint/a.hpp", '#include "chokepoint/tally/histogram.hpp"', "a public header must not include tally"),
    ("src/scenario/a.hpp", '#include "scenario/lower/lower.hpp"', "must not include src/scenario/lower, which is above"),
    ("src/config/a.hpp", '#include "scenario/names.hpp"', "src/config must not include src/scenario"),
    ("src/tally/a.cpp", '#include "engine/cpu.hpp"', "src/tally must not include src/engine"),
    ("include/chokepoint/a.hpp", "#include <netcdf.h>", "belongs in src/ alone"),
    ("include/chokepoint/a.hpp", '#include "engine/cpu.hpp"', "include/ must not include src/"),
    ("include/chokepoint/numeric/a.hpp", "#include <immintrin.h>", "belongs in the number types"),
    ("include/chokepoint/numeric/a.hpp", "#if defined(__AVX2__)\n#endif", "ask for an instruction set"),
    ("include/chokepoint/tally/a.hpp", "#ifdef __CUDA_ARCH__\n#endif", "ask for the CUDA compiler"),
    ("src/a.cpp", "/* x */ int a;\n#ifdef __CUDACC__\n#endif", "src/a.cpp:2: only base/host_device.hpp"),
    ("src/a.cpp", '#include "launch.cuh"', "src/ must not include cuda/"),
    ("src/output/a.cpp", '#include "../../cuda/launch.cuh"', "src/ must not include cuda/"),
    ("src/commands/a.cpp", "if (kind == EngineKind::cuda) return;", "only src/engine may name an engine"),
    ("include/chokepoint/a.hpp", "EngineKind kind = EngineKind ::automatic;", "only src/engine may name an engine"),
    ("src/commands/b.cpp", "using enum chokepoint::EngineKind;", "only src/engine may name an engine"),
    ("cuda/a.cu", '#include "engine/cpu.hpp"', "cuda/ must not include src/"),
    ("cuda/a.cu", "#include <toml++/toml.h>", "belongs in src/ alone"),
    ("cuda/a.cu", "#include <CLI/CLI.hpp>", "belongs in src/ alone"),
    ("src/commands/a.cpp", "#include <CLI/CLI.hpp>", "belongs in what parses the command line"),
]


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def self_test():
    """What the rules fail to say about planted files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in CLEAN.items():
            write(root, path, text)
        missed = [f"self-test: clean files, yet {fault}" for fault in faults_under(root)]
        for path, text, word in PLANTED:
            write(root, path, text)
            found = faults_under(root)
            if len(found) != 1 or word not in found[0]:
                missed.append(f"self-test: {path} with {text!r} should raise '{word}', raised {found}")
            (root / path).unlink()
    return missed


if __name__ == "__main__":
    faults = self_test() + faults_under(Path(sys.argv[1]))
    print("\n".join(faults) if faults else f"{len(PLANTED)} planted violations found, none in the tree")
    sys.exit(1 if faults else 0)
