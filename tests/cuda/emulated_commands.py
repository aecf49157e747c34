"""The program on imagined machines: what a user sees of GPUs, healthy or not. Used by emulated_engine_test.py."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

NO_DRIVER, OLD_DRIVER = "counting 35 driver 0", "counting 35 driver 12040"
NO_DEVICE, NO_CODE = "counting 100", "no_code 209"
LOST = "launches_before_failure 2"


class Machine:
    """Runs commands of one program in an empty folder and notes what is not as expected."""

    def __init__(self, program, config, folder):
        self.program, self.config, self.folder, self.faults = program, config, Path(folder), 0

    def call(self, *arguments, machine=""):
        return subprocess.run([str(self.program), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, "IMAGINED_MACHINE": machine})

    def run(self, *arguments, machine=""):
        return self.call("run", self.config, "--paths", "300", "--set", "scenario.months=11", "--json", "--force", "--out", "out",
                         *arguments, machine=machine)

    def expect(self, holds, what, answer=None):
        print("ok  " if holds else "FAIL", what, "" if holds or answer is None else f"\n{answer.returncode} {answer.stderr}")
        self.faults += not holds

    def refuses(self, code, words, answer, what):
        said = all(word in answer.stderr for word in words)
        left = [path for path in self.folder.rglob("*") if path.is_file()]
        self.expect(answer.returncode == code and said and not answer.stdout and not left, what, answer)

    def summary(self, *arguments, **keywords):
        answer = self.run(*arguments, **keywords)
        self.expect(answer.returncode == 0, f"a run with {arguments} {keywords} ends well", answer)
        return json.loads(answer.stdout) if answer.returncode == 0 else {"digest": None, "provenance": {}}


def test_refusals(on):
    """First: they must leave no file behind."""
    on.refuses(3, ["no usable CUDA device 7: usable here is 0, 1"], on.run("--device", "0,7"), "a device that is not there")
    on.refuses(3, ["no NVIDIA driver", "--engine simd"], on.run("--device", "all", machine=NO_DRIVER), "all of no devices")
    on.refuses(2, ["is given twice"], on.run("--device", "0,0"), "a device named twice")
    on.refuses(2, ["runs on the CPU"], on.run("--device", "0", "--engine", "scalar"), "a device for a CPU engine")
    for machine, word in [(NO_DRIVER, "no NVIDIA driver"), (OLD_DRIVER, "too old"), (NO_DEVICE, "sees no device"),
                          (NO_CODE, "no code for device 0")]:
        on.refuses(3, [word, "--engine simd"], on.run("--engine", "cuda", machine=machine), f"--engine cuda: {word}")
    on.refuses(3, ["CUDA device 1", "damaged"], on.run("--device", "1", machine=LOST), "a device that is lost on the way")
    on.refuses(3, ["MiB free"], on.run("--engine", "cuda", machine="mebibytes 100"), "a device that is too small")


def test_runs(on):
    digest = on.summary("--engine", "scalar")["digest"]
    for arguments, devices in [(["--device", "0,1"], "0 (Imagined), 1 (Imagined)"), (["--device", "all"], "0 (Imagined), 1 (Imagined)"),
                               (["--device", "1"], "1 (Imagined)"), (["--engine", "cuda"], "0 (Imagined)"), ([], "0 (Imagined)")]:
        got = on.summary(*arguments, "--batch", "128")
        on.expect(got["digest"] == digest, f"the same digest with {arguments}")
        on.expect(got["provenance"].get("devices") == devices and got["provenance"].get("engine") == "cuda", f"{devices} in the provenance")
    for machine in (NO_DRIVER, OLD_DRIVER, NO_DEVICE, NO_CODE):
        answer = on.run(machine=machine)
        notes = [line for line in answer.stderr.splitlines() if "running on the CPU: " in line]
        on.expect(answer.returncode == 0 and len(notes) == 1 and json.loads(answer.stdout)["digest"] == digest,
                  f"auto falls back and says why: {notes}", answer)


CLAIM = """extends = "smoke.toml"
[claim]
number = 1
sentence = "Compute costs less at the end"
source = "a test"
predicate = "at(world_price, 2026-11) < at(world_price, 2026-01)"
limits = "none"
"""


def test_walks(on, source):
    """What looks at every value of a path answers alike on every engine, and says so where there is no GPU."""
    short = ("--set", "scenario.months=11")
    (on.folder / "smoke.toml").write_text(on.config.read_text())
    (on.folder / "claim.toml").write_text(CLAIM)

    def answer(engine, *arguments):
        got = on.call(*arguments, "--engine", engine)
        on.expect(got.returncode == 0, f"{arguments[0]} --engine {engine} ends well", got)
        return got.stdout

    replay = ("replay", on.config, *short, "--path", 7)
    on.expect(answer("cuda", *replay) == answer("simd", *replay) != "", "the same replay")
    compare = ("compare", on.config, *short, "--change", "market.sigma=5", "--paths", 150, "--threads", 2, "--json", "--quiet")
    cpu, gpu = (json.loads(answer(engine, *compare) or "{}") for engine in ("simd", "cuda"))
    on.expect(gpu.get("comparisons") == cpu.get("comparisons") != None, "the same comparison")
    on.expect(gpu.get("provenance", {}).get("engine") == "cuda", "a comparison says that it ran on the GPU")
    named = on.call(*compare, "--device", "0,1")
    on.expect(named.returncode == 0 and json.loads(named.stdout)["comparisons"] == cpu["comparisons"], "on two devices", named)
    verdict = ("verdict", "claim.toml", "--paths", 150, "--no-attribution", "--json", "--quiet")
    on.expect(answer("cuda", *verdict) == answer("simd", *verdict) != "", "the same verdict")
    for name, sigma in (("a", 4), ("b", 6)):
        on.call("run", on.config, *short, "--paths", 150, "--set", f"market.sigma={sigma}", "--set", f"scenario.name={name}",
                "--engine", "simd", "--out", name, "--quiet")
    pages = {}
    for engine in ("simd", "cuda"):
        got = on.call("report", "a", "b", "--out", f"{engine}.html", "--engine", engine, "--quiet")
        on.expect(got.returncode == 0, f"report --engine {engine} ends well", got)
        pages[engine] = (on.folder / f"{engine}.html").read_text() if got.returncode == 0 else engine
    on.expect(pages["cuda"] == pages["simd"], "the same page")
    for arguments in (replay, compare, verdict, ("report", "a", "b", "--out", "none.html")):
        got = on.call(*arguments, "--engine", "cuda", machine=NO_DRIVER)
        lines = [line for line in got.stderr.splitlines() if line]
        on.expect(got.returncode == 3 and not got.stdout and len(lines) == 1 and "no NVIDIA driver" in lines[0],
                  f"{arguments[0]} --engine cuda without a GPU: 3 and one message", got)
    on.expect(not (on.folder / "none.html").exists(), "no page of a walk that did not run")


def test_exact_quantiles(on):
    def table(*arguments):
        on.summary("--exact-quantiles", "world_price,rental_price", *arguments)
        return [line for line in (on.folder / "out" / "exact_quantiles.csv").read_text().splitlines() if line[0] != "#"]

    on.expect(table("--engine", "scalar") == table("--device", "0,1", "--batch", "128"), "the same exact quantiles on two devices")


def test_plan(on):
    plan = lambda *arguments, machine="": on.call("plan", on.config, "--paths", "1e6", *arguments, machine=machine)
    answer = plan("--engine", "cuda", machine=NO_DRIVER)
    on.expect(answer.returncode == 0 and "none usable here; on an H100" in answer.stdout and "machine with the GPU" in answer.stdout,
              "a plan without a GPU", answer)
    gpu = json.loads(plan("--engine", "cuda", "--json", machine=NO_DRIVER).stdout)
    first = gpu["gpu"]["devices"][0]
    on.expect(gpu["gpu"]["assumed"] and gpu["seconds"] is None and 0 < first["least_memory_bytes"] < first["memory_bytes"],
              "its memory as JSON")
    two = json.loads(plan("--device", "0,1", "--json", machine=NO_DRIVER).stdout)["gpu"]
    on.expect(len(two["devices"]) == 2 and two["host_memory_bytes"] > gpu["gpu"]["host_memory_bytes"], "a plan for two")
    here = plan("--device", "1")
    on.expect(here.returncode == 0 and "GPU       1 (Imagined): batches of " in here.stdout and "time      about" in here.stdout,
              "a plan where the GPU is", here)
    on.expect("H100" in plan(machine=NO_DEVICE).stdout, "a plan for the CPU says what a GPU would need")
    on.refuses(3, ["no usable CUDA device 7"], plan("--device", "7"), "a plan for a device that is not there")


def test_clear(on, source):
    for market in sorted((source / "configs" / "markets").glob("*.toml")):
        cpu, gpu = (on.call("clear", market, "--engine", engine, "--json") for engine in ("reference", "cuda"))
        on.expect(cpu.returncode == gpu.returncode == 0 and cpu.stdout == gpu.stdout, f"the same equilibrium: {market.name}", gpu)
    on.refuses(3, ["no NVIDIA driver", "--engine reference"], on.call("clear", market, "--engine", "cuda", machine=NO_DRIVER), "clear without a GPU")


def main(program, source):
    with tempfile.TemporaryDirectory() as folder:
        on = Machine(program, source / "configs" / "smoke.toml", folder)
        test_refusals(on)
        test_plan(on)
        test_clear(on, source)
        test_walks(on, source)
        test_runs(on)
        test_exact_quantiles(on)
        print(f"{on.faults} faults in commands")
        return 1 if on.faults else 0
