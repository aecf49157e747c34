"""What the tests of device code share: nvcc, its flags, and the audit of a PTX module."""

import os
import re
import shutil
import subprocess
from pathlib import Path

# As cmake/ChokepointOptions.cmake and cmake/ChokepointCuda.cmake set them.
RULES = ["--fmad=false", "-ftz=false", "-prec-div=true", "-prec-sqrt=true"]
COMMON = ["-std=c++17", "-O3", "--expt-relaxed-constexpr"]

FLOAT = re.compile(r"\.f(16|32|64)|\.bf16|\.tf32")
# What may be said of floats: arithmetic rounded to nearest, and what does not round at all.
ALLOWED_FLOAT = re.compile(
    r"(add|sub|mul|fma)\.rn\.f(32|64)|(sqrt|div|rcp)\.rn\.f(32|64)|(max|min|neg|abs)\.f(32|64)"
    r"|(ld|st)\.[\w.]*f(32|64)|(mov|selp)\.f(32|64)|setp\.\w+(\.\w+)?\.f(32|64)"
    r"|cvt\.rn\.f(32|64)\.[su](16|32|64)|cvt\.rzi\.[su](32|64)\.f(32|64)|cvt\.f64\.f32|cvt\.rn\.f32\.f64"
)
OPCODE = re.compile(r"^\s*(?:@!?%p\d+\s+)?([a-z][a-z0-9_]*(?:\.[\w:]+)+)\s", re.M)


def find_nvcc():
    """Path of nvcc, or None."""
    candidates = [os.environ.get("CUDACXX"), shutil.which("nvcc"), "/usr/local/cuda/bin/nvcc"]
    return next((path for path in candidates if path and Path(path).exists()), None)


def architectures(source):
    """Compute capabilities that builds carry machine code for, oldest first: PTX is made for that one."""
    options = (source / "cmake" / "ChokepointOptions.cmake").read_text()
    return re.search(r'set\(CHOKEPOINT_CUDA_ARCHITECTURES "([\d;]+)"', options).group(1).split(";")


def run(command):
    """Runs a tool of the toolkit; returns what it wrote."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stderr + done.stdout


def compile_to_ptx(nvcc, source, target, includes, architecture, rules=RULES):
    run([nvcc, *COMMON, *rules, f"-arch=compute_{architecture}", "-ptx", *[f"-I{path}" for path in includes], source, "-o", target])


def assemble(nvcc, ptx, target, architecture):
    """Machine code of a PTX module. Returns what the assembler says of registers."""
    return run([Path(nvcc).parent / "ptxas", "-v", f"-arch=sm_{architecture}", ptx, "-o", target])


def audit(ptx):
    """Faults of a module: float instructions that could give other bits elsewhere. A bare add.f32 or mul.f32 lets the
    assembler contract; approximations and flushing have names of their own; calls of what is defined elsewhere leave
    the audited text."""
    faults = []
    for match in OPCODE.finditer(ptx):
        opcode = match.group(1)
        if ".ftz" in opcode or ".approx" in opcode or ".sat" in opcode:
            faults.append(opcode)
        elif FLOAT.search(opcode) and not ALLOWED_FLOAT.fullmatch(opcode):
            faults.append(opcode)
    defined = set(re.findall(r"^(?:\.visible |\.weak )*\.func\s+(?:\([^)]*\)\s*)?([\w$]+)", ptx, re.M))
    called = set(re.findall(r"\bcall(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([\w$%]+)", ptx))
    faults += [f"call {name}" for name in called - defined]
    return sorted(set(faults))
