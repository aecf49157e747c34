"""Exact quantiles in result.nc. Usage: exact_netcdf_test.py SOURCE_DIR BUILD_DIR. Skipped without netCDF4."""

import csv
import json
import subprocess
import sys

import cli
from cli import SMOKE

# The Debian package belongs to the Debian interpreter, which need not be the one that runs the tests.
PYTHON = next((python for python in [sys.executable, "/usr/bin/python3"]
               if subprocess.run([python, "-c", "import netCDF4"], capture_output=True).returncode == 0), None)

READ = """
import json, sys, netCDF4
data = netCDF4.Dataset(sys.argv[1])
data.set_auto_mask(False)
def read(group):
    quantiles = [[[value if value == value else None for value in row] for row in month] for month in group["exact_quantile"][:].tolist()]
    return {"exact_quantile": quantiles, "exact_defined": group["exact_defined"][:].tolist()}
units = data["exact_measure_unit"][:].tolist()
print(json.dumps({"measures": data["exact_measure"][:].tolist(), "units": units, "all": read(data), "solved": read(data["solved_only"])}))
"""


class ExactNetcdf(cli.CommandTest):
    def test_holds_what_the_other_files_hold(self):
        self.succeed("run", SMOKE, "--paths", 300, "--exact-quantiles", "rental_price,world_price", "--out", "out", "--quiet",
                     "--set", "market.newton_limit=5", "--set", "market.sweep_limit=0")
        answer = subprocess.run([PYTHON, "-c", READ, str(self.folder / "out" / "result.nc")], capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        data, summary = json.loads(answer.stdout), self.summary("out")
        with open(self.folder / "out" / "exact_quantiles.csv", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        months = summary["months"]
        self.assertEqual(len(rows), months * len(data["measures"]))
        for number, row in enumerate(rows):
            place, month = divmod(number, months)
            self.assertEqual(data["measures"][place].split("[")[0], row["measure"])
            self.assertEqual(data["units"][place], row["unit"])
            self.assertEqual(data["all"]["exact_defined"][month][place], int(row["defined"]))
            levels = [float(value) if value else None for name, value in row.items() if name.startswith("q")]
            self.assertEqual(data["all"]["exact_quantile"][month][place], levels)
        for place, told in enumerate(summary["without_unsolved"]["exact_quantiles"]):
            levels = [value for name, value in told["end"].items() if name.startswith("q")]
            self.assertEqual(told["measure"], data["measures"][place])
            self.assertEqual(data["solved"]["exact_quantile"][-1][place], levels)
            self.assertEqual(data["solved"]["exact_defined"][-1][place], 300 - summary["unsolved_paths"])


if __name__ == "__main__":
    if not PYTHON:
        print("skipped: no python can import netCDF4")
        sys.exit(77)
    cli.main()
