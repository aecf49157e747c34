"""run and plan with --exact-quantiles. Usage: exact_quantiles_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json
import math
import struct

import cli
from cli import FILES, SMOKE

LEVELS = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99]


def rows_of(path):
    """Lines of a CSV file as dictionaries, without those that start with #."""
    with open(path, newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def as_float32(text):
    return struct.unpack("f", struct.pack("f", float(text)))[0]


def quantile(sample, level):
    rank = level * (len(sample) - 1)
    below = math.floor(rank)
    part = rank - below
    return sample[below] + part * (sample[below + 1] - sample[below]) if part else sample[below]


class ExactQuantiles(cli.CommandTest):
    def test_are_those_of_the_replayed_paths(self):
        names = ["world_price", "regional_price[us]", "rental_price[cn,n910]"]
        self.succeed("run", SMOKE, "--paths", 9, "--first-path", 40, "--out", "out", "--quiet",
                     "--exact-quantiles", ",".join(reversed(names)))
        self.assertEqual({path.name for path in (self.folder / "out").iterdir()}, FILES | {"exact_quantiles.csv"})
        paths = [list(csv.DictReader(self.succeed("replay", SMOKE, "--path", k).stdout.splitlines()))
                 for k in range(40, 49)]
        rows = rows_of(self.folder / "out" / "exact_quantiles.csv")
        self.assertEqual(len(rows), len(names) * len(paths[0]))
        for row in rows:
            name = row["measure"] + (f"[{row['element']}]" if row["element"] else "")
            texts = [month[name] for path in paths for month in path if month["time"] == row["time"]]
            sample = sorted(as_float32(text) for text in texts if text)
            self.assertEqual((int(row["defined"]), int(row["missing"])), (len(sample), 9 - len(sample)), row)
            self.assertEqual(float(row["minimum"]), sample[0])
            self.assertEqual(float(row["maximum"]), sample[-1])
            for level in LEVELS:
                self.assertEqual(float(row[f"q{round(100 * level):02}"]), quantile(sample, level), (name, row["time"], level))
        self.assertEqual({row["measure"] for row in rows}, {"world_price", "regional_price", "rental_price"})

    def test_the_summary_has_them_and_the_rest_stays(self):
        plain, exact = self.run_smoke("plain"), self.run_smoke("exact", "--exact-quantiles", "world_price")
        for key in ["digest", "headline", "events", "unsolved"]:
            self.assertEqual(plain[key], exact[key])
        self.assertNotIn("exact_quantiles", plain)
        reported, = exact["exact_quantiles"]
        headline = exact["headline"][0]
        self.assertEqual((reported["measure"], reported["unit"]), ("world_price", headline["unit"]))
        row = rows_of(self.folder / "exact" / "exact_quantiles.csv")[-1]
        self.assertEqual(reported["end"]["q50"], float(row["q50"]))
        self.assertLess(abs(reported["end"]["q50"] / headline["end"]["median"] - 1), 2**-8)

    def test_a_measure_without_brackets_is_all_of_a_kind(self):
        self.run_smoke("out", "--exact-quantiles", "regional_price", "--set", "scenario.months=3")
        elements = [row["element"] for row in rows_of(self.folder / "out" / "exact_quantiles.csv")]
        self.assertEqual(elements, ["us"] * 3 + ["cn"] * 3)

    def test_nothing_undefined_is_a_number(self):
        """Nothing is installed in the month that is observed."""
        self.run_smoke("out", "--exact-quantiles", "chip_installs", "--set", "scenario.months=2")
        row = rows_of(self.folder / "out" / "exact_quantiles.csv")[0]
        self.assertEqual((row["defined"], row["missing"], row["minimum"], row["q50"]), ("0", "64", "", ""))

    def test_unsolved_paths_are_left_out_beside(self):
        self.succeed("run", SMOKE, "--paths", 300, "--exact-quantiles", "world_price", "--out", "out", "--quiet",
                     "--set", "market.newton_limit=5", "--set", "market.sweep_limit=0")
        summary = self.summary("out")
        all_paths, = summary["exact_quantiles"]
        solved, = summary["without_unsolved"]["exact_quantiles"]
        self.assertEqual(all_paths["end"]["defined"], 300)
        self.assertEqual(solved["end"]["defined"], 300 - summary["unsolved_paths"])

    def test_wrong_names(self):
        for names, words in [("world_prise", ["'world_prise'", "did you mean 'world_price'?"]),
                             ("world_price,regional_price[uk]", ["'regional_price[uk]'", "did you mean 'regional_price[us]'?"]),
                             ("nonsense-without-end", ["'nonsense-without-end'", "allowed: 130 names"]),
                             ("world_price,", ["there is no measure ''"]), ("", ["'' is empty"]),
                             ("world_price,world_price", ["'world_price' is given twice"]),
                             ("regional_price,regional_price[cn]", ["'regional_price[cn]' is given twice"])]:
            for command in ["run", "plan"]:
                self.refuse(2, ["--exact-quantiles", *words], command, SMOKE, "--exact-quantiles", names)

    def test_more_than_there_is_memory_for(self):
        words = ["--exact-quantiles keeps", "1,000,000,000 paths", "name fewer measures or run fewer paths"]
        for command in ["run", "plan"]:
            self.refuse(3, words, command, SMOKE, "--paths", "1e9", "--exact-quantiles", "rental_price,regional_price,demand",
                        "--engine", "simd")

    def test_plan_tells_their_memory_and_file(self):
        def plan(*arguments):
            return json.loads(self.succeed("plan", SMOKE, "--paths", "1e4", "--json", "--engine", "simd", *arguments).stdout)
        without, reported = plan(), plan("--exact-quantiles", "world_price,regional_price")
        self.assertEqual(without["exact_quantile_bytes"], 0)
        self.assertEqual(reported["exact_quantile_bytes"], 4 * 10**4 * reported["months"] * 3)
        # What the process itself takes, some pages more or less, is in both.
        self.assertLess(abs(reported["memory_bytes"] - reported["exact_quantile_bytes"] - without["memory_bytes"]), 1 << 20)
        self.assertNotIn("exact_quantiles.csv", without["file_bytes"])
        self.assertGreater(reported["file_bytes"]["exact_quantiles.csv"], 1000)
        text = self.succeed("plan", SMOKE, "--paths", "1e4", "--exact-quantiles", "world_price,regional_price").stdout
        self.assertIn("for exact quantiles of 3 measures", text)

    def test_merge_refuses_them(self):
        self.run_smoke("a", "--exact-quantiles", "world_price")
        self.run_smoke("b", "--first-path", "64")
        self.refuse(2, ["'a/result.nc' has exact quantiles", "run all paths at once"], "merge", "a", "b", "--out", "ab")

    def test_results_are_replaced_and_read(self):
        self.run_smoke("out", "--exact-quantiles", "world_price")
        self.succeed("report", "out")
        self.run_smoke("out", "--force")
        self.assertEqual({path.name for path in (self.folder / "out").iterdir()}, FILES)


if __name__ == "__main__":
    cli.main()
