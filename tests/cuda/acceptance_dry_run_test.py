"""bench/gpu/acceptance.sh stays ready: a bundle is made and its dry run passes. Usage: ..._test.py SOURCE_DIR BUILD_DIR"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path


def with_price(program, folder):
    """The program with reproducibility_price beside it: a stand-in where it is not built."""
    if (program.parent / "reproducibility_price").exists():
        return program
    (folder / "chokepoint").symlink_to(program)
    stand_in = folder / "reproducibility_price"
    stand_in.write_text("#!/bin/sh\n[ $# = 1 ] || [ \"$2\" = --dry-run ] && echo '{\"what\": \"dry run\"}'\n")
    stand_in.chmod(0o755)
    return folder / "chokepoint"


def main(source, build):
    program = build / "chokepoint"
    if not program.exists():
        print("skipped: the program is not built")
        return 77
    script = source / "bench" / "gpu" / "acceptance.sh"
    with tempfile.TemporaryDirectory() as folder:
        program = with_price(program, Path(folder))
        bundle, out = Path(folder) / "bundle", Path(folder) / "report.json"
        subprocess.run(["bash", str(script), "bundle", str(bundle), str(program)], check=True)
        carried = bundle / "acceptance.sh"
        size = sum(file.stat().st_size for file in bundle.iterdir())
        done = subprocess.run(["bash", str(carried), "--dry-run", "--out", str(out)], cwd="/")
        report = json.loads(out.read_text())
    passed = [entry for entry in report["entries"] if entry["status"] == "pass"]
    print(f"{len(passed)} passed, {report['failed']} failed, {report['what']}; the bundle has {size >> 20} MiB")
    markets = [entry for entry in passed if entry["name"].startswith("parity market ")]
    good = done.returncode == 0 and report["failed"] == 0 and "dry run" in report["what"]
    good = good and "dry run" in report["price_of_reproducibility"]["comparison"]["what"]
    # What is carried to another machine has a limit there.
    return 0 if good and len(passed) - len(markets) >= 7 and len(markets) >= 10 and size < 60 << 20 else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
