"""The command `chokepoint clear` as a user meets it. Usage: clear_test.py SOURCE_DIR BUILD_DIR"""

import json

import cli

MARKETS = cli.SOURCE / "configs" / "markets"
LINEAR = "[[segment]]\nform = 'linear'\nintercept = 10\nslope = 1\n"
FIRM = "[[firm]]\nname = 'a'\ncost = 1\n"
TWO = "[[market]]\nname = 'x'\n[[market]]\nname = 'y'\n"


class Markets(cli.CommandTest):
    def solved(self, name, *overrides):
        arguments = [word for override in overrides for word in ("--set", override)]
        return json.loads(self.succeed("clear", MARKETS / f"{name}.toml", "--json", *arguments).stdout)

    def test_every_market_of_the_project_clears(self):
        for file in sorted(MARKETS.glob("*.toml")):
            answer = self.succeed("clear", file)
            self.assertIn("HHI", answer.stdout, file)
            self.assertEqual(answer.stderr, "", file)
            whole = json.loads(self.succeed("clear", file, "--json").stdout)
            self.assertTrue(whole["solved"], file)
            self.assertLess(whole["residual"], 1e-6, file)

    def test_published_figures(self):
        murphy = self.solved("murphy_cournot")
        self.assertAlmostEqual(murphy["markets"][0]["price"], 18.3006, delta=5e-5)
        self.assertAlmostEqual(murphy["markets"][0]["hhi"], 2007.31, delta=5e-3)
        table = self.succeed("clear", MARKETS / "murphy_cournot.toml").stdout
        for figure in ("18.3006", "36.9325", "2007.31", "solved in"):
            self.assertIn(figure, table)

    def test_overrides(self):
        base = self.solved("murphy_cournot")
        dearer = self.solved("murphy_cournot", "firm.one.cost=12", "segment.buyers.elasticity=1.2")
        self.assertLess(dearer["firms"][0]["quantity"], base["firms"][0]["quantity"])
        shares = self.solved("hhi_four_firms", "shares=[50, 25, 25]")["markets"][0]
        self.assertAlmostEqual(shares["hhi"], 3750, delta=1e-9)
        self.assertIsNone(shares["price"])
        barred = ("segment.eastern.trade_cost.west=barred", "segment.western.trade_cost.east=barred")
        east = self.solved("two_regions_trade", *barred)["markets"][1]
        self.assertAlmostEqual(east["price"], 6 ** (1 / 1.2), delta=1e-9)

    def test_unsolved_is_said_and_ends_in_4(self):
        """Two monopolies whose buyers find no way round: prices run away."""
        markets = "".join(f"[[market]]\nname = '{m}'\n[[firm]]\nmarket = '{m}'\ncost = 1\n" for m in "xy")
        file = self.folder / "runaway.toml"
        file.write_text(markets + "[[segment]]\nquantity = 9\nelasticity = 0.3\nsigma = 1.2\n")
        answer = self.call("clear", file, "--json")
        self.assertEqual(answer.returncode, 4, answer.stderr)
        self.assertFalse(json.loads(answer.stdout)["solved"])
        self.assertIn("no clearing prices", answer.stderr)


class BadInput(cli.CommandTest):
    def refused(self, text, *words, overrides=()):
        """A file with this text is refused with exit code 2 and a message that holds the words."""
        file = self.folder / "bad.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.refuse(2, words, "clear", file, *(word for override in overrides for word in ("--set", override)))

    def test_keys_and_values(self):
        self.refused("", "has no firm")
        self.refused("[[firm]\n", "bad.toml:1:")
        self.refused(LINEAR + FIRM + "capasity = 3\n", "bad.toml:8:1", "unknown key", "did you mean 'capacity'")
        self.refused(LINEAR + "[[firm]]\ncost = -1\n", "bad.toml:6:8", "out of range")
        self.refused(LINEAR + "[[firm]]\ncost = nan\n", "not finite")
        self.refused(LINEAR + "[[firm]]\ncost = 'cheap'\n", "expected a number")
        self.refused(LINEAR + "[[firm]]\nname = 'a'\n", "firm.a.cost", "is missing")
        self.refused(LINEAR + FIRM + FIRM, "is given twice")

    def test_one_fault_is_told_once(self):
        for text in (
            "[[segment]]\nquantity = 9\nelasticity = 500\n" + FIRM,
            "[[segment]]\nform = 'cubic'\n" + FIRM,
            LINEAR + "[[firm]]\ncost = -1\n",
            LINEAR + FIRM + "conduct = 0\ncapacity = -1\n",
            TWO + LINEAR + "market = 3\n" + FIRM + "market = 'x'\n",
        ):
            (self.folder / "bad.toml").write_text(text)
            faults = self.refuse(2, "bad.toml:", "clear", "bad.toml").stderr.count("bad.toml:")
            self.assertEqual(faults, 1, text)

    def test_what_does_not_fit_together(self):
        self.refused(LINEAR + FIRM + "market = 'mars'\n", "there is no market 'mars'")
        self.refused(LINEAR + FIRM + "conduct = 0\n", "without limit")
        self.refused(LINEAR + FIRM + "quantity = 3\n", "has no meaning here")
        self.refused(FIRM, "has no buyers")
        self.refused(LINEAR + "elasticity = 2\n" + FIRM, "has no meaning here")
        self.refused("[[segment]]\nquantity = 9\n" + FIRM, "segment[0].elasticity", "is missing")
        self.refused("[[segment]]\nform = 'cubic'\n" + FIRM, "'isoelastic' or 'linear'")
        self.refused("[[segment]]\nquantity = 9\nelasticity = 0.9\n" + FIRM, "no price is high enough")
        segment = "[[segment]]\nquantity = 9\nelasticity = 2\nsigma = 1.5\n"
        self.refused(TWO + segment + FIRM + "market = 'x'\n", "above the elasticity")
        self.refused(TWO + LINEAR + "market = 'x'\n" + FIRM, "firm.a.market", "is missing")

    def test_lists_of_shares(self):
        self.refused("shares = [1, 'two']\n", "bad.toml:1:14", "is no amount")
        self.refused("shares = []\n", "no list of amounts")
        self.refused("shares = 5\n", "no list of amounts")

    def test_files_that_are_none(self):
        self.refused(b"\x00\xff\xfe", "bad.toml:1")
        self.refused("a." * 5000 + "b = 1\n", "very many parts")
        self.refused("#" * (1 << 20) + "\n", "more than a config may")

    def test_overrides(self):
        self.refused(LINEAR + FIRM, "unknown key 'cots'", "did you mean 'cost'", overrides=["firm.a.cots=2"])
        self.refused(LINEAR + FIRM, "there is no firm 'b'", overrides=["firm.b.cost=2"])
        self.refused(LINEAR + FIRM, "is no override", overrides=["firm"])
        self.refused(LINEAR + FIRM, "leads to no value", overrides=["firm.a=2"])
        self.refused(LINEAR + FIRM, "--set firm.a.cost=-2", "out of range", overrides=["firm.a.cost=-2"])

    def test_arguments(self):
        self.refuse(2, "config", "clear")
        self.refuse(2, "none.toml", "clear", MARKETS / "none.toml")
        self.refuse(2, "is a directory", "clear", MARKETS)
        self.refuse(2, "did you mean '--json'?", "clear", MARKETS / "scarcity.toml", "--jsno")


if __name__ == "__main__":
    cli.main()
