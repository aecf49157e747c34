"""A random bit of a random file of a finished folder is flipped, the manifest's included: check refuses every one."""

import random
import tempfile
from pathlib import Path

import stress
import targets

SAMPLE, FULL = 60, 10000


def main(source, build, count):
    draw = random.Random(39)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as name:
        folder = Path(name)
        targets.Results(source, build, folder)
        stress.call(build, ["report", "1", "-q"], folder)
        files = sorted(path for path in (folder / "1").iterdir())
        assert stress.call(build, ["check", "1"], folder).returncode == 0
        for number in stress.tries(count):
            path = draw.choice(files)
            data = path.read_bytes()
            bit = draw.randrange(8 * len(data))
            path.write_bytes(data[:bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1:])
            answer = stress.call(build, ["check", "1"], folder)
            if answer.returncode != 2:
                faults.append(f"flip {number}: bit {bit} of {path.name}: exit code {answer.returncode}")
            path.write_bytes(data)
    return faults
