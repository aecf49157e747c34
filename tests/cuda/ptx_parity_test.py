"""What nvcc makes of the path kernel gives the CPU engine's bits. Usage: ptx_parity_test.py SOURCE_DIR BUILD_DIR [NAME PATHS]

The kernel specialised to a scenario is compiled to PTX, the PTX translated to C++ (ptx_to_cpp.py), and run on the CPU for
some paths over all months; every measure, residual and iteration count is compared with the scalar CPU engine. Skipped
where the build has no GPU engine or the program is not built. Leaves BUILD_DIR/cuda_ptx/NAME.json: the instructions, and
how often their blocks ran a path and month.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import emulated_engine_test
import ptx_to_cpp
import ptx_tools

FLAGS = "-ffp-contract=off -fno-fast-math -w -DCHOKEPOINT_X86=1".split()
SYSTEM = "-lspdlog -lfmt -ltomlplusplus -lxxhash -lnetcdf -lpthread".split()


def kernel_of(ptx):
    """The path kernel among a module's functions: the one with the most to it."""
    return max(ptx_to_cpp.functions_in(ptx), key=lambda function: len(function.lines))


def runs_of_blocks(report):
    """How often each basic block ran a path and month: of the mean path, and as a warp of 32 paths must issue it."""
    steps = int(re.search(r"^steps (\d+)", report, re.M).group(1))
    found = re.findall(r"^block (\d+) (\d+) (\d+)", report, re.M)
    mean = {int(block): int(ran) / steps for block, ran, _ in found}
    return mean, {int(block): int(issued) / steps for block, _, issued in found}


def counts_of(function, report):
    """What bench/gpu/limit_model.py reads: (line, block, opcode) of every instruction, and the runs of blocks."""
    mean, warp = runs_of_blocks(report)
    return {"instructions": function.instructions, "mean": mean, "warp": warp}


def instructions_text(counts):
    mean, warp = (sum(counts[kind].get(block, 0) for _, block, _ in counts["instructions"]) for kind in ("mean", "warp"))
    return f"{mean:.0f} PTX instructions a path and month, {warp:.0f} as a warp issues"


# An instruction that each of the functions has once, and the constant that it works with (numeric/elementary.hpp, lanes.hpp).
CALLS = {"exp2": ("add.rn.f32", "0f4B40007F"), "log2": ("fma.rn.f32", "0f34000000"), "reciprocal": ("sub.s32", "2129867776")}


def calls_of(ptx, function, report):
    """Calls of the elementary functions a path and month: of the mean path, and as a warp of 32 paths must issue them. A
    constant may stand in the instruction or in a register that it was moved to."""
    mean, warp = runs_of_blocks(report)
    lines, calls = ptx.split("\n"), {}
    for name, (wanted, constant) in CALLS.items():
        holders = re.findall(rf"mov\.\w+\s+(%\w+), {constant};", ptx)
        uses = re.compile(rf"[ ,]({'|'.join([constant, *holders])})[,;]")
        blocks = [block for line, block, opcode in function.instructions if opcode == wanted and uses.search(lines[line - 1])]
        calls[name] = {"mean": sum(mean.get(block, 0) for block in blocks), "warp": sum(warp.get(block, 0) for block in blocks)}
    return calls


def build_program(source, build, work, name, function):
    compiler = os.environ.get("CXX") or shutil.which("g++") or "c++"
    shape = re.search(r"ConstantShape<([^>]*)>", (source / "cuda" / f"path_{name}.cu").read_text()).group(1)
    translated = work / f"{name}_ptx.cpp"
    translated.write_text(function.cpp("ptx_path_kernel"))
    emulator = source / "tests" / "cuda" / "emulator"
    folders = (emulator, source / "tests" / "cuda" / "ptx", source / "include", source / "src", work / "cuda")
    includes = [f"-I{path}" for path in folders]
    defines = [f"-DCHOKEPOINT_BLOCKS={len(function.blocks)}", f"-DCHOKEPOINT_SHAPE={shape}"]
    objects = []
    for file, options in ((translated, ["-O0"]), (source / "tests" / "cuda" / "ptx" / "path_parity.cpp", ["-O1"]),
                          (emulator / "emulator.cpp", ["-O1"]), (emulator / "imagined_runtime.cpp", ["-O1"])):
        target = work / f"{name}_{file.stem}.o"
        subprocess.run([compiler, "-std=c++20", *FLAGS, *options, *defines, *includes, "-c", str(file), "-o", str(target)],
                       check=True)
        objects.append(str(target))
    libraries = [str(build / "lib" / "libchokepoint.a")]
    program = work / f"{name}_parity"
    subprocess.run([compiler, *objects, *libraries, *SYSTEM, "-o", str(program)], check=True)
    return program


def main(source, build, name="smoke", paths="64"):
    nvcc = ptx_tools.nvcc_of(build)
    if not nvcc or not (build / "lib" / "libchokepoint.a").exists():
        print("skipped: the program is not built" if nvcc else "skipped: the build has no GPU engine")
        return 77
    work = build / "cuda_ptx"
    work.mkdir(exist_ok=True)
    emulated_engine_test.without_launch_syntax(source / "cuda", work / "cuda")
    ptx = work / f"{name}.ptx"
    nvcc.ptx(source / "cuda" / f"path_{name}.cu", ptx)
    function = kernel_of(ptx.read_text())
    counters = [function.lines.count(f"  ++counts[{block}];") for block, run in enumerate(function.blocks) if run]
    if any(number != 1 for number in counters):
        print("a basic block does not count itself once")
        return 1
    program = build_program(source, build, work, name, function)
    done = subprocess.run([str(program), str(source / "configs" / f"{name}.toml"), paths], capture_output=True, text=True)
    print(re.sub(r"^(block|steps) .*\n", "", done.stdout, flags=re.M) + done.stderr)
    if done.returncode == 0:
        counts = counts_of(function, done.stdout)
        counts["calls"] = calls_of(ptx.read_text(), function, done.stdout)
        (work / f"{name}.json").write_text(json.dumps(counts))
        print(instructions_text(counts))
        if not all(number["mean"] > 1 for number in counts["calls"].values()):
            print(f"the elementary functions are not where they were: {counts['calls']}")
            return 1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), *sys.argv[3:]))
