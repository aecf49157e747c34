"""The block of R in docs/analysis.md. Usage: r_snippets_test.py SOURCE_DIR BUILD_DIR"""

import shutil
import subprocess
import sys

import analysis_snippets

R = shutil.which("Rscript")
if not R or subprocess.run([R, "-e", "library(ncdf4)"], capture_output=True).returncode != 0:
    print("skipped: no R with ncdf4")
    sys.exit(77)


class InR(analysis_snippets.Snippets):
    def test_every_block_runs(self):
        import csv
        printed = [self.execute(R, "-e", block) for block in analysis_snippets.blocks("r")]
        lines = (self.folder / "results" / "baseline" / "prices.csv").read_text().splitlines()
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        first = next(float(row["mean"]) for row in rows if row["measure"] == "world_price")
        numbers = [float(word) for word in printed[0].split() if not word.startswith("[")]
        self.assertAlmostEqual(numbers[0], first, places=4)
        months, dimensions = 24, numbers[24:]
        self.assertEqual(dimensions, [2, 2, months])  # chip, region, time of smoke


if __name__ == "__main__":
    analysis_snippets.main()
