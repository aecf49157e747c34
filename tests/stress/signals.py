"""A random signal at a random time of a command: it ends in 128 + n with one message and leaves nothing behind, or was
done already.
"""

import random
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import stress

SAMPLE, FULL = 14, 1000


def prepare(source, build, folder):
    """Results to read. @returns commands by name, each with what it makes"""
    smoke = Path(source) / "configs/smoke.toml"
    for name, first, setting in (("a", 0, "market.sigma=8"), ("a2", 512, "market.sigma=8"), ("b", 0, "market.sigma=7")):
        stress.call(build, ["run", smoke, "--paths", 512, "--first-path", first, "--set", setting, "-q", "--out", name],
                    folder)
    return {"run": (["run", smoke, "--paths", 30000, "-q", "--out", "deep/new"], "deep/new/result.nc"),
            "merge": (["merge", "a", "a2", "-q", "--out", "new"], "new/result.nc"),
            "compare": (["compare", smoke, "--change", "market.sigma=7", "--paths", 4000, "-q", "--out", "new"],
                        "new/comparison.csv"),
            "report": (["report", "a", "b", "-q", "--out", "new.html", "--figures", "figures"], "new.html"),
            "verdict": (["verdict", Path(source) / "configs/evidence/01-glut-and-war.toml", "--paths", 500, "-q",
                         "--out", "new"], "new/verdict.json")}


def start(build, arguments, folder):
    return subprocess.Popen([str(build / "chokepoint"), *map(str, arguments)], cwd=folder, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            preexec_fn=stress.as_a_shell_starts_it())


def wait_until_it_heeds(process, number):
    """Before that it dies of a signal, as any program does that is being loaded, and has made nothing."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        caught = re.search("^SigCgt:\\s*([0-9a-f]+)", status.read_text(), re.MULTILINE)
        if caught and int(caught.group(1), 16) >> (number - 1) & 1:
            return
        time.sleep(0.002)


def everything(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def clean(folder, before):
    for name in sorted(everything(folder) - before, reverse=True):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def fault_of(process, number, made, folder, before):
    output, errors = process.communicate(timeout=60)
    said = errors.decode(errors="replace")
    left = everything(folder) - before
    if process.returncode == 0:
        return "" if (folder / made).exists() else "exit code 0 without results"
    if process.returncode == 128 + number:
        # Figures are a result of their own, in place before the page is.
        left = {name for name in left if not name.startswith("figures")}
        if left:
            return f"left behind: {sorted(left)}"
        return "" if said.count(f"stopped by {stress.signal_name(number)};") == 1 else f"said: {said[:200]}"
    return f"exit code {process.returncode}: {said[:200]}"


def main(source, build, count):
    draw = random.Random(21)
    faults = []
    with tempfile.TemporaryDirectory(prefix="chokepoint-stress-") as name:
        folder = Path(name)
        commands = prepare(source, build, folder)
        before = everything(folder)
        seconds = {}
        for command, (arguments, made) in commands.items():
            begin = time.monotonic()
            process = start(build, arguments, folder)
            faults += [f"{command}: {process.stderr.read().decode()}"] if process.wait() else []
            seconds[command] = time.monotonic() - begin
            clean(folder, before)
        for number in stress.tries(count):
            command = draw.choice(list(commands))
            arguments, made = commands[command]
            signalled = draw.choice(stress.TERMINATING_SIGNALS)
            after = draw.random() * seconds[command] * 1.05
            process = start(build, arguments, folder)
            wait_until_it_heeds(process, signalled)
            time.sleep(after)
            process.send_signal(signalled)
            fault = fault_of(process, signalled, made, folder, before)
            if fault:
                faults.append(f"try {number}: {command}, {stress.signal_name(signalled)} after {after:.3f} s: {fault}")
            clean(folder, before)
    return faults
