"""The kernel that shows the price of the same bits does the same work. Usage: ..._test.py SOURCE_DIR BUILD_DIR [NAME PATHS]

bench/gpu/reproducibility has the path kernel with the GPU's approximate functions. Its PTX must be what the audit of cuda/
would refuse; translated to C++ and run on the CPU it must come close to the CPU engine; and nothing of it may be in the
program. Prints registers and instructions beside those of the exact kernel and leaves
BUILD_DIR/cuda_ptx/approximate/NAME.json, as ptx_parity_test.py does. Skipped where the build has no GPU engine
or the program is not built.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import emulated_engine_test
import ptx_parity_test
import ptx_tools

FAST = ["-std=c++17", "--expt-relaxed-constexpr", "--use_fast_math"]  # as bench/CMakeLists.txt has it
FAULTS = {"rcp.approx.ftz.f32", "ex2.approx.ftz.f32", "lg2.approx.ftz.f32", "add.ftz.f32", "mul.ftz.f32", "fma.rn.ftz.f32"}
# A market is cleared to 3e-5 either way, and months build on months.
TOLERANCE, SHARE_BEYOND = 1e-3, 0.01


def plain(ptx):
    """Without the flushing of subnormal numbers, and rounded as the translator knows it: for running on the CPU."""
    return re.sub(r"\b(add|sub|mul)\.f32", r"\1.rn.f32", ptx.replace(".ftz", ""))


def compile_both(nvcc, source, work, name):
    """PTX of the exact and of the approximate kernel."""
    fast = FAST + [f"-I{source / folder}" for folder in ("include", "cuda")]
    exact, approximate = work / f"exact_{name}.ptx", work / f"approximate_{name}.ptx"
    nvcc.ptx(source / "cuda" / f"path_{name}.cu", exact)
    nvcc.ptx(source / "bench" / "gpu" / "reproducibility" / f"approximate_{name}.cu", approximate, fast)
    return exact, approximate


def main(source, build, name="smoke", paths="64"):
    nvcc = ptx_tools.nvcc_of(build)
    if not nvcc or not (build / "chokepoint").exists():
        print("skipped: the program is not built" if nvcc else "skipped: the build has no GPU engine")
        return 77
    if b"ApproximateFloat" in (build / "chokepoint").read_bytes():
        print("the program holds approximate kernels")
        return 1
    work = build / "cuda_ptx" / "approximate"
    work.mkdir(parents=True, exist_ok=True)
    emulated_engine_test.without_launch_syntax(source / "cuda", work / "cuda")
    exact, approximate = compile_both(nvcc, source, work, name)
    missing = FAULTS - set(ptx_tools.audit(approximate.read_text()))
    if missing or ptx_tools.audit(exact.read_text()):
        print(f"the audit passes {sorted(missing)} of the approximate kernel")
        return 1
    for ptx in (exact, approximate):
        function = ptx_parity_test.kernel_of(plain(ptx.read_text()))
        said = nvcc.assemble(ptx, ptx.with_suffix(".cubin"), 90)
        registers, _, stores, loads = ptx_tools.resources(said)
        written = sum(sum(block.values()) for block in function.blocks)
        print(f"{ptx.stem}, sm_90: {registers} registers, spills {stores} + {loads} bytes, {written} PTX instructions")
    program = ptx_parity_test.build_program(source, build, work, name, function)
    done = subprocess.run([str(program), str(source / "configs" / f"{name}.toml"), paths, str(TOLERANCE)],
                          capture_output=True, text=True)
    compared, beyond = map(int, re.search(r"compared (\d+) values, (\d+) differ", done.stdout).groups())
    counts = ptx_parity_test.counts_of(function, done.stdout)
    (work / f"{name}.json").write_text(json.dumps(counts))
    print(f"{ptx_parity_test.instructions_text(counts)}; "
          f"{beyond} of {compared} values are more than {TOLERANCE} from the exact kernel's")
    return 0 if compared and beyond <= SHARE_BEYOND * compared else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), *sys.argv[3:]))
