"""The peers of bench/peers give chokepoint's numbers, and a peer that does not is found out.

Usage: peers_test.py SOURCE BUILD

On the smoke scenario with every kind of dated shock (dated_shocks.toml): the plain C++ peer, which needs nothing, and
the NumPy peer where NumPy is found; with CHOKEPOINT_EXHAUSTIVE=1 also those whose compilation takes a minute, Numba and
JAX.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
CONFIG = SOURCE / "tests" / "peers" / "dated_shocks.toml"
sys.path.append(str(SOURCE / "bench" / "peers"))
import agreement  # noqa: E402


def found_peers():
    """Those that can run with the Python that bench.py --quick takes."""
    installed = BUILD / "peers" / "venv" / "bin" / "python"
    python = installed if installed.exists() else sys.executable
    wanted = ["numpy", "numba", "jax"] if os.environ.get("CHOKEPOINT_EXHAUSTIVE", "0") != "0" else ["numpy"]
    return ["scalar"] + [
        name
        for name in wanted
        if subprocess.run([str(python), "-c", f"import {name}"], capture_output=True).returncode == 0
    ]


def bench(*arguments):
    command = [
        sys.executable,
        "-B",
        SOURCE / "bench" / "peers" / "bench.py",
        "--build",
        BUILD,
        "--config",
        CONFIG,
        "--quick",
    ]
    return subprocess.run([str(word) for word in [*command, *arguments]], capture_output=True, text=True)


class PeersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="chokepoint-peers-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_peers_agree_and_are_timed(self):
        out, peers = self.folder / "out.json", found_peers()
        done = bench("--peers", ",".join(peers), "--json", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        results = json.loads(out.read_text())["results"]
        self.assertEqual(list(results), ["chokepoint", *peers])
        for name in peers:
            with self.subTest(name):
                report = results[name]["agreement"]
                self.assertLess(report["largest_relative_difference"], agreement.PATH_TOLERANCE)
                self.assertEqual((report["paths"], report["paths_departed"]), (8, 0))
                self.assertEqual(results[name]["unsolved"], results["chokepoint"]["unsolved"])
                self.assertGreater(results[name]["ratio"], 0)
                self.assertIn(results[name]["version"], done.stdout)

    def test_a_slightly_different_model_is_not_timed(self):
        command = [str(BUILD / "chokepoint"), "validate", str(CONFIG), "--parameters"]
        block = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        block["finance"]["expected_decline"] *= 1.01
        other = self.folder / "other.json"
        other.write_text(json.dumps(block))
        done = bench("--peers", "scalar", "--parameters", other)
        self.assertEqual(done.returncode, 1)
        self.assertIn("scalar does not agree, so nothing is timed: 8 of 8 paths differ", done.stderr)
        self.assertRegex(done.stderr, r"worst: [a-z_0-9]+(\[[^ ]*\])? of path \d+ in month \d+, by ")
        self.assertEqual(done.stdout, "")

    def test_means_and_quantiles_off_are_found(self):
        names = ["demand"]
        point = {"mean": 10.0, "standard_error": 0.1}
        for level in ("q05", "median", "q95"):
            point[level + "_interval_95"] = [9.0, 11.0]
        headline = [{"measure": "demand", "element": "", "start": point, "mid": point, "end": point}]
        summary = {"paths": 100, "headline": headline}
        good = {name: [[10.0]] * 4 for name in ("mean", "q05", "median", "q95")}
        self.assertIsNone(agreement.compare_statistics(summary, names, good)[1])
        self.assertIn(
            "the mean of demand in month 3",
            agreement.compare_statistics(summary, names, {**good, "mean": [[10.0], [10.0], [10.0], [10.2]]})[1],
        )
        self.assertIn(
            "the q95 of demand in month 0",
            agreement.compare_statistics(summary, names, {**good, "q95": [[11.2], [10.0], [10.0], [10.0]]})[1],
        )


if __name__ == "__main__":
    if not (BUILD / "chokepoint").exists():
        print("skipped: the program is not built")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
