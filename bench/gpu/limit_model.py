"""Predicted speed of the path kernel from counted instructions; no GPU needed. docs/gpu.md says what it is worth.

Usage: limit_model.py COUNTS.json CUBIN NVDISASM [--name NAME] [--out FILE]

COUNTS.json: the kernel's PTX instructions, and how often each ran a path and month, counted by
tests/cuda/ptx_parity_test.py on the CPU. CUBIN: machine code of the same PTX, assembled with --generate-line-info, by which
every machine instruction names the line of PTX that it was made of; it is taken to run as often. So what the assembler makes
of a short branch by predicates counts only where the branch is taken, and the few that name no instruction not at all.
NVDISASM: of a CUDA toolkit, or of PyPI's nvidia-cuda-nvdisasm.
"""

import argparse
import collections
import datetime
import json
import re
import statistics
import subprocess

# NVIDIA H100 SXM5: 132 multiprocessors of 4 schedulers, each of which issues one instruction a cycle. The clock is the one that
# NVIDIA's 67 Tflop/s of float imply (132 x 128 lanes x 2); under load it may be lower.
H100 = {"multiprocessors": 132, "clock_hz": 1.98e9, "lanes": 32}

# What each kind of machine instruction occupies, and how many of a multiprocessor's warps a cycle. Kinds not listed only
# take an issue slot. Loads and stores take as many cycles as they move words a lane.
PIPES = {
    "fp32": (4, "FADD FMUL FFMA IMAD".split()),
    "alu": (2, "IADD3 VIADD LOP3 SHF LEA ISETP FSETP FSEL SEL FMNMX VIMNMX PRMT IABS MOV I2FP".split()),
    "lsu": (1, "LDL STL LD ST LDG STG LDS STS ATOM ATOMS RED".split()),
    "mufu": (0.5, "MUFU I2F F2I".split()),
}
# Machine instructions of a call of our functions (numeric/elementary.hpp, lanes.hpp); the GPU's approximations take one.
FUNCTIONS = {"exp2": 15, "log2": 18, "reciprocal": 6}
# Of these the assembler makes one for one, unless it unrolls a loop: then a line of PTX has several, which share its runs.
ONE_FOR_ONE = {"fma.rn.f32": "FFMA", "mul.rn.f32": "FMUL", "mul.f32": "FMUL", "ld.local": "LDL", "st.local": "STL",
               "ld.global": "LDG", "st.global": "STG"}
LINE = re.compile(r'//## File "\.nv_debug_ptx_txt", line (\d+)')
INSTRUCTION = re.compile(r"^\s+/\*[0-9a-f]{4,6}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][A-Z0-9]*)([\w.]*)", re.M)

Machine = collections.namedtuple("Machine", "line opcode words")


def machine_code(cubin, nvdisasm):
    """Every machine instruction: line of PTX, opcode, words that a lane moves."""
    listing = subprocess.run([nvdisasm, "-gp", "-c", cubin], capture_output=True, text=True, check=True).stdout
    code, line = [], 0
    for text in listing.split("\n"):
        if found := LINE.search(text):
            line = int(found.group(1))
        elif (found := INSTRUCTION.match(text)) and found.group(1) != "NOP":
            width = re.search(r"\.(64|128)\b", found.group(2))
            code.append(Machine(line, found.group(1), int(width.group(1)) // 32 if width else 1))
    return code


def copies_of_blocks(instructions, code):
    """How many copies of a block of PTX stand in the machine code."""
    made = collections.Counter((machine.line, machine.opcode) for machine in code)
    found = collections.defaultdict(list)
    for line, block, opcode in instructions:
        for prefix, name in ONE_FOR_ONE.items():
            if opcode.startswith(prefix) and made[line, name]:
                found[block].append(made[line, name])
    return {block: statistics.median_high(numbers) for block, numbers in found.items()}


def issued_instructions(counts, code):
    """(machine instruction, opcode of its PTX, times that a warp issues it a month) of all that is issued."""
    ptx = {line: (block, opcode) for line, block, opcode in counts["instructions"]}
    copies = copies_of_blocks(counts["instructions"], code)
    for machine in code:
        block, opcode = ptx.get(machine.line, (None, ""))
        runs = counts["warp"].get(str(block), 0) / copies.get(block, 1)
        if runs > 0:
            yield machine, opcode, runs


def price_of_reproducibility(counts, issued):
    """Share of the instructions that a warp issues which approximate functions would save."""
    calls = {name: counts["calls"][name]["warp"] for name in FUNCTIONS}
    saved = sum(calls[name] * (number - 1) for name, number in FUNCTIONS.items())
    return {"calls_as_a_warp_issues": calls, "instructions_saved_by_approximations": saved, "share_of_issued": saved / issued}


def predict(counts, code):
    """Cycles of one multiprocessor for a month of a warp, by limit, and path-months a second of the device."""
    by_opcode, words, spills = collections.Counter(), collections.Counter(), 0.0
    for machine, opcode, runs in issued_instructions(counts, code):
        by_opcode[machine.opcode] += runs
        words[machine.opcode] += runs * machine.words
        if machine.opcode in ("LDL", "STL") and not opcode.startswith(("ld.local", "st.local")):
            spills += runs * machine.words
    total = sum(by_opcode.values())
    cycles = {"issue": total / 4}
    for pipe, (rate, opcodes) in PIPES.items():
        cycles[pipe] = sum((words if pipe == "lsu" else by_opcode)[opcode] for opcode in opcodes) / rate
    rate = H100["multiprocessors"] * H100["clock_hz"] * H100["lanes"] / max(cycles.values())
    return {"machine_instructions_written": len(code), "machine_instructions_per_warp_month": total,
            "of_them": dict(by_opcode.most_common(12)), "words_of_spilled_registers_moved": spills,
            "bytes_of_local_memory_moved_per_path_month": 4 * (words["LDL"] + words["STL"]), "cycles": cycles,
            "limit": max(cycles, key=cycles.get), "path_months_per_second": rate}


def total_of(counts, kind):
    """PTX instructions a path and month: of the mean path ("mean"), or as a warp must issue them ("warp")."""
    number = collections.Counter(block for _, block, _ in counts["instructions"])
    return sum(number[int(block)] * runs for block, runs in counts[kind].items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts")
    parser.add_argument("cubin")
    parser.add_argument("nvdisasm")
    parser.add_argument("--name", default="")
    parser.add_argument("--out")
    options = parser.parse_args()
    with open(options.counts, encoding="utf-8") as file:
        counts = json.load(file)
    result = {"what": "predicted, not measured", "name": options.name, "device": "H100 SXM5, sm_90",
              "date": datetime.date.today().isoformat(), "ptx_instructions_written": len(counts["instructions"]),
              "ptx_instructions_per_path_month": total_of(counts, "mean"),
              "ptx_instructions_as_a_warp_issues": total_of(counts, "warp")}
    result.update(predict(counts, machine_code(options.cubin, options.nvdisasm)))
    if "calls" in counts:
        result["price_of_reproducibility"] = price_of_reproducibility(counts, result["machine_instructions_per_warp_month"])
    text = json.dumps(result, indent=1)
    print(text)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
