"""The page docs/verification.md can be made, and tells every property that the tests check. Usage: report_test.py
SOURCE_DIR BUILD_DIR"""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "verification"
sys.path.insert(0, str(HERE))
import page  # noqa: E402
import report  # noqa: E402


def properties():
    """Names in the table of ledger.cpp."""
    return re.findall(r'^    \{"([a-z-]+)",\s+"', (HERE / "ledger.cpp").read_text(), re.MULTILINE)


def reported(page):
    """Names in the first column of the page's tables."""
    return set(re.findall(r"^\| ([a-z-]+) \|", page, re.MULTILINE))


class Report(unittest.TestCase):
    def test_parts_add_up(self):
        a = {"cases": 2, "exceptions": 1, "worst": 0.5, "seed": 7, "statement": "same"}
        b = {"cases": 3, "exceptions": 0, "worst": 0.1, "seed": 9, "statement": "same"}
        self.assertEqual(report.merged({"p": a}, {"p": b}),
                         {"p": {"cases": 5, "exceptions": 1, "worst": 0.5, "seed": 7, "statement": "same"}})
        self.assertEqual(report.merged({"p": a}, {"q": b}), {"p": a, "q": b})  # a property without a case in one part
        self.assertEqual(report.merged({"n": 1, "largest": 3, "counts": [1, 2]}, {"n": 4, "largest": 2, "counts": [5, 6]}),
                         {"n": 5, "largest": 3, "counts": [6, 8]})

    def test_a_missed_bound_is_told(self):
        held = {"markets": {"p": {"claimed": True, "worst": 1, "allowed": 1}, "q": {"claimed": False, "worst": 9, "allowed": 1}},
                "scenarios": {}, "statistics": {"quantiles": {"worst": 0.5}, "common": {"shared": 3, "exogenous": 3}},
                "hostile": {"unsolved": 0, "seeds": []}, "baseline": {"unsolved_steps": 0},
                "planted": {"exit_code": 4, "unsolved_months": 1}, "rounding": {"measures": {}}}
        self.assertEqual(list(page.failures(held)), [])
        for part, missed in (("markets", {"p": {"claimed": True, "worst": 2, "allowed": 1}}),
                             ("hostile", {"unsolved": 2, "seeds": [5, 4]}), ("baseline", {"unsolved_steps": 1}),
                             ("planted", {"exit_code": 0, "unsolved_months": 1})):
            self.assertEqual(len(list(page.failures({**held, part: missed}))), 1, part)

    def test_quick_page_tells_every_property(self):
        with tempfile.TemporaryDirectory(prefix="chokepoint-test-") as folder:
            out = Path(folder) / "page.md"
            subprocess.run([sys.executable, "-B", HERE / "report.py", "--build", BUILD, "--out", out, "--quick", "--jobs", "2"],
                           check=True, stderr=subprocess.DEVNULL, timeout=500)
            text = out.read_text()
        for title in ("Properties", "Statistics", "Rounding", "Solver"):
            self.assertIn(f"## {title}\n", text)
        self.assertGreater(len(properties()), 25)
        self.assertLessEqual(set(properties()), reported(text))
        self.assertIn("exit code 4", text)
        self.assertNotIn("nan", text.lower().split())

    def test_the_page_that_is_kept_tells_every_property(self):
        kept = SOURCE / "docs" / "verification.md"
        if not kept.exists():
            self.skipTest("make verification writes it")
        self.assertLessEqual(set(properties()), reported(kept.read_text()))


if __name__ == "__main__":
    if not (BUILD / "tests" / "verification").exists():
        sys.exit(f"{BUILD}/tests/verification has not been built")
    unittest.main(argv=sys.argv[:1])
