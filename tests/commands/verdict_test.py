"""The command `chokepoint verdict` as a user meets it. Usage: verdict_test.py SOURCE_DIR BUILD_DIR"""

import csv
import json

import cli

CLAIM = """
[claim]
number = 3
sentence = "The regime is banned in some month"
source = "a test"
predicate = "occurs(regime[frontier,cn] > 2.5)"
limits = "Nothing but the chain of the regime is looked at."

[[claim.part]]
name = "at-once"
predicate = "at(regime[frontier,cn], 2026-04) > 2.5"
"""
VERDICT_KEYS = ["number", "sentence", "source", "limits", "scenario", "title", "file", "twins", "seed", "first_path",
                "paths", "answer", "parts", "effects"]
ANSWER_KEYS = ["name", "given", "predicate", "probability", "interval_95", "holds", "fails", "not_given", "undefined",
               "unsolved"]


class Verdict(cli.CommandTest):
    def write(self, name, claim=CLAIM):
        text = (cli.SOURCE / "tests" / "data" / "scenario_minimal.toml").read_text()
        path = self.folder / name
        path.write_text(text + claim)
        return path

    def test_table_says_what_the_claim_is_worth(self):
        self.write("claim.toml")
        text = self.succeed("verdict", "claim.toml", "--paths", "200").stdout
        for words in ["The regime is banned in some month", "100.00", "limits: Nothing but", "at-once", "no source clearly"]:
            self.assertIn(words, text)

    def test_json_has_its_keys_and_the_folder_the_same(self):
        self.write("claim.toml")
        arguments = ["verdict", "claim.toml", "--paths", "100", "--json", "--out", "out"]
        answer = json.loads(self.succeed(*arguments).stdout)
        self.assertEqual(list(answer), ["version", "commit", "claims"])
        claim = answer["claims"][0]
        self.assertEqual(list(claim), VERDICT_KEYS)
        self.assertEqual(list(claim["answer"]), ANSWER_KEYS)
        self.assertEqual(list(claim["effects"][0]), ["source", "change", "interval_95", "paths"])
        self.assertEqual(len(claim["effects"]), 10)
        self.assertEqual(json.loads((self.folder / "out" / "verdict.json").read_text()), answer)
        rows = list(csv.DictReader((self.folder / "out" / "verdict.csv").read_text().splitlines()))
        self.assertEqual([row["part"] for row in rows], ["", "at-once"])
        self.assertEqual(float(rows[0]["probability"]), claim["answer"]["probability"])
        self.refuse(2, "already holds results", *arguments)
        self.succeed(*arguments, "--force")

    def test_folders_give_their_claims_by_name(self):
        folder = self.folder / "claims"
        folder.mkdir()
        for name in ["claims/b.toml", "claims/a.toml"]:
            self.write(name)
        self.write("claims/no-claim.toml", "")
        answer = json.loads(self.succeed("verdict", "claims", "--paths", "20", "--no-attribution", "--json").stdout)
        self.assertEqual([claim["file"] for claim in answer["claims"]], ["claims/a.toml", "claims/b.toml"])
        self.assertEqual(answer["claims"][0]["effects"], [])

    def test_faults_are_reported_with_their_place(self):
        lines = self.write("wrong.toml", CLAIM.replace("regime[frontier,cn] > 2.5)", "regime[frontier,ch] > 2.5)")).read_text()
        line = lines[:lines.index("occurs(")].count("\n") + 1
        self.refuse(2, [f"wrong.toml:{line}:", "there is no regime[frontier,ch]", "'frontier,cn'"], "verdict", "wrong.toml")
        self.refuse(2, [f"wrong.toml:{line}:"], "validate", "wrong.toml")
        self.write("late.toml", CLAIM.replace("2026-04", "2036-04"))
        self.refuse(2, ["late.toml:", "2036-04 lies outside the scenario", "2026-03 to 2027-02"], "verdict", "late.toml")
        self.write("lonely.toml", CLAIM + '[[claim.twin]]\nname = "other"\nfile = "nowhere.toml"\n')
        self.refuse(2, ["lonely.toml:", "nowhere.toml"], "verdict", "lonely.toml")
        self.write("plain.toml", "")
        self.refuse(2, "has no [claim]", "verdict", "plain.toml")
        self.refuse(2, "no such file", "verdict", "nothing.toml")
        self.refuse(2, "no config with a [claim]", "verdict", cli.SOURCE / "configs" / "markets")
        self.write("good.toml")
        self.refuse(2, "--paths", "verdict", "good.toml", "--paths", "0")

    def test_seeds_must_agree(self):
        self.write("one.toml")
        other = self.write("other.toml")
        other.write_text(other.read_text().replace('name = "minimal"', 'name = "minimal"\nseed = 9'))
        self.refuse(2, ["seeds of their own", "--seed"], "verdict", "one.toml", "other.toml", "--paths", "10")
        self.succeed("verdict", "one.toml", "other.toml", "--paths", "10", "--seed", "4", "--no-attribution")

    def test_unsolved_paths_are_reported(self):
        self.write("claim.toml")
        text = (self.folder / "claim.toml").read_text()
        hurried = text.replace("sigma = 4", "sigma = 4\nnewton_limit = 1\nsweep_limit = 0\ntolerance = 1e-6")
        (self.folder / "claim.toml").write_text(hurried)
        answer = self.succeed("verdict", "claim.toml", "--paths", "20", "--no-attribution")
        self.assertIn("missed the solver's tolerance", answer.stderr)


if __name__ == "__main__":
    cli.main()
