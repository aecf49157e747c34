"""Predicts the speed of the path kernel on an H100 from counted instructions. Usage: ..._test.py SOURCE_DIR BUILD_DIR [NAME]

Needs nvdisasm: in the toolkit, on the PATH, at $NVDISASM, or in BUILD_DIR/tools, where cmake/install-nvdisasm.sh puts it;
skipped without. Reads what ptx_parity_test.py leaves, and runs it where it has not run since the program was built; leaves
BUILD_DIR/cuda_ptx/NAME_limit.json.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ptx_parity_test
import ptx_tools


def find_nvdisasm(build, nvcc):
    candidates = [os.environ.get("NVDISASM"), shutil.which("nvdisasm"), Path(nvcc.path).with_name("nvdisasm"),
                  *(build / "tools").glob("nvidia/*/bin/nvdisasm")]
    return next((path for path in candidates if path and Path(path).exists()), None)


def main(source, build, name="smoke"):
    nvcc = ptx_tools.nvcc_of(build)
    nvdisasm = find_nvdisasm(build, nvcc) if nvcc else None
    if not nvdisasm:
        print("skipped: no nvdisasm" if nvcc else "skipped: the build has no GPU engine")
        return 77
    counts = build / "cuda_ptx" / f"{name}.json"
    library = build / "lib" / "libchokepoint.a"
    if not counts.exists() or not library.exists() or counts.stat().st_mtime < library.stat().st_mtime:
        status = ptx_parity_test.main(source, build, name, "32")
        if status != 0:
            return status
    cubin, out = counts.with_suffix(".cubin"), counts.with_name(f"{name}_limit.json")
    nvcc.assemble(counts.with_suffix(".ptx"), cubin, 90, "--generate-line-info")
    model = source / "bench" / "gpu" / "limit_model.py"
    subprocess.run([sys.executable, "-B", model, counts, cubin, nvdisasm, "--name", name, "--out", out], check=True)
    result = json.loads(out.read_text())
    issued, of_ptx = result["machine_instructions_per_warp_month"], result["ptx_instructions_as_a_warp_issues"]
    # The assembler drops moves and folds addresses and constants; it neither halves the work nor doubles it.
    return 0 if of_ptx / 2 < issued < of_ptx * 2 and result["limit"] in result["cycles"] else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), *sys.argv[3:]))
