"""result.nc against the CF conventions, by the IOOS compliance checker. Usage: cf_test.py SOURCE_DIR BUILD_DIR.
Skipped where the checker is not installed (cmake/install-compliance-checker.sh)."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
TOOLS = BUILD / "tools" / "cf" / "bin"
# The checker looks at the root group alone, and takes minutes for 700 variables: it gets one of each kind.
COPY = """
import sys, netCDF4
source, target = netCDF4.Dataset(sys.argv[1]), netCDF4.Dataset(sys.argv[2], "w")
group = source[sys.argv[3]] if sys.argv[3] else source
target.setncatts({name: source.getncattr(name) for name in source.ncattrs()})
for name, dimension in group.dimensions.items():
    target.createDimension(name, len(dimension))
seen = set()
for name, variable in group.variables.items():
    kind = variable.dimensions, getattr(variable, "units", "")
    if name.startswith(("world_price_", "rental_price_", "event_")) or kind not in seen:
        seen.add(kind)
        attributes = {key: variable.getncattr(key) for key in variable.ncattrs()}
        fill = attributes.pop("_FillValue", None)
        copy = target.createVariable(name, variable.dtype, variable.dimensions, fill_value=fill)
        copy.setncatts(attributes)
        copy[:] = variable[:]
if len(sys.argv) > 4:
    target["world_price_mean"].units = sys.argv[4]
target.close()
"""


class Conventions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="chokepoint-cf-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        subprocess.run([BUILD / "chokepoint", "run", SOURCE / "configs" / "smoke.toml", "--paths", "300", "--quiet", "--out",
                        cls.folder / "out", "--exact-quantiles", "rental_price", "--set", "market.newton_limit=5",
                        "--set", "market.sweep_limit=0"], check=True, stderr=subprocess.DEVNULL)

    def complaints(self, file):
        """What the checker has to say against a file, by the heading of the rule. One recommendation is not followed:
        dimensions that are neither time nor place (region, chip, quantile) stand after time, as in the tables."""
        report = file.with_suffix(".json")
        subprocess.run([TOOLS / "compliance-checker", "--test", "cf:1.10", "--format", "json", "--output", report, file],
                       capture_output=True, text=True)
        found = json.loads(report.read_text())["cf:1.10"]
        return {rule["name"]: rule["msgs"] for level in ["high_priorities", "medium_priorities", "low_priorities"]
                for rule in found[level] if rule["msgs"] and rule["name"] != "§2.4 Dimensions"}

    def copy(self, name, *arguments):
        target = self.folder / name
        subprocess.run([TOOLS / "python", "-c", COPY, self.folder / "out" / "result.nc", target, *arguments], check=True)
        return target

    def test_a_result_complies(self):
        self.assertEqual(self.complaints(self.copy("root.nc", "")), {})

    def test_so_does_the_group_without_unsolved_paths(self):
        self.assertEqual(self.complaints(self.copy("solved.nc", "solved_only")), {})

    def test_the_checker_finds_faults(self):
        self.assertIn("world_price_mean", json.dumps(self.complaints(self.copy("bad.nc", "", "USD per H100e-hour"))))


if __name__ == "__main__":
    if not (TOOLS / "compliance-checker").exists():
        print("skipped: no compliance checker in the build folder")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
