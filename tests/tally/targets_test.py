"""The tallies are the same bits whatever instruction set the compiler may use, and however hard it tries."""

import pathlib
import subprocess
import sys
import tempfile

EXPECTED = "212d2f98386262bf"
AVX512 = "-mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx2 -mfma -mprefer-vector-width=512"
VARIANTS = {"-O0": (), "-O3": (), "-O2 -mavx2 -mfma": ("avx2", "fma"), "-O3 -mavx2 -mfma": ("avx2", "fma"),
            "-O3 " + AVX512: ("avx512f", "avx512dq", "avx512vl", "avx512bw", "fma")}


def compilers(build):
    """The compiler of the build, and clang where there is one."""
    cache = pathlib.Path(build, "CMakeCache.txt")
    lines = cache.read_text().splitlines() if cache.exists() else []
    found = [line.split("=", 1)[1] for line in lines if line.startswith("CMAKE_CXX_COMPILER:")]
    clang = subprocess.run(["which", "clang++"], capture_output=True, text=True).stdout.split()
    return list(dict.fromkeys((found or ["c++"]) + clang))


def processor_flags():
    try:
        return set(pathlib.Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return set()


def main(source, build):
    here, runs, failed = pathlib.Path(source, "tests/tally/targets_dump.cpp"), 0, 0
    have = processor_flags()
    with tempfile.TemporaryDirectory() as folder:
        program = str(pathlib.Path(folder, "dump"))
        for compiler in compilers(build):
            for flags, needs in VARIANTS.items():
                if not have.issuperset(needs):
                    continue
                subprocess.run([compiler, "-std=c++17", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", *flags.split(),
                                "-I" + str(pathlib.Path(source, "include")), str(here), "-o", program], check=True)
                line = subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()
                runs += 1
                failed += line != EXPECTED
                print("ok " if line == EXPECTED else "BAD", line, compiler, flags)
    print(f"{runs} builds, {failed} differ")
    return 1 if failed or runs == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
