"""Device code holds only float arithmetic that gives the same bits everywhere. Usage: ptx_audit_test.py SOURCE_DIR BUILD_DIR

Audits the PTX of every cuda/*.cu, after showing that the audit finds what is planted. Skipped where the build
has no GPU engine.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ptx_tools

# (body of a kernel, flags, a fault that must be found)
PLANTED = [
    ("x[0] = x[1] * x[2]; x[3] = x[4] + x[5];", ["--fmad=true"], "add.f32"),
    ("x[0] = x[1] * x[2];", ["--fmad=true"], "mul.f32"),
    ("x[0] = __expf(x[1]);", [], "ex2.approx.f32"),
    ("x[0] = exp2f(x[1]);", [], "ex2.approx.f32"),
    ("x[0] = x[1] / x[2];", ["-prec-div=false"], "div.full.f32"),
    ("x[0] = __fdividef(x[1], x[2]);", [], "div.approx.f32"),
    ("x[0] = sqrtf(x[1]);", ["-prec-sqrt=false"], "sqrt.approx.f32"),
    ("x[0] = __fadd_rn(x[1], x[2]);", ["-ftz=true"], "add.rn.ftz.f32"),
    ('printf("%f", x[0]);', [], "call vprintf"),
    ("x[0] = __fadd_rz(x[1], x[2]);", [], "add.rz.f32"),
]


def missed_plants(nvcc, folder):
    for number, (body, flags, fault) in enumerate(PLANTED):
        source = folder / f"planted_{number}.cu"
        source.write_text(f"__global__ void k(float* x) {{ {body} }}\n")
        target = source.with_suffix(".ptx")
        nvcc.ptx(source, target, flags, architecture=90)
        found = ptx_tools.audit(target.read_text())
        if fault not in found:
            yield f"self-test: {body} with {flags} should show {fault}, showed {found}"


def main(source, build, folder):
    nvcc = ptx_tools.nvcc_of(build)
    if not nvcc:
        print("skipped: the build has no GPU engine")
        return 77
    faults = list(missed_plants(nvcc, folder))

    def audit_file(file):
        target = folder / f"{file.stem}.ptx"
        nvcc.ptx(file, target)
        text = target.read_text()
        return text.count("fma.rn.f32"), [f"{file.name}: {fault}" for fault in ptx_tools.audit(text)]

    with ThreadPoolExecutor(2) as pool:
        audited = list(pool.map(audit_file, sorted((source / "cuda").glob("*.cu"))))
    faults += [fault for _, found in audited for fault in found]
    if sum(fused for fused, _ in audited) == 0:
        faults.append("no fma at all: the kernels were not in what was audited")
    print("\n".join(faults) if faults else f"{len(PLANTED)} planted faults found, none in {len(audited)} files")
    return 1 if faults else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Path(scratch)))
