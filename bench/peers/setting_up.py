"""What the peers need before they run: packages in an environment of their own, the scalar peer as a program."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("scalar", "numpy", "numba", "jax")
FLAGS = (
    "-std=c++20 -O3 -march=native -pthread -fno-math-errno -fno-trapping-math -fno-signed-zeros -fassociative-math "
    "-freciprocal-math"
)  # what -ffast-math sets, but for NaN, which the solver looks for


def digest(*files):
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def install(folder):
    """An environment with the packages of requirements.txt, made once. @returns its Python"""
    wanted, python = HERE / "requirements.txt", folder / "venv" / "bin" / "python"
    stamp = folder / "venv" / f"installed-{digest(wanted)}"
    if not stamp.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)],
            check=True,
        )
        stamp.touch()
    return python


def build_scalar(folder, parameters, quick):
    """Compiles the scalar peer for the sizes of a scenario. @returns the program"""
    sizes = json.loads(parameters.read_text())["sizes"]
    order = (
        "months",
        "regions",
        "classes",
        "pools",
        "units",
        "segments",
        "owners",
        "export_classes",
        "outages",
        "component_pools",
        "measures",
    )
    numbers = ",".join(str(sizes[name]) for name in order)
    command = [
        *shlex.split(os.environ.get("CXX", "c++")),
        *FLAGS.split(),
        *(["-O1"] if quick else []),
        f"-DPEER_SIZES={numbers}",
    ]
    sources = sorted((HERE / "scalar").iterdir())
    name = hashlib.sha256((digest(*sources) + " ".join(command)).encode()).hexdigest()[:16]
    program = folder / f"scalar-{name}"
    if not program.exists():
        subprocess.run([*command, str(HERE / "scalar" / "main.cpp"), "-o", f"{program}.part"], check=True)
        os.replace(f"{program}.part", program)
    return program


def commands(folder, parameters, peers, python, quick):
    """@param quick to compile, not to run
    @returns the command of each peer"""
    return {
        peer: (
            [str(build_scalar(folder, parameters, quick))]
            if peer == "scalar"
            else [str(python), "-B", str(HERE / peer)]
        )
        for peer in peers
    }


def environment(folder):
    """One thread for a process's linear algebra, as each peer spreads paths over the cores; what is compiled is kept,
    by the text of the sources, as Numba does not notice that a function called from another file has changed."""
    sources = digest(*sorted(file for part in ("numba", "jax", "array_model") for file in (HERE / part).glob("*.py")))
    return {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "NUMBA_CACHE_DIR": str(folder / f"compiled-{sources}"),
        "JAX_COMPILATION_CACHE_DIR": str(folder / f"compiled-{sources}"),
    }
