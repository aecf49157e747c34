"""Where the path kernel's registers spill: spilled accesses by the loop they stand in. No GPU needed.

Usage: spills.py OBJECT CUOBJDUMP [ARCHITECTURE]

OBJECT: path_baseline.cu.o of a build. The kernel's own arrays fill the local memory that its PTX declares; what the machine
code keeps beyond them is spilled. A loop is a jump backwards; one that is short and stands within another runs more often.
"""

import re
import subprocess
import sys

INSTRUCTION = re.compile(r"^\s+/\*([0-9a-f]{4,6})\*/\s+(.*?);", re.M)
BYTES = 16  # an instruction


def listing(cuobjdump, *options):
    return subprocess.run([cuobjdump, *options], capture_output=True, text=True, check=True).stdout


def loops_of(code):
    """(first address, last address) of every jump backwards."""
    for address, text in code:
        target = re.search(r"\bBRA\b.*?0x([0-9a-f]+)", text)
        if target and int(target.group(1), 16) < address:
            yield int(target.group(1), 16), address


def main(target, cuobjdump, architecture="sm_90"):
    arrays = max(int(size) for size in re.findall(r"__local_depot\d+\[(\d+)\]", listing(cuobjdump, "-ptx", target)))
    sass = listing(cuobjdump, "-sass", "-arch", architecture, target)
    code = [(int(address, 16), text) for address, text in INSTRUCTION.findall(sass)]
    local = [(address, text) for address, text in code if re.search(r"\b(LDL|STL)", text)]
    offset = re.compile(r"\[R1\+0x([0-9a-f]+)\]")
    spilled = [address for address, text in local if (m := offset.search(text)) and int(m.group(1), 16) >= arrays]
    print(f"{len(code)} instructions, {len(local)} of them on local memory, {len(spilled)} of those spilled registers")
    loops, by_loop = sorted(loops_of(code)), {}
    for address in spilled:
        around = tuple((end - begin) // BYTES for begin, end in loops if begin <= address <= end)
        by_loop[around] = by_loop.get(around, 0) + 1
    for around, number in sorted(by_loop.items(), key=lambda item: -item[1]):
        print(f"{number:5} in {'loops of ' + ', '.join(map(str, around)) + ' instructions' if around else 'no loop'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
