"""What the program says, word for word. Usage: messages_test.py SOURCE_DIR BUILD_DIR"""

import os
import pty
import re
import subprocess

import cli
from cli import PROGRAM, SMOKE

BASELINE = cli.SOURCE / "configs" / "baseline.toml"
COUNT = "allowed: 1 to 1,000,000,000"
FAULT = "error: 1 fault in the config"

# Without names.
MARKET = '[[segment]]\nform = "linear"\nintercept = 10\nslope = 1\n[[firm]]\ncost = 1\n'

# What is typed -> what is said, on stderr, with exit code 2; S stands for the smoke scenario.
MESSAGES = [
    # Numbers: what is wrong, and the limits that hold.
    ("run S -n 1e400", "error: --paths: '1e400' is too large; the largest is 1,000,000,000"),
    ("run S -n 1e-400", f"error: --paths: '1e-400' is not a whole number; {COUNT}"),
    ("run S -n -1e400", f"error: --paths: '-1e400' is negative; {COUNT}"),
    ("run S -n ten", f"error: --paths: 'ten' is not a number; {COUNT}, written as 10000 or 1e4"),
    ("run S -n 1.5", f"error: --paths: '1.5' is not a whole number; {COUNT}"),
    (f"run S -n {'9' * 300}", f"error: --paths: '{'9' * 60}...' is too large; the largest is 1,000,000,000"),
    ("validate S --set market.sigma=1e400",
     "--set market.sigma=1e400: market.sigma: is beyond what a number holds here (1e400); allowed: 0, and numbers from 2.2e-308 to 1.8e308 of either sign\n"
     + FAULT),
    ("validate S --set scenario.name=北京",
     "--set scenario.name=北京: scenario.name: is no name (\"北京\"); allowed: the letters a to z and A to Z, digits, '_' "
     "and '-'\n" + FAULT),
    # A value given twice.
    ("run S --set market.sigma=5 --set market.sigma=6",
     "--set market.sigma=6: market.sigma: is given twice; first by --set market.sigma=5; leave one of them out\n" + FAULT),
    ("compare S --change market.sigma=5 --change market.sigma=6",
     "--change market.sigma=6: market.sigma: is given twice; first by --change market.sigma=5; leave one of them out\n"
     + FAULT),
    ("compare S --change market.sigma=-1",
     "--change market.sigma=-1: market.sigma: is out of range (-1); allowed: above 0 to 20\n" + FAULT),
    ("run S --set scenario.seed=3 --seed 4",
     "error: --seed 4: scenario.seed is given twice; first by --set scenario.seed=3; leave one of them out"),
    ('plan S --set scenario={name="x",seed=3} --seed 4',
     'error: --seed 4: scenario.seed is given twice; first by --set scenario={name="x",seed=3}; leave one of them out'),
    ("replay S --seed=4 --set scenario.seed=3",
     "error: --seed 4: scenario.seed is given twice; first by --set scenario.seed=3; leave one of them out"),
    ("compare S S --set scenario.seed=3 --seed 4",
     "error: --seed 4: scenario.seed is given twice; first by --set scenario.seed=3; leave one of them out"),
    ("compare S --change scenario.seed=3 --seed 4",
     "error: --seed 4: scenario.seed is given twice; first by --change scenario.seed=3; leave one of them out"),
    ("check a ./a", "error: 'a' and './a' are the same; leave one of them out"),
    ("run S -n 5 --paths 6", "error: option '--paths' is given twice; leave one of them out"),
    ("merge a ./a", "error: 'a' and './a' are the same; leave one of them out"),
    ("merge a a/result.nc", "error: 'a' and 'a/result.nc' are the same; leave one of them out"),
    ("report a a", "error: 'a' is given twice; leave one of them out"),
    ("verdict S S", f"error: '{SMOKE}' is given twice; leave one of them out"),
    ("compare S --change market.sigma=5 --measure utilisation --measure utilisation[us]",
     "error: --measure: 'utilisation[us]' is given twice; leave one of them out"),
    # Words that are nearly right, or not at all.
    ("run S -paths 5", "error: unknown option '-paths'; did you mean '--paths'?"),
    ("compare S --change market.sigma=5 --measure utilization", "error: --measure: there is no measure 'utilization'; did you mean 'utilisation'?"),
    ("verdict S --engine cuda", f"error: '{SMOKE}' has no [claim]; see docs/claims.md"),
    ("replay S --engine cud", "error: unknown engine 'cud'; did you mean 'cuda'?"),
    ("compare S S --engine scalar --device 0",
     "error: --device names GPUs, and --engine scalar runs on the CPU; leave one of them out"),
    # Paths are taken as they were typed.
    ("merge [x]", "error: there is no './[x]'; name the folder of a finished run, or the result.nc in it"),
    ("report [x,y]", "error: there is no './[x,y]'; name the folder of a finished run, or the result.nc in it"),
    ("run [x].toml", "error: no such file: '[x].toml'; name a scenario (TOML), such as configs/baseline.toml"),
    # Numbers as TOML does not write them.
    ("validate S --set market.sigma=.5",
     '--set market.sigma=.5: market.sigma: expected a number, found a string (".5"); TOML writes it as 0.5; allowed: above 0 '
     "to 20\n" + FAULT),
    ('validate S --set market.sigma="5"',
     '--set market.sigma="5": market.sigma: expected a number, found a string ("5"); write it without quotes, as 5; allowed: '
     "above 0 to 20\n" + FAULT),
    ("clear M --set segment.0.slope=2",
     "--set segment.0.slope=2: segment.0.slope: there is no segment '0'; to set keys of one without a name, write name = "
     '"..." into its [[segment]] in the file\n' + FAULT),
    # Nothing that a terminal would obey.
    ("run a\x1b[31m\nb", "error: no such file: 'a\\x1b[31m\\nb'; name a scenario (TOML), such as configs/baseline.toml"),
    ("run S --\x1b]0;x", "error: unknown option '--\\x1b]0;x'; see chokepoint run --help"),
]


