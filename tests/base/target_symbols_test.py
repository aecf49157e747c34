"""Checks the symbols of the engines' instruction-set objects. Usage: target_symbols_test.py SOURCE_DIR BUILD_DIR

A function compiled for AVX-512 under a name that other objects share may be the copy the linker keeps, and a plain
machine then runs it. So every global or weak symbol defined in a `*_avx2.cpp` or `*_avx512.cpp` object must carry the
name of its target. Only optimised builds keep the standard library's small functions inline; others are skipped.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

OBJECT_NAME = re.compile(r"_(avx2|avx512)\.cpp\.o$")
# Names of types and the hook of exception handling carry no code and are the same whatever the flags.
HARMLESS = re.compile(r"typeinfo (name )?for |DW\.ref\.__gxx_personality_v0$")
# Nor can constants without a pointer in them, which is what lies in this section.
CONSTANTS = ".rodata"


def symbols_of(file):
    """Yields (object name, section, demangled symbol) for what an object or archive offers to others."""
    command = ["nm", "-C", "--format=sysv", "--defined-only", "--extern-only", str(file)]
    member = Path(file).name
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        header = re.match(r"Symbols from .*\[(.*)\]:$", line)
        if header:
            member = header.group(1)
        elif line.count("|") >= 6 and not line.startswith("Name "):
            symbol, *_, section = line.rsplit("|", 6)
            yield member, section.strip(), symbol.strip()


def faults_of(file):
    """(number of symbols looked at, those that do not carry the name of their target)."""
    looked_at, faults = 0, []
    for member, section, symbol in symbols_of(file):
        target = OBJECT_NAME.search(member)
        if not target:
            continue
        looked_at += 1
        harmless = HARMLESS.match(symbol) or section.startswith(CONSTANTS)
        if not harmless and not re.search(rf"(\b|_){target.group(1)}(\b|_)", symbol):
            faults.append(f"{member}: {symbol} does not name {target.group(1)}")
    return looked_at, faults


def cached(build, name):
    found = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), flags=re.M)
    return found.group(1) if found else ""


# Everything here may stand in a target's object but what GOOD=0 adds.
PLANTED = """
namespace chokepoint {
struct State { float price; };
inline constexpr float table[] = {1, 2, 3, 4};
namespace avx512 { [[gnu::used]] inline float own(const State& state) { return state.price * 3; } }
float run_avx512(const State& state, int at) { return avx512::own(state) * table[at]; }
#if !GOOD
[[gnu::used]] inline float shared(const State& state) { return state.price * 2; }
using Call = float (*)(const State&);
inline constexpr Call calls[] = {[](const State& s) { return s.price; }, [](const State& s) { return -s.price; }};
float call_avx512(const State& state, int at) { return calls[at](state); }
#endif
}
"""


def self_test(compiler):
    """What the check fails to say about planted objects: one that keeps to itself, one that shares two symbols."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder, "planted_avx512.cpp"), Path(folder, "planted_avx512.cpp.o")
        source.write_text(PLANTED)
        for good, expected in ((1, set()), (0, {"calls", "shared"})):
            command = [compiler, "-std=c++20", "-O2", "-fPIE", f"-DGOOD={good}", "-c", str(source), "-o", str(result)]
            subprocess.run(command, check=True)
            looked_at, faults = faults_of(result)
            found = {re.search(r" chokepoint::(\w+)", fault).group(1) for fault in faults}
            if looked_at < 3 or found != expected:
                missed.append(f"self-test with GOOD={good}: {faults} of {looked_at} symbols")
    return missed


def main(build):
    missed = self_test(cached(build, "CMAKE_CXX_COMPILER"))
    archive = build / "lib" / "libchokepoint_targets.a"
    optimised = cached(build, "CMAKE_BUILD_TYPE") in ("Release", "RelWithDebInfo")
    if not missed and (not optimised or cached(build, "CHOKEPOINT_SANITIZE") or not archive.exists()):
        print("self-test passed; skipped the rest: no engine targets, or a build that is not plain and optimised")
        return 77
    looked_at, faults = faults_of(archive) if archive.exists() else (0, [])
    print("\n".join(missed + faults + [f"{looked_at} symbols looked at"]))
    return 1 if missed or faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2])))
