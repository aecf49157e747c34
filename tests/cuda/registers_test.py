"""Path kernels fit their registers on every architecture. Usage: registers_test.py SOURCE_DIR BUILD_DIR

PTX is made for the oldest architecture that the build carries machine code for, and assembled for each, as the build does
(cmake/ChokepointCuda.cmake). A thread's stack must also fit into the local memory that the memory plan has for it. Skipped
where the build has no GPU engine.
"""

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ptx_tools

# Bytes of spills that are allowed. The baseline's are prices, quantities and responses of the solver, which would lie in
# memory anyhow; fewer blocks a multiprocessor would avoid most and leave less to hide latency with (docs/gpu.md).
ALLOWED = {"path_baseline": 9400, "path_smoke": 120, "path_launch": 6300, "device_run": 0}
PLANNED = """#include <cstdio>
#include "exact_parameters.hpp"
#include "path_kernel.cuh"
namespace chokepoint::gpu {{
constexpr std::size_t planned = PathTask<{source}>::local_bytes;
}}
int main() {{ std::printf("%zu", chokepoint::gpu::planned); }}
"""


def planned_stack(nvcc, source, folder, name):
    """Bytes of local memory that the memory plan has for a thread of a path kernel; None for the tally kernels."""
    if not name.startswith("path_"):
        return None
    shape = re.search(r"ConstantShape<[^>]*>", (source / "cuda" / f"{name}.cu").read_text())
    parameters = f"InConstants<Parameters<float, {shape[0]}>>" if shape else "InMemory<Parameters<float>>"
    program = folder / f"{name}_planned"
    program.with_suffix(".cu").write_text(PLANNED.format(source=parameters))
    ptx_tools.run([nvcc.path, *nvcc.options, program.with_suffix(".cu"), "-o", program])
    return int(subprocess.run([program], capture_output=True, check=True).stdout)


def main(source, build, folder):
    nvcc = ptx_tools.nvcc_of(build)
    if not nvcc:
        print("skipped: the build has no GPU engine")
        return 77

    def compile_one(name):
        nvcc.ptx(source / "cuda" / f"{name}.cu", folder / f"{name}.ptx")
        return planned_stack(nvcc, source, folder, name)

    def assemble(task):
        name, planned, architecture = task
        faults = []
        said = nvcc.assemble(folder / f"{name}.ptx", "/dev/null", architecture)
        registers, stack, stores, loads = ptx_tools.resources(said)
        print(f"{name} sm_{architecture}: {registers} registers, {stack} bytes of stack"
              f"{f' of {planned} planned' if planned else ''}, spills {stores} + {loads} bytes")
        if stores + loads > ALLOWED[name]:
            faults.append(f"{name} spills {stores} + {loads} bytes on sm_{architecture}")
        if planned and stack > planned:
            faults.append(f"{name} takes {stack} bytes of stack on sm_{architecture}, {planned} are planned")
        return faults

    with ThreadPoolExecutor(2) as pool:
        planned = dict(zip(ALLOWED, pool.map(compile_one, ALLOWED)))
        tasks = [(name, planned[name], architecture) for name in ALLOWED for architecture in nvcc.architectures]
        faults = [fault for found in pool.map(assemble, tasks) for fault in found]
    print("\n".join(faults))
    return 1 if faults or not tasks else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Path(scratch)))