class Messages(cli.CommandTest):
    def test_word_for_word(self):
        for typed, said in MESSAGES:
            (self.folder / "M").write_text(MARKET)
            arguments = [SMOKE if word == "S" else word for word in typed.split(" ")]
            with self.subTest(typed):
                self.assertEqual(self.refuse(2, "", *arguments).stderr, said + "\n")

    def test_empty_values(self):
        """Of every option that takes one, and of what stands without an option."""
        for command in ("run", "validate", "plan", "clear", "replay", "merge", "report", "compare", "check", "verdict"):
            help_text = self.succeed(command, "--help").stdout
            options = re.findall(r"^  (?:-\w,)?(--[\w-]+) (?!Excludes)[A-Z]+\b", help_text, re.M)
            self.assertTrue(options or command == "check")
            for option in options:
                for given in ([option, ""], [option + "="]):
                    self.refuse(2, [f"error: {option}: '' is empty; give a ", f", or leave {option} out"], command, SMOKE,
                                *given)
            self.refuse(2, ": '' is empty; give a ", command, "")
        self.assertEqual(self.refuse(2, "", "run", SMOKE, "-o", "").stderr,
                         "error: --out: '' is empty; give a DIR, or leave --out out\n")

    def test_a_dash_is_no_stream(self):
        for arguments in (["run", SMOKE, "--out", "-"], ["report", "x", "-o", "-"], ["clear", "-"], ["check", "x", "-"],
                          ["merge", "-", "x"], ["compare", SMOKE, "-o-"]):
            self.refuse(2, [": '-' does not mean a stream here; give a ", "or './-' if that is its name"], *arguments)
        self.assertEqual([], list(self.folder.glob("-*")))

    def test_a_folder_without_a_result(self):
        (self.folder / "[x]").mkdir()
        for command in ("merge", "report"):
            self.assertEqual(self.refuse(2, "", command, "[x]").stderr,
                             "error: './[x]' is a folder without a result: it holds no result.nc; name the folder of a "
                             "finished run\n")

    def test_two_forms_of_a_verdict(self):
        self.refuse(2, "--json excludes --markdown", "verdict", SMOKE, "--json", "--markdown")

    def test_names_are_suggested_once(self):
        answer = self.refuse(2, "", "run", SMOKE, "--exact-quantiles", "nosuch").stderr
        names = re.findall("'([^']*)'", answer)[1:]
        self.assertEqual(len(names), 5)
        self.assertEqual(len(set(names)), 5, answer)

    def test_near_names_of_a_long_list(self):
        answer = self.refuse(2, "", "compare", SMOKE, "--change", "market.sigma=5", "--measure", "nosuch").stderr
        self.assertRegex(answer, r"^error: --measure: there is no measure 'nosuch'; allowed: \d+ names, such as '[a-z]")
        answer = self.refuse(2, "", "run", SMOKE, "--exact-quantiles", "nosuch").stderr
        self.assertRegex(answer, r"there is no measure 'nosuch'; allowed: \d+ names, such as '[a-z]")

    def test_keys_and_values_are_cut(self):
        for key, value in [("k" * 100_000, "1"), ("market.sigma", "v" * 4000)]:
            self.assertLess(len(self.refuse(2, "...", "validate", SMOKE, "--set", f"{key}={value}").stderr), 1000)

    def test_a_change_may_change_what_is_set(self):
        answer = self.succeed("compare", SMOKE, "--set", "market.sigma=5", "--change", "market.sigma=6", "-n", 8, "--json")
        self.assertIn("sigma = 6", answer.stdout)

    def test_one_walk_of_the_base_on_the_engine_that_is_named(self):
        answer = self.succeed("compare", SMOKE, "--change", "market.sigma=5", "-n", 8)
        self.assertIn(" on simd, ", answer.stdout)

    def test_a_region_without_providers_is_remarked_on(self):
        text = SMOKE.read_text()
        text += '\n[[region]]\nname = "sea"\npower_mw = 1\nelectricity_usd_per_kwh = 0.1\n'
        (self.folder / "empty.toml").write_text(text)
        self.refuse(2, ["region.sea: has no provider and no segment, so nothing happens in it; give it one of them, or"],
                    "validate", "empty.toml")
        importers = '[[segment]]\nname = "importers"\nhome = "sea"\ndemand_kh100e = 1\ntrade_cost = { us = 1.1 }\n'
        (self.folder / "importer.toml").write_text(text + importers)
        answer = self.succeed("validate", "importer.toml")
        self.assertEqual(answer.stderr, "warning: importer.toml: region.sea has no provider, so nothing is rented there and "
                                        "it has no price\n")


class Colours(cli.CommandTest):
    def on_terminal(self, **environment):
        """What the program writes to a terminal as stderr."""
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        variables = {**{name: value for name, value in os.environ.items() if name != "NO_COLOR"}, "TERM": "xterm", **environment}
        subprocess.run([PROGRAM, "run", "nowhere.toml"], stderr=follower, cwd=self.folder, env=variables, check=False)
        os.close(follower)
        return os.read(leader, 10_000).decode()

    def test_a_terminal_has_colours_unless_they_are_refused(self):
        self.assertIn("\x1b[", self.on_terminal())
        self.assertNotIn("\x1b", self.on_terminal(NO_COLOR="1"))
        self.assertIn("\x1b[", self.on_terminal(NO_COLOR=""))  # as no-color.org has it

    def test_a_file_has_none(self):
        self.assertNotIn("\x1b", self.call("run", "nowhere.toml", env={**os.environ, "TERM": "xterm"}).stderr)


if __name__ == "__main__":
    cli.main()
