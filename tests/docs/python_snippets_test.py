"""The blocks of Python in docs/analysis.md. Usage: python_snippets_test.py SOURCE_DIR BUILD_DIR"""

import subprocess
import sys

import analysis_snippets

NEEDED = "import matplotlib, netCDF4, pandas, xarray"
# The Debian packages belong to the Debian interpreter, which need not be the one that runs the tests.
found = [python for python in [sys.executable, "/usr/bin/python3"]
         if subprocess.run([python, "-c", NEEDED], capture_output=True).returncode == 0]
if not found:
    print(f"skipped: no python can {NEEDED}")
    sys.exit(77)

COLOURS = """
import matplotlib.image, sys
picture = matplotlib.image.imread(sys.argv[1])[::2, ::2, :3]
print(len({tuple(pixel) for row in picture for pixel in row}))
"""


class Python(analysis_snippets.Snippets):
    def test_every_block_runs(self):
        blocks = analysis_snippets.blocks("python")
        printed = [self.execute(found[0], "-c", block) for block in blocks]
        self.assertGreaterEqual(len(printed), 7)
        everything = "".join(printed)
        for words in ["2026-01-01", "price-doubles", "cn,n910", "utilisation[us]", "differs from 2026", "share_higher",
                      "A price war comes"]:
            self.assertIn(words, everything)
        for name in ["fan.png", "difference.png"]:  # of an empty frame: black, white and the greys of letters
            self.assertGreater(int(self.execute(found[0], "-c", COLOURS, name)), 300, name)


if __name__ == "__main__":
    analysis_snippets.main()
