"""The whole CUDA engine on an imagined machine. Usage: emulated_engine_test.py SOURCE_DIR BUILD_DIR

cuda/*.cu is compiled by the host compiler against emulator/, which runs kernels on the CPU (threads of a block as fibers,
warp operations and barriers as meetings), and its digests are compared with the CPU engine's: batches, devices, memory
that runs out, devices that fail; then the whole program on imagined machines (emulated_commands.py), and the one that
compares kernels by the clock (emulated_price.py). What nvcc makes of the kernels is another matter: ptx_parity_test.py.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import emulated_commands
import emulated_price

LAUNCH = re.compile(r"run_task<Task><<<blocks, Task::threads, shared_bytes, stream>>>\(task\);")
EMULATED = "(void)shared_bytes, (void)stream, imagined::run_grid(blocks, Task::threads, [&task] { run_task<Task>(task); });"
# -O1 compiles in a third of the time; the bits are the same by contract.
FLAGS = "-O1 -ffp-contract=off -fno-fast-math -fno-math-errno -w -DCHOKEPOINT_X86=1".split()


def without_launch_syntax(source, target):
    """Copies cuda/ with its one <<<>>> replaced; fails where there are others."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    launches = 0
    for file in target.iterdir():
        text, count = LAUNCH.subn(EMULATED, file.read_text())
        launches += count
        code = re.sub(r"//[^\n]*", "", text)
        if "<<<" in code:
            sys.exit(f"{file.name} launches a kernel by itself")
        file.write_text(text)
    if launches != 1:
        sys.exit(f"expected one launch in cuda/, found {launches}")


def main(source, build):
    library = build / "lib" / "libchokepoint.a"
    if not library.exists():
        print("skipped: the program is not built")
        return 77
    compiler = os.environ.get("CXX") or shutil.which("g++") or "c++"
    work = build / "cuda_emulation"
    work.mkdir(exist_ok=True)
    without_launch_syntax(source / "cuda", work / "cuda")
    emulator = source / "tests" / "cuda" / "emulator"
    includes = [f"-I{path}" for path in (emulator, source / "include", source / "src", work / "cuda")]
    files = sorted((work / "cuda").glob("*.cu")) + sorted(emulator.glob("*.cpp"))
    files += [source / "src" / "engine" / "cuda_backend.cpp"]  # takes the place of what the library has

    def compile_one(file):
        target = work / f"{file.stem}.o"
        command = [compiler, "-std=c++20", *FLAGS, *includes, "-x", "c++", "-c", str(file), "-o", str(target)]
        subprocess.run(command, check=True)
        return str(target)

    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(compile_one, files))
    libraries = [str(build / "lib" / "libchokepoint_commands.a"), str(library)]
    system = "-lspdlog -lfmt -ltomlplusplus -lxxhash -lnetcdf -lpthread".split()

    def link(program, *parts):
        subprocess.run([compiler, *parts, *libraries, *system, "-o", str(work / program)], check=True)
        return work / program

    cases = link("engine_cases", *objects)
    status = subprocess.run([str(cases), str(source / "configs" / "smoke.toml")]).returncode
    objects = [part for part in objects if not part.endswith("_cases.o")]
    program = link("chokepoint", compile_one(source / "src" / "main.cpp"), *objects)
    pair = sorted(file for file in (source / "bench" / "gpu" / "reproducibility").iterdir() if file.suffix in (".cpp", ".cu"))
    price = link("reproducibility_price", *[compile_one(file) for file in pair], *objects)
    return status or emulated_commands.main(program, source) or emulated_price.main(price, source)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
