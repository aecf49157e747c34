"""Arguments, help and hints. Usage: usage_test.py SOURCE_DIR BUILD_DIR"""

import json

import cli
from cli import SMOKE

COMMANDS = ["run", "validate", "plan", "clear", "replay", "merge", "report", "doctor", "schema"]


class Help(cli.CommandTest):
    def test_version(self):
        self.assertRegex(self.succeed("--version").stdout, r"^chokepoint \d+\.\d+\.\d+ \(commit ")

    def test_help_goes_to_stdout_and_names_every_command(self):
        text = self.succeed("--help").stdout
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", text)

    def test_every_command_has_help_with_examples(self):
        for command in COMMANDS:
            text = self.succeed(command, "--help").stdout
            self.assertIn(f"chokepoint {command}", text)
            self.assertIn("Examples:", text)
            self.assertEqual(text, self.succeed("help", command).stdout)

    def test_help_wins_over_whatever_else_is_there(self):
        self.succeed("run", "--paths", "nonsense", "--help")
        self.succeed("run", "nowhere.toml", "-h")


class Typos(cli.CommandTest):
    def test_no_command(self):
        self.refuse(2, "no command given; see chokepoint --help")

    def test_command(self):
        self.refuse(2, "unknown command 'rnu'; did you mean 'run'?", "rnu", SMOKE)
        self.refuse(2, "did you mean 'validate'?", "valdiate", SMOKE)
        self.refuse(2, "unknown command 'xyzzy'; see chokepoint --help", "xyzzy")

    def test_option(self):
        self.refuse(2, "unknown option '--pahts'; did you mean '--paths'?", "run", SMOKE, "--pahts", "10")
        self.refuse(2, "unknown option '--pahts'; did you mean '--paths'?", "run", "--pahts=10")
        self.refuse(2, "unknown option '--xyzzy'; see chokepoint run --help", "run", SMOKE, "--xyzzy")
        self.refuse(2, "unknown option '-z'", "run", SMOKE, "-z")
        self.refuse(2, "unknown option '--verison'; did you mean '--version'?", "--verison")

    def test_words(self):
        self.refuse(2, "unknown engine 'sclar'; did you mean 'scalar'?", "run", SMOKE, "--engine", "sclar")
        self.refuse(2, "unknown instruction set 'avx51'", "run", SMOKE, "--isa", "avx51")

    def test_config(self):
        (self.folder / "mine.toml").write_text("")
        self.refuse(2, "no such file: 'mien.toml'; did you mean 'mine.toml'?", "run", "mien.toml")
        self.refuse(2, "config is required; see chokepoint run --help", "run")
        self.refuse(2, "see chokepoint run --help", "run", SMOKE, SMOKE)

    def test_key(self):
        self.refuse(2, ["market.sigm", "sigma"], "validate", SMOKE, "--set", "market.sigm=3")
        self.refuse(2, "--set", "validate", SMOKE, "--set", "nonsense")


