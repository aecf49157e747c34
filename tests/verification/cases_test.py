"""Published examples and closed forms come out as expected, and no market file is left out of the list."""

import sys
import unittest
from pathlib import Path

from cases import CASES
from cases_table import comparisons

SOURCE, BUILD = sys.argv[1:3]


class Cases(unittest.TestCase):
    def test_figures(self):
        for case in CASES:
            for quantity, text, number, result, tolerance in comparisons(case, SOURCE, BUILD):
                with self.subTest(case=case.source, quantity=quantity, expected=text):
                    self.assertAlmostEqual(result, number, delta=tolerance)

    def test_every_market_is_listed(self):
        files = {file.stem for file in (Path(SOURCE) / "configs" / "markets").glob("*.toml")}
        self.assertEqual(files, {case.file for case in CASES})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
