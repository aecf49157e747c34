"""docs/results.md against a file. Usage: results_page_test.py SOURCE_DIR BUILD_DIR. Skipped without netCDF4."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(SOURCE / "docs"))
PAGE = (SOURCE / "docs" / "results.md").read_text()


def column(heading):
    """The names in the first column of the table under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="chokepoint-docs-")
        cls.addClassCleanup(holder.cleanup)
        result = Path(holder.name) / "out"
        subprocess.run([BUILD / "chokepoint", "run", SOURCE / "configs" / "smoke.toml", "--paths", "300", "--quiet", "--out",
                        result, "--exact-quantiles", "rental_price,world_price", "--set", "market.newton_limit=5",
                        "--set", "market.sweep_limit=0"], check=True, stderr=subprocess.DEVNULL)
        cls.data = netCDF4.Dataset(result / "result.nc")
        cls.addClassCleanup(cls.data.close)

    def groups(self):
        return {"": self.data, **{name + "/": group for name, group in self.data.groups.items()}}

    def test_groups_and_dimensions(self):
        self.assertEqual(set(column("Groups")), set(self.data.groups))
        dimensions = {name for group in self.groups().values() for name in group.dimensions}
        self.assertEqual(set(column("Dimensions")), dimensions)

    def test_coordinates_in_every_group(self):
        for path, group in self.groups().items():
            for variable in group.variables.values():
                for name in variable.dimensions:
                    if not name.endswith("_byte"):
                        self.assertIn(name, group.variables, f"{path}{variable.name}")
                        self.assertNotIn("_FillValue", group[name].ncattrs())

    def test_variables(self):
        patterns, others = column("Variables of a measure"), set(column("Other variables"))
        measures = [name[:-5] for name in self.data.variables if name.endswith("_mean")]
        expected = {pattern.replace("X", measure, 1): measure for measure in measures for pattern in patterns}
        seen = set()
        for path, group in self.groups().items():
            for name, variable in group.variables.items():
                if name in group.dimensions:
                    continue
                documented = path + name in others or (path in ("", "solved_only/") and (name in others or name in expected))
                self.assertTrue(documented, f"{path}{name} is not on the page")
                seen.add(name.replace(expected[name], "X", 1) if name in expected else name)
        self.assertEqual({name.split("/")[-1] for name in others} | set(patterns), seen)

    def test_measures(self):
        lines = results_table.measure_lines(self.data)
        for line in lines:
            self.assertIn(line + "\n", PAGE)
        self.assertEqual([line.split("`")[1] for line in lines], column("Measures"))

    def test_attributes(self):
        self.assertEqual(set(column("Attributes")), set(self.data.ncattrs()))
        types = dict(re.findall(r"^\| `(\w+)` \| (text|uint64|double) \|", PAGE.split("## Attributes")[1], re.MULTILINE))
        for name, kind in types.items():
            value = self.data.getncattr(name)
            self.assertEqual(kind, "text" if isinstance(value, str) else {"f": "double", "u": "uint64"}[value.dtype.kind], name)
        known = {"long_name", "units", "unit_description", "_FillValue", "standard_name", "axis", "calendar"}
        for group in self.groups().values():
            for variable in group.variables.values():
                self.assertLessEqual(set(variable.ncattrs()), known, variable.name)
                self.assertIn("long_name", variable.ncattrs(), variable.name)


if __name__ == "__main__":
    try:
        import netCDF4
    except ImportError:
        if sys.executable != "/usr/bin/python3" and subprocess.run(["/usr/bin/python3", "-c", "import netCDF4"],
                                                                  capture_output=True).returncode == 0:
            sys.exit(subprocess.run(["/usr/bin/python3", "-B", *sys.argv]).returncode)
        print("skipped: no python can import netCDF4")
        sys.exit(77)
    import results_table
    unittest.main(argv=sys.argv[:1])
