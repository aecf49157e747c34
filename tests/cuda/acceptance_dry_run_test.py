"""bench/gpu/acceptance.sh stays ready: a bundle is made, its dry run passes, stages can be run one by one, and what a run
has found outlives its being killed. Usage: ..._test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGES = ["parity", "devices", "markets", "sanitizer", "benchmark", "ncu", "jax", "price"]


def with_price(program, folder):
    """The program with reproducibility_price beside it: a stand-in where it is not built."""
    if (program.parent / "reproducibility_price").exists():
        return program
    (folder / "chokepoint").symlink_to(program)
    stand_in = folder / "reproducibility_price"
    stand_in.write_text("#!/bin/sh\n[ $# = 1 ] || [ \"$2\" = --dry-run ] && echo '{\"what\": \"dry run\"}'\n")
    stand_in.chmod(0o755)
    return folder / "chokepoint"


def check_whole_run(source, program, folder):
    bundle, out = folder / "bundle", folder / "report.json"
    subprocess.run(["bash", str(source / "bench/gpu/acceptance.sh"), "bundle", str(bundle), str(program)], check=True)
    size = sum(file.stat().st_size for file in bundle.iterdir())
    done = subprocess.run(["bash", str(bundle / "acceptance.sh"), "--dry-run", "--out", str(out)], cwd="/")
    report = json.loads(out.read_text())
    passed = [entry["name"] for entry in report["entries"] if entry["status"] == "pass"]
    markets = [name for name in passed if name.startswith("parity market ")]
    print(f"{len(passed)} passed, {report['failed']} failed, {report['what']}; the bundle has {size >> 20} MiB")
    assert done.returncode == 0 and report["failed"] == 0 and "dry run" in report["what"]
    assert "dry run" in report["price_of_reproducibility"]["comparison"]["what"]
    assert list(report["stages"]) == STAGES
    assert all(state.startswith("finished ") for state in report["stages"].values()), report["stages"]
    assert len(passed) - len(markets) >= 9 and len(markets) >= 10
    assert sum("exact quantiles" in name for name in passed) == 2
    assert size < 60 << 20  # what is carried to another machine has a limit there


class Script:
    """The script on one report, from the source tree, with a program that hangs in `clear` while a file `hang` is there."""

    def __init__(self, source, program, folder):
        self.out = folder / "stages.json"
        self.hang = folder / "hang"
        stand_in = folder / "hanging" / "chokepoint"
        stand_in.parent.mkdir()
        stand_in.write_text(f"#!/bin/sh\n[ $1 = clear ] && [ -e '{self.hang}' ] && exec sleep 600\nexec '{program}' \"$@\"\n")
        stand_in.chmod(0o755)
        self.command = ["bash", str(source / "bench/gpu/acceptance.sh"), "--dry-run", "--program", str(stand_in),
                        "--out", str(self.out)]
        # A killed run cannot clear up behind itself.
        self.options = {"env": dict(os.environ, TMPDIR=str(folder)), "text": True}

    def run(self, *arguments):
        return subprocess.run([*self.command, *arguments], stderr=subprocess.PIPE, **self.options)

    def kill_in(self, stage, *arguments):
        running = subprocess.Popen([*self.command, *arguments], start_new_session=True, **self.options)
        try:
            while running.poll() is None and not (self.out.exists() and self.states()[stage].startswith("begun")):
                time.sleep(0.05)
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()

    def report(self):
        return json.loads(self.out.read_text())

    def states(self):
        return self.report()["stages"]

    def entries(self, stage):
        return [entry for entry in self.report()["entries"] if entry["stage"] == stage]


def check_stages(script):
    wrong = script.run("--only", "parity,speed")
    assert wrong.returncode == 2 and "'speed'" in wrong.stderr and all(name in wrong.stderr for name in STAGES), wrong.stderr
    assert not script.out.exists()

    script.hang.touch()
    script.kill_in("markets", "--only", "ncu,devices,markets")  # in the script's order: devices, markets, ncu
    states, devices = script.states(), script.entries("devices")
    assert states["devices"].startswith("finished ") and states["markets"] == "begun, not finished", states
    assert states["ncu"] == states["parity"] == "not run" and len(devices) == 1
    script.hang.unlink()

    assert script.run("--only", "price,markets").returncode == 0
    states = script.states()
    assert script.entries("devices") == devices and len(script.entries("markets")) >= 10
    assert [name for name in STAGES if states[name].startswith("finished ")] == ["devices", "markets", "price"], states
    assert script.run("--only", "markets").returncode == 0
    names = [entry["name"] for entry in script.report()["entries"]]
    assert len(names) == len(set(names)), "a stage run again replaces what it had found"

    other = script.out.read_text().replace('"commit": "', '"commit": "0')
    script.out.write_text(other)
    refused = script.run("--only", "devices")
    assert refused.returncode == 2 and "another commit" in refused.stderr and script.out.read_text() == other


def main(source, build):
    program = build / "chokepoint"
    if not program.exists():
        print("skipped: the program is not built")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_stages(Script(source, program, folder))
        check_whole_run(source, with_price(program, folder), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
