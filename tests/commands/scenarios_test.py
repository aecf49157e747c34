"""Every scenario of the project: it is valid, says what it asks, and runs. Usage: scenarios_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json
import tomllib

import cli

CONFIGS = cli.SOURCE / "configs"
SCENARIOS = sorted(CONFIGS.glob("scenarios/*.toml"))


class Scenarios(cli.CommandTest):
    def test_every_one_runs_with_nothing_unsolved(self):
        for file in [*sorted(CONFIGS.glob("*.toml")), *SCENARIOS]:
            with self.subTest(file.name):
                found = json.loads(self.succeed("run", file, "--paths", "16", "--quiet", "--json", "--out", file.stem).stdout)
                self.assertEqual(found["unsolved"], 0)

    def test_each_has_a_name_and_a_question_of_its_own(self):
        texts = {file: self.succeed("validate", file, "--resolved").stdout for file in SCENARIOS}
        reported = {file: tomllib.loads(text)["scenario"] for file, text in texts.items()}
        for file, scenario in reported.items():
            self.assertEqual(scenario["name"], file.stem)
            for word in ("Question: ", "Changes: ", "Look at: "):
                self.assertIn(word, scenario["description"], file)
        self.assertEqual(len({scenario["description"] for scenario in reported.values()}), len(reported))

    def test_observed_points_name_measures_of_the_hindcast(self):
        scenario = CONFIGS / "scenarios" / "hindcast-2023.toml"
        replay = json.loads(self.succeed("replay", scenario, "--no-shocks", "--json").stdout)
        months = [time[:7] for time in replay["time"]]
        lines = (CONFIGS / "scenarios" / "hindcast_observed.csv").read_text().splitlines()
        points = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        self.assertGreater(len(points), 4)
        for point in points:
            self.assertIn(point["measure"], replay["measures"])
            self.assertIn(point["first_month"], months)
            self.assertIn(point["last_month"], months)
            self.assertLessEqual(float(point["low"]), float(point["high"]))


if __name__ == "__main__":
    cli.main()
