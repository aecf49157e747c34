"""Predicts the speed of the smoke kernel on an H100 from counted instructions. Usage: limit_model_test.py SOURCE_DIR BUILD_DIR

Needs nvcc and cuobjdump: in the toolkit, on the PATH, at $CUOBJDUMP, or in PyPI's triton wheel; skipped without.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ptx_parity_test
import ptx_tools


def find_cuobjdump():
    triton = importlib.util.find_spec("triton")
    wheel = [Path(folder) / "backends/nvidia/bin/cuobjdump" for folder in triton.submodule_search_locations] if triton else []
    candidates = [os.environ.get("CUOBJDUMP"), shutil.which("cuobjdump"), "/usr/local/cuda/bin/cuobjdump", *wheel]
    return next((str(path) for path in candidates if path and Path(path).exists()), None)


def main(source, build):
    nvcc, cuobjdump = ptx_tools.nvcc_of(build), find_cuobjdump()
    if not nvcc or not cuobjdump:
        print("skipped: no cuobjdump" if nvcc else "skipped: the build has no GPU engine")
        return 77
    counts = build / "cuda_ptx" / "smoke.json"
    if not counts.exists():
        status = ptx_parity_test.main(source, build, "smoke", "32")
        if status != 0:
            return status
    cubin, out = counts.with_suffix(".cubin"), counts.with_name("smoke_limit.json")
    nvcc.assemble(counts.with_suffix(".ptx"), cubin, 90)
    model = source / "bench" / "gpu" / "limit_model.py"
    subprocess.run([sys.executable, "-B", str(model), str(counts), str(cubin), cuobjdump, "--name", "smoke", "--out", str(out)],
                   check=True)
    result = json.loads(out.read_text())
    # A thread has at least an instruction for every one of the month's measures, and a multiprocessor four a cycle.
    plausible = 1e4 < result["machine_instructions_per_warp_month"] < 1e6 and result["limit"] in result["cycles"]
    return 0 if plausible else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
