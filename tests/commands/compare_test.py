"""Paired comparison on the command line. Usage: compare_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json

import cli
from cli import SMOKE

POLICY = """
[[policy]]
name = "tariff"
from = "2026-07"
region = "us"
key = "subsidy"
value = 0.2
"""


class Compare(cli.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("policy.toml", SMOKE.read_text().replace('name = "smoke"', 'name = "policy"') + POLICY)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def compare(self, *arguments, paths=64):
        """@returns the JSON of a comparison"""
        more = ["--paths", paths] if paths else []
        return json.loads(self.succeed("compare", *arguments, *more, "--json", "--quiet").stdout)

    def measures(self, comparison, k=0):
        return {measure["name"]: measure for measure in comparison["comparisons"][k]["measures"]}

    def test_a_scenario_with_itself_differs_nowhere(self):
        answer = self.compare(SMOKE, SMOKE)
        pair = answer["comparisons"][0]
        self.assertIsNone(pair["first_difference"]["first_month"])
        self.assertEqual(pair["first_difference"]["share_of_paths"], 0)
        for measure in pair["measures"]:
            self.assertIsNone(measure["first_month"], measure["name"])
            for column in ["mean", "low", "high", "q01", "q50", "q99", "share_higher", "share_lower"]:
                self.assertTrue({0, None}.issuperset(measure["by_month"][column]), (measure["name"], column))
        self.assertIn("nothing differs", self.succeed("compare", SMOKE, SMOKE, "--paths", 64).stdout)

    def test_table_json_and_files_say_the_same(self):
        table = self.succeed("compare", SMOKE, "policy.toml", "--paths", 64, "--out", "c", "--at", "2027-01",
                             "--measure", "capital_spending", "--measure", "utilisation[cn]").stdout
        self.assertIn("policy (other) less smoke (base)", table)
        self.assertIn("2027-01", table)
        self.assertIn("utilisation[cn]", table)
        self.assertNotIn("utilisation[us]", table)
        written = json.loads((self.folder / "c" / "comparison.json").read_text())
        printed = self.compare(SMOKE, "policy.toml")
        self.assertEqual(written["comparisons"], printed["comparisons"])
        lines = (self.folder / "c" / "comparison.csv").read_text().splitlines()
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        measure = self.measures(written)["regional_price[cn]"]
        of_csv = [row for row in rows if row["measure"] == "regional_price" and row["element"] == "cn"]
        self.assertEqual(len(of_csv), len(measure["by_month"]["time"]))
        for month, row in enumerate(of_csv):
            self.assertEqual(row["time"], measure["by_month"]["time"][month] + "-01")
            self.assertAlmostEqual(float(row["mean"]), measure["by_month"]["mean"][month], places=7)
        self.refuse(2, "already holds", "compare", SMOKE, "policy.toml", "--paths", 64, "--out", "c")
        self.succeed("compare", SMOKE, "policy.toml", "--paths", 32, "--out", "c", "--force", "--quiet")

    def test_results_and_configs_give_the_same(self):
        self.run_smoke("base")
        self.succeed("run", "policy.toml", "--paths", 64, "--quiet", "--out", "other")
        of_results = self.compare("base", "other/result.nc", paths=None)
        of_configs = self.compare(SMOKE, "policy.toml")
        self.assertEqual(of_results["comparisons"], of_configs["comparisons"])
        self.assertEqual([scenario["result"]["walked_again"] for scenario in of_results["scenarios"]], [True, True])
        self.assertEqual(of_results["scenarios"][0]["result"]["digest"], self.summary("base")["digest"])
        mixed = self.compare("base", "policy.toml", paths=None)
        self.assertEqual(mixed["comparisons"], of_configs["comparisons"])
        text = self.succeed("compare", "base", "other").stdout
        self.assertIn("walked again", text)
        self.assertIn(self.summary("other")["digest"], text)
        self.assertIn("was not checked", self.succeed("compare", "base", "other", "--paths", 32).stdout)

    def test_results_that_differ_are_refused_unless_allowed(self):
        self.run_smoke("base")
        self.succeed("run", SMOKE, "--paths", 64, "--seed", 9, "--quiet", "--out", "seed")
        self.succeed("run", SMOKE, "--paths", 32, "--quiet", "--out", "few")
        self.succeed("run", SMOKE, "--paths", 64, "--first-path", 10, "--quiet", "--out", "later")
        self.succeed("run", SMOKE, "--paths", 64, "--engine", "reference", "--quiet", "--out", "double")
        self.refuse(2, ["seed", "1 and 9", "--seed"], "compare", "base", "seed")
        self.refuse(2, ["number of paths", "64 and 32", "--paths"], "compare", "base", "few")
        self.refuse(2, ["first path", "0 and 10", "--first-path"], "compare", "base", "later")
        self.refuse(2, ["precision", "float and double"], "compare", "base", "double")
        self.refuse(2, ["--engine simd", "double"], "compare", "double", "double", "--engine", "simd")
        self.refuse(2, ["--set", "--change"], "compare", "base", "base", "--set", "market.sigma=8")
        self.assertEqual(self.compare("base", "seed", "--seed", 1, paths=None)["seed"], 1)
        self.assertIsNone(self.compare("double", "double", paths=None)["comparisons"][0]["first_difference"]["first_month"])

    def test_change_and_set(self):
        self.write("set.toml", SMOKE.read_text().replace("list_price_usd = 32000", "list_price_usd = 36000"))
        changed = self.compare(SMOKE, "--change", "chip.h200.list_price_usd=36000")
        self.assertEqual(changed["comparisons"][0]["measures"], self.compare(SMOKE, "set.toml")["comparisons"][0]["measures"])
        self.assertIn("--change chip.h200.list_price_usd=36000", changed["comparisons"][0]["scenario"])
        both = self.compare(SMOKE, SMOKE, "--set", "chip.h200.list_price_usd=36000")
        self.assertIsNone(both["comparisons"][0]["first_difference"]["first_month"])
        self.assertEqual(both["base"], f"{SMOKE} (1) --set chip.h200.list_price_usd=36000")
        mixed = self.compare(SMOKE, "--set", "market.sigma=8", "--set", "chip.h200.list_price_usd=30000",
                             "--change", "chip.h200.list_price_usd=36000", paths=8)
        self.assertIn("--set market.sigma=8 --set chip.h200.list_price_usd=30000", mixed["base"])
        other = mixed["comparisons"][0]["scenario"]
        self.assertTrue(other.endswith("--change chip.h200.list_price_usd=36000 --set market.sigma=8"), other)
        self.run_smoke("base")
        of_result = self.compare("base", "--change", "chip.h200.list_price_usd=36000", paths=None)
        self.assertEqual(of_result["comparisons"][0]["measures"], changed["comparisons"][0]["measures"])

    def test_several_scenarios_and_what_they_do_not_share(self):
        other = SMOKE.read_text().replace('name = "smoke"', 'name = "renamed"').replace('"h200"', '"b200"')
        self.write("renamed.toml", other.replace("h200", "b200"))
        answer = self.compare(SMOKE, "policy.toml", "renamed.toml", paths=32)
        self.assertEqual([pair["scenario"] for pair in answer["comparisons"]], ["policy", "renamed"])
        self.assertEqual(answer["comparisons"][0]["only_in_base"], [])
        self.assertIn("chip_price[h200]", answer["comparisons"][1]["only_in_base"])
        self.assertIn("chip_price[b200]", answer["comparisons"][1]["only_in_scenario"])
        self.assertNotIn("chip_price[h200]", self.measures(answer, 1))
        self.assertEqual(self.measures(answer, 0), self.measures(self.compare(SMOKE, "policy.toml", paths=32)))
        self.assertIn("left out, in renamed alone", self.succeed("compare", SMOKE, "renamed.toml", "--paths", 8).stdout)
        self.refuse(2, ["chip_price[h200]", "only in the base"], "compare", SMOKE, "renamed.toml", "--measure",
                    "chip_price[h200]")

    def test_months_are_matched_by_date(self):
        self.write("later.toml", SMOKE.read_text().replace('start = "2026-01"', 'start = "2026-04"'))
        answer = self.succeed("compare", SMOKE, "later.toml", "--paths", 8, "--json")
        self.assertIn("do not share the draws", answer.stderr)
        times = self.measures(json.loads(answer.stdout))["world_price"]["by_month"]["time"]
        self.assertEqual((times[0], times[-1], len(times)), ("2026-04", "2027-12", 21))

    def test_unsolved_paths_are_shown(self):
        loose = ["--set", "market.tolerance=1e-6", "--set", "market.newton_limit=6", "--set", "market.sweep_limit=0", "--paths", 8]
        answer = self.call("compare", SMOKE, "policy.toml", *loose)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("missed the solver's tolerance", answer.stderr)
        self.assertIn("Without the", answer.stdout)
        self.assertEqual(self.call("compare", SMOKE, "policy.toml", *loose, "--strict").returncode, 4)
        pair = json.loads(self.succeed("compare", SMOKE, "policy.toml", *loose, "--json").stdout)["comparisons"][0]
        self.assertEqual(pair["paths"], 8)
        self.assertEqual(pair["without_unsolved"]["paths"], 8 - pair["unsolved_paths"])

    def test_shares_mean_what_they_say(self):
        measures = self.measures(self.compare(SMOKE, "--change", "policy.voucher.value=0.4"))
        fleet = measures["fleet[cn]"]
        by_month = fleet["by_month"]
        self.assertEqual(fleet["worse"], "lower")
        self.assertIsNone(measures["utilisation[us]"]["worse"])
        for low, mean, high in zip(by_month["low"], by_month["mean"], by_month["high"]):
            self.assertLessEqual(low, mean)
            self.assertLessEqual(mean, high)
        # A subsidy of capital: more capacity on every path, once it has been built.
        self.assertEqual((by_month["share_higher"][0], by_month["share_lower"][0]), (0, 0))
        self.assertEqual((by_month["share_higher"][-1], by_month["share_lower"][-1]), (1, 0))
        self.assertGreater(by_month["ratio_low"][-1], 1)

    def test_nonsense(self):
        self.refuse(2, "needs two scenarios", "compare", SMOKE)
        self.refuse(2, "no such file", "compare", SMOKE, "nowhere.toml")
        self.refuse(2, "there is no 'nowhere.nc'", "compare", SMOKE, "nowhere.nc")
        self.write("noise.nc", "noise")
        self.refuse(2, "noise.nc", "compare", SMOKE, "noise.nc")
        (self.folder / "empty").mkdir()
        self.refuse(2, "a folder without a result", "compare", SMOKE, "empty")
        self.refuse(2, ["hhi_flee", "hhi_fleet"], "compare", SMOKE, SMOKE, "--measure", "hhi_flee")
        self.refuse(2, "utilisation[mars]", "compare", SMOKE, SMOKE, "--measure", "utilisation[mars]")
        self.refuse(2, "no month", "compare", SMOKE, SMOKE, "--at", "soon")
        self.refuse(2, "no month", "compare", SMOKE, SMOKE, "--at", "2026-13")
        self.refuse(2, "2026-01 to 2027-12", "compare", SMOKE, SMOKE, "--at", "2031-01")
        self.refuse(2, "--paths", "compare", SMOKE, SMOKE, "--paths", "-5")
        self.refuse(2, "--seed", "compare", SMOKE, SMOKE, "--seed", "x")
        self.refuse(2, "market.sigmaa", "compare", SMOKE, "--change", "market.sigmaa=5")
        self.write("2040.toml", SMOKE.read_text().replace("2026-", "2040-").replace("2027-", "2041-"))
        self.refuse(2, "no month in common", "compare", SMOKE, "2040.toml")


if __name__ == "__main__":
    cli.main()
