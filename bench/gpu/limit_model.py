"""Predicted speed of the path kernel from counted instructions; no GPU needed. docs/gpu.md says what it is worth.

Usage: limit_model.py COUNTS.json CUBIN CUOBJDUMP [--name NAME] [--out FILE]

COUNTS.json: PTX instructions a path and month by opcode, counted by tests/cuda/ptx_parity_test.py on the CPU.
CUBIN: the kernel's machine code, disassembled with CUOBJDUMP (in a CUDA toolkit, or PyPI's triton wheel). The machine code
says how many instructions of each kind the assembler makes of the PTX; that ratio carries the counts over.
"""

import argparse
import datetime
import json
import re
import subprocess

# NVIDIA H100 SXM5: 132 multiprocessors, boost clock, 4 schedulers of one instruction a cycle each.
H100 = {"multiprocessors": 132, "clock_hz": 1.755e9, "lanes": 32}

# What each kind of machine instruction occupies (architecture.md, "Speed"). Kinds not listed only take an issue slot.
PIPES = {
    "fp32": "FADD FMUL FFMA IMAD".split(),
    "alu": "IADD3 VIADD LOP3 SHF LEA ISETP FSETP FSEL SEL FMNMX VIMNMX PRMT IABS MOV".split(),
    "lsu": "LDL STL LD ST LDG STG LDS STS ATOM ATOMS RED".split(),
    "mufu": "MUFU I2F I2FP F2I".split(),
}
# Machine instructions of a call of our functions (numeric/elementary.hpp, lanes.hpp); the GPU's approximations take one.
FUNCTIONS = {"exp2": 15, "log2": 18, "reciprocal": 6}
INSTRUCTION = re.compile(r"^\s+/\*[0-9a-f]{4,6}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][A-Z0-9]*)", re.M)
PTX_LSU = re.compile(r"(ld|st)\.(local|global|shared)|^ld\.f|^ld\.u|^st\.f|atom|red")
PTX_FP32 = re.compile(r"(add|sub|mul|fma)\.rn\.f32|mul\.lo|mul\.wide|mad\.")


def kind_of_ptx(opcode):
    if PTX_LSU.match(opcode):
        return "lsu"
    return "fp32" if PTX_FP32.match(opcode) else "rest"


def kind_of_machine(opcode):
    if opcode in PIPES["lsu"]:
        return "lsu"
    return "fp32" if opcode in PIPES["fp32"] else "rest"


def grouped(counts, kind_of):
    out = {"fp32": 0.0, "lsu": 0.0, "rest": 0.0}
    for opcode, number in counts.items():
        out[kind_of(opcode)] += number
    return out


def machine_counts(cubin, cuobjdump):
    text = subprocess.run([cuobjdump, "-sass", cubin], capture_output=True, text=True, check=True).stdout
    counts = {}
    for opcode in INSTRUCTION.findall(text):
        if opcode != "NOP":
            counts[opcode] = counts.get(opcode, 0) + 1
    return counts


def price_of_reproducibility(counts):
    """Share of the instructions that a warp issues which approximate functions would save."""
    saved = sum(counts["calls"][name]["warp"] * (number - 1) for name, number in FUNCTIONS.items())
    return {"calls_as_a_warp_issues": {name: counts["calls"][name]["warp"] for name in FUNCTIONS},
            "instructions_saved_by_approximations": saved, "share_of_issued": saved / sum(counts["warp"].values())}


def predict(counts, machine, static_ptx):
    """Cycles of one multiprocessor for a month of a warp, by limit, and path-months a second of the device."""
    issued = grouped(counts["warp"], kind_of_ptx)
    of_machine, of_ptx = grouped(machine, kind_of_machine), grouped(static_ptx, kind_of_ptx)
    carried = {kind: issued[kind] * of_machine[kind] / of_ptx[kind] for kind in issued}
    rest = max(of_machine["rest"], 1)
    share = {pipe: sum(machine.get(opcode, 0) for opcode in PIPES[pipe]) / rest for pipe in ("alu", "mufu")}
    total = sum(carried.values())
    cycles = {
        "issue": total / 4,
        "fp32": carried["fp32"] / 4,
        "alu": carried["rest"] * share["alu"] / 2,
        "lsu": carried["lsu"],
        "mufu": 2 * carried["rest"] * share["mufu"],
    }
    worst = max(cycles.values())
    rate = H100["multiprocessors"] * H100["clock_hz"] * H100["lanes"] / worst
    return {"machine_instructions_per_warp_month": total, "cycles": cycles, "limit": max(cycles, key=cycles.get),
            "path_months_per_second": rate}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts")
    parser.add_argument("cubin")
    parser.add_argument("cuobjdump")
    parser.add_argument("--name", default="")
    parser.add_argument("--out")
    options = parser.parse_args()
    with open(options.counts, encoding="utf-8") as file:
        counts = json.load(file)
    result = {"what": "predicted, not measured", "name": options.name, "device": "H100 SXM5, sm_90",
              "date": datetime.date.today().isoformat(), "ptx_instructions_per_path_month": sum(counts["mean"].values()),
              "ptx_instructions_as_a_warp_issues": sum(counts["warp"].values())}
    result.update(predict(counts, machine_counts(options.cubin, options.cuobjdump), counts["static"]))
    if "calls" in counts:
        result["price_of_reproducibility"] = price_of_reproducibility(counts)
    text = json.dumps(result, indent=1)
    print(text)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
