"""What the cases share: the program, libraries that are loaded before all others, and what an exit code may be."""

import os
import platform
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

# README.md: done; the user's fault; the machine's; numerics; a signal.
USUAL_CODES = {0, 2, 3, 4}
IS_X86 = platform.machine() in ("x86_64", "AMD64")


# When no more tries are begun, of time.monotonic, and how many the case at work has begun; of the runner's --minutes.
deadline = None
begun = 0


# Those that end a program by default and can be caught, whoever sends them.
TERMINATING_SIGNALS = [getattr(signal, "SIG" + name) for name in
                       "HUP INT QUIT TERM USR1 USR2 XCPU ALRM VTALRM PROF IO PWR STKFLT ABRT SEGV BUS FPE ILL TRAP SYS".split()
                       if hasattr(signal, "SIG" + name)] + [signal.SIGRTMIN, signal.SIGRTMIN + 3, signal.SIGRTMAX]


def signal_name(number):
    """As the program says it."""
    real_time = int(number) - signal.SIGRTMIN
    if number == signal.SIGRTMAX:
        return "SIGRTMAX"
    if real_time >= 0:
        return "SIGRTMIN" + (f"+{real_time}" if real_time else "")
    return {"SIGIO": "SIGPOLL", "SIGIOT": "SIGABRT"}.get(signal.Signals(number).name, signal.Signals(number).name)


def tries(count):
    """The numbers of a case's tries, until the time is over."""
    global begun
    for number in range(count):
        if deadline is not None and time.monotonic() > deadline:
            return
        begun = number + 1
        yield number


def preloaded(name, folder):
    """Builds tests/stress/NAME.c into a library for LD_PRELOAD. @returns its path"""
    library = Path(folder) / f"{name}.so"
    compiler = os.environ.get("CXX", "g++")
    subprocess.run([compiler, "-x", "c", "-O1", "-shared", "-fPIC", "-o", str(library), str(HERE / f"{name}.c"), "-ldl"],
                   check=True)
    return library


def as_a_shell_starts_it(limits=()):
    """For preexec_fn: signals as usual, and limits as pairs of resource and bytes or number."""

    def prepare():
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        for which, value in limits:
            hard = resource.getrlimit(which)[1]
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (least, hard))

    return prepare


def call(build, arguments, folder, limits=(), variables=None, timeout=300):
    """Runs the program. @returns an answer with returncode, stdout and stderr (bytes)"""
    return subprocess.run([str(Path(build) / "chokepoint"), *map(str, arguments)], cwd=folder, capture_output=True,
                          stdin=subprocess.DEVNULL, preexec_fn=as_a_shell_starts_it(limits), timeout=timeout,
                          env={**os.environ, **(variables or {})})


def ours(answer):
    """Whether an exit is one of the table, with one message of ours where it is no success."""
    code = answer.returncode
    if code == 0:
        return True
    if code == 127 and b"error while loading shared libraries" in answer.stderr:
        return True  # by the system's loader, before anything of ours has begun
    lines = [line for line in answer.stderr.decode(errors="replace").splitlines() if line.startswith("error: ")]
    return code in USUAL_CODES and len(lines) == 1


def sample_test(module):
    """The sample of a case, as a test. Usage of it: NAME_test.py SOURCE_DIR BUILD_DIR"""
    faults = module.main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), module.SAMPLE)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
