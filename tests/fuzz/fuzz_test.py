"""A short run of fuzz_driver: the corpus, and a few hundred changes of it with a fixed seed. Usage: fuzz_test.py
SOURCE_DIR BUILD_DIR; with RUNS and SEED behind, a longer one (make fuzz)."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
RUNS, SEED = (sys.argv[3:] + ["", ""])[:2]
DRIVER = BUILD / "tests" / "fuzz_driver"
CORPUS = SOURCE / "tests" / "fuzz" / "corpus"
EXTRA = {"scenario": [SOURCE / "tests/data/scenario_minimal.toml", SOURCE / "configs/smoke.toml"],
         "market": [SOURCE / "configs/markets"]}
SHORT = {"scenario": 1000, "market": 1000, "tallies": 2000, "command_line": 60}


class Fuzz(unittest.TestCase):
    def drive(self, name):
        command = [DRIVER, name, RUNS or str(SHORT[name]), SEED or "1", CORPUS / name, *EXTRA.get(name, [])]
        with tempfile.TemporaryDirectory(prefix="chokepoint-fuzz-test-") as folder:
            answer = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    errors="replace")
            finding = Path(folder) / f"finding-{name}"
            kept = f"\ninput: {finding.read_bytes()!r}" if finding.exists() else ""
        print(answer.stdout, end="", flush=True)
        self.assertEqual(answer.returncode, 0, answer.stdout + kept)

    def test_scenario(self):
        self.drive("scenario")

    def test_market(self):
        self.drive("market")

    def test_tallies(self):
        self.drive("tallies")

    def test_command_line(self):
        self.drive("command_line")


if __name__ == "__main__":
    if not DRIVER.exists():
        print("fuzz_driver was not built: the compiler has no sanitizers")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