class Numbers(cli.CommandTest):
    def paths(self, text):
        return self.refuse(2, f"--paths: '{text}' ", "run", SMOKE, "--paths", text).stderr

    def test_what_is_refused(self):
        self.assertIn("is too large", self.paths("1e18"))
        self.assertIn("is too large", self.paths("99999999999999999999999999"))
        self.assertIn("is too large", self.paths("inf"))
        self.assertIn("is negative", self.paths("-5"))
        self.assertIn("is not a whole number", self.paths("1.5"))
        self.assertIn("is not a number", self.paths("nan"))
        self.assertIn("is not a number", self.paths("ten"))
        self.assertIn("is not a number", self.paths("10x"))
        self.assertIn("is too small", self.paths("0"))
        self.refuse(2, "--threads: '-1' is negative", "run", SMOKE, "--threads", "-1")
        self.refuse(2, "--seed: '1e30' is too large", "run", SMOKE, "--seed=1e30")
        self.refuse(2, "--batch: '0.5' is not a whole number", "run", SMOKE, "--batch", "0.5")
        self.refuse(2, "--first-path", "run", SMOKE, "--first-path", "")
        self.refuse(2, "'4611686018427387905' is too large; the largest is 4,611,686,018,427,387,904", "run", SMOKE,
                    "--first-path", 2**62 + 1)

    def test_devices(self):
        for text in ["x", "", "0,", "-1", "0.5", "9999"]:
            self.refuse(2, "--device: ", "run", SMOKE, "--device", text)
        self.refuse(2, "--device: 1 is given twice", "run", SMOKE, "--device", "1,0,1")
        self.refuse(2, "--device names GPUs, and --engine simd runs on the CPU", "plan", SMOKE, "--engine", "simd", "--device", "0")
        self.refuse(2, "cleared in double", "clear", cli.SOURCE / "configs/markets/kreps_scheinkman.toml", "--engine", "simd")

    def test_powers_and_large_seeds(self):
        plan = json.loads(self.succeed("plan", SMOKE, "--paths", "1.28e2", "--json").stdout)
        self.assertEqual(plan["paths"], 128)
        plan = json.loads(self.succeed("plan", SMOKE, "-n", "8", "--seed", str(2**64 - 1), "--json").stdout)
        self.assertEqual(plan["seed"], 2**64 - 1)

    def test_nonsense(self):
        for arguments in [[""], ["-"], ["--"], ["run", "--"], ["run", ""], ["run", "/"], ["run", "."], ["--paths", "5"],
                          ["run", "run"], ["\xff\xfe"], ["merge"], ["replay", SMOKE, "--path"], ["run", SMOKE, "--set"],
                          ["run", SMOKE, "--json=maybe"]]:
            self.refuse(2, "error: ", *arguments)
        self.refuse(2, "option '--json' takes no value", "run", SMOKE, "--json=maybe")
        self.refuse(2, "option '--paths' needs a value", "run", SMOKE, "--paths")
        self.refuse(2, "unexpected argument: x", "run", SMOKE, "x")
        self.refuse(2, "--paths: '-5' is negative", "run", SMOKE, "-n", "-5")
        self.refuse(2, "option '--paths' is given twice", "run", SMOKE, "--paths", "1", "--paths=2")


class OtherCommands(cli.CommandTest):
    def test_validate(self):
        self.assertIn("valid", self.succeed("validate", SMOKE).stdout)
        self.assertTrue(json.loads(self.succeed("validate", SMOKE, "--json").stdout)["valid"])

    def test_validate_tells_all_faults_at_once_with_their_places(self):
        text = SMOKE.read_text().replace("months = 24", "months = -24").replace("[sentiment]", "[sentimnet]")
        (self.folder / "bad.toml").write_text(text)
        answer = self.refuse(2, ["scenario.months", "sentimnet", "faults in the config"], "validate", "bad.toml")
        line = text[: text.index("months = -24")].count("\n") + 1
        self.assertIn(f"bad.toml:{line}:10: ", answer.stderr)
        answer = self.call("validate", "bad.toml", "--json")
        self.assertEqual(answer.returncode, 2)
        faults = json.loads(answer.stdout)["faults"]
        self.assertGreaterEqual(len(faults), 2)
        self.assertIn(line, [fault["line"] for fault in faults])

    def test_configs_that_are_none(self):
        (self.folder / "empty.toml").write_text("")
        (self.folder / "noise.toml").write_bytes(bytes(range(256)) * 16)
        with open(self.folder / "huge.toml", "wb") as file:
            file.truncate(100 << 20)
        for name in ["empty.toml", "noise.toml", "huge.toml"]:
            self.assertLess(len(self.refuse(2, name, "validate", name).stderr), 5000)

    def test_doctor(self):
        facts = json.loads(self.succeed("doctor", "--json").stdout)
        self.assertTrue(facts["floating point good"])
        self.assertIn("portable", facts["instruction sets"])
        self.assertIn("GPU", self.succeed("doctor").stdout)

    def test_schema(self):
        self.assertIn("properties", json.loads(self.succeed("schema").stdout))
        self.assertIn("| ", self.succeed("schema", "--markdown").stdout)

    def test_plan_writes_nothing(self):
        before = self.everything()
        text = self.succeed("plan", SMOKE, "--paths", "1e6").stdout
        for word in ["1,000,000", "memory", "time", "result.nc"]:
            self.assertIn(word, text)
        self.assertRegex(text, r"time      about .*, at [\d,]+ paths/s\n +\d{1,2} % of it for tallying\n")
        share = json.loads(self.succeed("plan", SMOKE, "--paths", "1e6", "--json").stdout)["tally_share_of_time"]
        self.assertTrue(0 < share < 1, share)
        self.assertEqual(self.everything(), before)


if __name__ == "__main__":
    cli.main()
