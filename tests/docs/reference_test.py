"""Pages made from the program's tables are as it prints them. Usage: reference_test.py SOURCE_DIR BUILD_DIR"""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(SOURCE / "docs"))

import make_reference


class Pages(unittest.TestCase):
    def test_are_current(self):
        self.assertEqual(make_reference.main(SOURCE, BUILD / "chokepoint", True), 0)

    def test_stale_ones_are_seen_and_written(self):
        with tempfile.TemporaryDirectory(prefix="chokepoint-docs-") as name:
            copy = Path(name)
            shutil.copytree(SOURCE / "docs", copy / "docs", ignore=shutil.ignore_patterns("images"))
            readme = (SOURCE / "README.md").read_text()
            (copy / "README.md").write_text(readme.replace("| 0 | done |", "| 0 | well done |"))
            (copy / "docs" / "keys.md").unlink()
            self.assertEqual(make_reference.main(copy, BUILD / "chokepoint", True), 1)
            self.assertEqual(make_reference.main(copy, BUILD / "chokepoint", False), 0)
            self.assertEqual((copy / "README.md").read_text(), readme)
            self.assertEqual((copy / "docs/keys.md").read_text(), (SOURCE / "docs/keys.md").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
