"""Path kernels fit their registers on every architecture. Usage: registers_test.py SOURCE_DIR BUILD_DIR

PTX is made for the oldest architecture that builds carry machine code for, and assembled for each that the toolkit knows,
as the build does (cmake/ChokepointCuda.cmake). Skipped without nvcc.
"""

import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ptx_tools

# Bytes of spills that are allowed (smoke: on sm_75). The baseline's stand in the solver's last resort, which it hardly ever
# needs; fewer blocks a multiprocessor would avoid them and leave less to hide latency with (docs/gpu.md, spills.py).
ALLOWED = {"path_baseline": 1000, "path_smoke": 64, "path_launch": 0, "device_run": 0}
RESOURCES = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads.*?Used (\d+) registers", re.S)


def main(source, folder):
    nvcc = ptx_tools.find_nvcc()
    if not nvcc:
        print("skipped: no nvcc")
        return 77
    listed = ptx_tools.architectures(source)
    known = ptx_tools.run([nvcc, "--list-gpu-code"])

    def assemble(task):
        name, architecture = task
        faults = []
        for stack, stores, loads, registers in RESOURCES.findall(ptx_tools.assemble(nvcc, folder / f"{name}.ptx", "/dev/null", architecture)):
            print(f"{name} sm_{architecture}: {registers} registers, {stack} bytes of stack, spills {stores} + {loads} bytes")
            if int(stores) + int(loads) > ALLOWED[name]:
                faults.append(f"{name} spills {stores} + {loads} bytes on sm_{architecture}")
        return faults

    def compile_one(name):
        ptx_tools.compile_to_ptx(nvcc, source / "cuda" / f"{name}.cu", folder / f"{name}.ptx",
                                 [source / "include", source / "cuda"], listed[0])

    tasks = [(name, arch) for name in ALLOWED for arch in listed if re.search(rf"sm_{arch}\b", known)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compile_one, ALLOWED))
        faults = [fault for found in pool.map(assemble, tasks) for fault in found]
    print("\n".join(faults))
    return 1 if faults or not tasks else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(Path(sys.argv[1]).resolve(), Path(scratch)))
