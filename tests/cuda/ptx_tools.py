"""What the tests of device code share: nvcc as the build calls it, and the audit of a PTX module."""

import json
import re
import shlex
import subprocess
from pathlib import Path

FLOAT = re.compile(r"\.f(16|32|64)|\.bf16|\.tf32")
# What may be said of floats: arithmetic rounded to nearest, and what does not round at all.
ALLOWED_FLOAT = re.compile(
    r"(add|sub|mul|fma)\.rn\.f(32|64)|(sqrt|div|rcp)\.rn\.f(32|64)|(max|min|neg|abs)\.f(32|64)"
    r"|(ld|st)\.[\w.]*f(32|64)|(mov|selp)\.f(32|64)|setp\.\w+(\.\w+)?\.f(32|64)"
    r"|cvt\.rn\.f(32|64)\.[su](16|32|64)|cvt\.rzi\.[su](32|64)\.f(32|64)|cvt\.f64\.f32|cvt\.rn\.f32\.f64"
)
OPCODE = re.compile(r"^\s*(?:@!?%p\d+\s+)?([a-z][a-z0-9_]*(?:\.[\w:]+)+)\s", re.M)


class Nvcc:
    """The compiler and its options, as the build has them for cuda/*.cu."""

    def __init__(self, command):
        before_files = command[: command.index("-c")]
        self.path, *options = before_files[next(k for k, word in enumerate(command) if Path(word).name == "nvcc") :]
        self.options = [option for option in options if not option.startswith("-gencode")]
        # Compute capabilities that the build carries machine code for, oldest first: PTX is made for that one.
        self.architectures = re.findall(r"sm_(\d+)", " ".join(options))

    def ptx(self, source, target, options=None, architecture=None):
        """Compiles to PTX with the build's options, or with others."""
        options = self.options if options is None else options
        run([self.path, *options, f"-arch=compute_{architecture or self.architectures[0]}", "-ptx", source, "-o", target])

    def assemble(self, ptx, target, architecture, *options):
        """Machine code of a PTX module. Returns what the assembler says of registers."""
        return run([Path(self.path).parent / "ptxas", "-v", *options, f"-arch=sm_{architecture}", ptx, "-o", target])


# The assembler says the first of every kernel and of every function that one calls, the second of kernels.
SPILLS = re.compile(r"(\d+) bytes spill stores, (\d+) bytes spill loads")
KERNEL = re.compile(r"Used (\d+) registers.*?(?:, (\d+) bytes cumulative stack size|$)", re.M)


def resources(said):
    """Registers and bytes of stack, the most of any kernel; bytes of spill stores and loads of all, from what the assembler
    says of a module."""
    registers, stack = (max(int(number or 0) for number in numbers) for numbers in zip(*KERNEL.findall(said)))
    stores, loads = (sum(map(int, numbers)) for numbers in zip(*SPILLS.findall(said)))
    return registers, stack, stores, loads


def nvcc_of(build):
    """The nvcc of a build, or None where the build has no GPU engine."""
    listed = build / "compile_commands.json"
    commands = json.loads(listed.read_text()) if listed.exists() else []
    found = [shlex.split(entry["command"]) for entry in commands if entry["file"].endswith("/cuda/path_launch.cu")]
    return Nvcc(found[0]) if found else None


def run(command):
    """Runs a tool of the toolkit; returns what it wrote."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stderr + done.stdout


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
