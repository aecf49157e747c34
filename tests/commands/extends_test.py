"""Configs that build on others, from outside. Usage: extends_test.py SOURCE_DIR BUILD_DIR"""

import cli
from cli import SMOKE

CHILD = """extends = "parent.toml"
[scenario]
name = "child"
months = 6
[[region]]
name = "us"
power_mw = 1700
"""


class Extends(cli.CommandTest):
    def setUp(self):
        super().setUp()
        (self.folder / "parent.toml").write_text(SMOKE.read_text())
        (self.folder / "child.toml").write_text(CHILD)

    def test_resolved_is_the_same_scenario_without_its_parent(self):
        whole = self.succeed("validate", "child.toml", "--resolved").stdout
        self.assertNotIn("extends", whole)
        (self.folder / "whole.toml").write_text(whole)
        child = self.run_smoke_of("child.toml", "child")
        (self.folder / "parent.toml").unlink()
        again = self.run_smoke_of("whole.toml", "whole")
        self.assertEqual(child["digest"], again["digest"])
        self.assertEqual(child["provenance"]["config_hash"], again["provenance"]["config_hash"])
        self.assertEqual(self.succeed("validate", "whole.toml", "--resolved").stdout, whole)

    def test_resolved_holds_what_the_line_sets(self):
        whole = self.succeed("validate", "child.toml", "--set", "market.sigma=7", "--resolved").stdout
        self.assertIn("sigma = 7\n", whole)
        self.assertIn("power_mw = 1700\n", whole)

    def test_without_a_parent_the_file_is_printed_as_it_is(self):
        self.assertEqual(self.succeed("validate", SMOKE, "--resolved").stdout, SMOKE.read_text())

    def test_faults(self):
        (self.folder / "child.toml").write_text(CHILD.replace("1700", "-1"))
        self.refuse(2, "child.toml:7:12: region.us.power_mw: is out of range (-1)", "run", "child.toml")
        self.refuse(2, "child.toml:7:12", "validate", "child.toml", "--resolved")
        (self.folder / "parent.toml").write_text('extends = "child.toml"\n')
        self.refuse(2, "parent.toml:1:11: extends: leads back to 'child.toml'", "run", "child.toml")
        (self.folder / "parent.toml").unlink()
        self.refuse(2, "child.toml:1:11: extends: there is no file 'parent.toml'", "plan", "child.toml")

    def run_smoke_of(self, config, out):
        self.succeed("run", config, "--paths", "32", "--quiet", "--out", out)
        return self.summary(out)


if __name__ == "__main__":
    cli.main()
