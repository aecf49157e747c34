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
    found = {}
    for name in ["world_price", "rental_price"]:
        levels, defined = group[name + "_exact_quantile"], group[name + "_exact_defined"]
        elements = [[]]
        for dimension in defined.dimensions[1:]:
            elements = [element + [word] for element in elements for word in group[dimension][:].tolist()]
        by_month = levels[:].reshape(len(group["time"]), len(elements), 9).tolist()
        for place, element in enumerate(elements):
            full = name + ("[" + ",".join(element) + "]" if element else "")
            found[full] = {"levels": [[value if value == value else None for value in month[place]] for month in by_month],
                           "defined": defined[:].reshape(len(group["time"]), -1)[:, place].tolist(),
                           "unit": levels.unit_description}
    return found
print(json.dumps({"all": read(data), "solved": read(data["solved_only"])}))
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
        self.assertEqual(len(rows), months * len(data["all"]))
        for number, row in enumerate(rows):
            month = number % months
            found = data["all"][row["measure"] + (f"[{row['element']}]" if row["element"] else "")]
            self.assertEqual(found["unit"], row["unit"])
            self.assertEqual(found["defined"][month], int(row["defined"]))
            levels = [float(value) if value else None for name, value in row.items() if name.startswith("q")]
            self.assertEqual(found["levels"][month], levels)
        for reported in summary["without_unsolved"]["exact_quantiles"]:
            levels = [value for name, value in reported["end"].items() if name.startswith("q")]
            found = data["solved"][reported["measure"]]
            self.assertEqual(found["levels"][-1], levels)
            self.assertEqual(found["defined"][-1], 300 - summary["unsolved_paths"])


if __name__ == "__main__":
    if not PYTHON:
        print("skipped: no python can import netCDF4")
        sys.exit(77)
    cli.main()
