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
            self.assertLessEqual(whole["residual"], 1e-13, file)

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

    def test_no_equilibrium_is_said_with_its_reason_and_ends_in_4(self):
        """Two monopolies whose buyers find no way round: prices would rise without end."""
        markets = "".join(f"[[market]]\nname = '{m}'\n[[firm]]\nmarket = '{m}'\ncost = 1\n" for m in "xy")
        file = self.folder / "runaway.toml"
        file.write_text(markets + "[[segment]]\nquantity = 9\nelasticity = 0.3\nsigma = 1.2\n")
        answer = self.call("clear", file, "--json")
        self.assertEqual(answer.returncode, 4, answer.stderr)
        result = json.loads(answer.stdout)
        self.assertFalse(result["solved"])
        self.assertEqual(result["markets"][0]["status"], "no equilibrium")
        self.assertIsNone(result["markets"][0]["price"])
        self.assertIn("runaway.toml: market x: no equilibrium exists, because what buyers can switch", answer.stderr)
        file.write_text("[[segment]]\nquantity = 9\nelasticity = 0.9\n" + FIRM)
        answer = self.call("clear", file)
        self.assertEqual(answer.returncode, 4, answer.stderr)
        self.assertIn("at most 0.9, is not above 1", answer.stderr)
        self.assertIn("no equilibrium", answer.stdout)

    def test_who_gains_and_who_owns(self):
        file = self.folder / "owners.toml"
        file.write_text("[[segment]]\nquantity = 9\nelasticity = 1\n[[segment]]\nquantity = 9\nelasticity = 3\n"
                        "[[firm]]\nname = 'a'\nowner = 'all'\ncost = 1\ncapacity = 2\nconduct = 0\n"
                        "[[firm]]\nname = 'b'\nowner = 'all'\ncost = 1\ncapacity = 1\nconduct = 0\n"
                        "[[firm]]\nname = 'c'\ncost = 50\n")
        answer = json.loads(self.succeed("clear", file, "--json").stdout)
        market, firms = answer["markets"][0], answer["firms"]
        self.assertIsNone(answer["segments"][0]["consumer_surplus"])
        self.assertTrue(answer["segments"][0]["consumer_surplus_is_infinite"])
        self.assertIsNone(answer["consumer_surplus"])
        self.assertAlmostEqual(answer["segments"][1]["consumer_surplus"], answer["segments"][1]["expenditure"] / 2, 12)
        self.assertAlmostEqual(firms[0]["profit"], 2 * (market["price"] - 1), 12)
        self.assertIsNone(firms[2]["lerner"])
        self.assertAlmostEqual(market["owners_hhi"], 10000, 9)
        self.assertEqual([owner["name"] for owner in answer["owners"]], ["all", "c"])
        table = self.succeed("clear", file).stdout
        for words in ("infinite: at an elasticity of at most 1", "undefined", "HHI of owners", "profit"):
            self.assertIn(words, table)


    def test_cleared_means_that_no_firm_gains_by_another_output(self):
        """A monopolist's two peaks, 1.399 and 10.98 (profits from scipy); with a rival there is no answer at all."""
        file = self.folder / "mix.toml"
        segments = "[[segment]]\nquantity = 100\nelasticity = 6\n[[segment]]\nquantity = 20\nelasticity = 1.1\n"
        file.write_text(segments + FIRM)
        answer = json.loads(self.succeed("clear", file, "--json").stdout)
        self.assertAlmostEqual(answer["markets"][0]["price"], 10.980535313173402, 11)
        self.assertAlmostEqual(answer["firms"][0]["profit"], 14.305902236784195, 11)
        self.assertEqual(answer["markets"][0]["other_prices"], [])
        file.write_text(segments + FIRM + "[[firm]]\nname = 'b'\ncost = 1.6\n")
        answer = self.call("clear", file)
        self.assertEqual(answer.returncode, 4, answer.stderr)
        self.assertIn("no equilibrium exists, because at every price that meets", answer.stderr)
        self.assertIn("a earns 10.8376, and would earn 14.3059 at one of 10.98", answer.stderr)

    def test_further_equilibria_are_named(self):
        file = self.folder / "two.toml"
        file.write_text("[[segment]]\nquantity = 100\nelasticity = 8\n[[segment]]\nquantity = 20\nelasticity = 0.6\n"
                        + FIRM + "conduct = 0.5\n")
        table = self.succeed("clear", file).stdout
        self.assertIn("further equilibria    at 5.99676; the one with the lowest prices is shown", table)
        self.assertIn("price                 1.09172", table)

    def test_what_is_nothing_is_printed_as_nothing(self):
        file = self.folder / "idle.toml"
        file.write_text(LINEAR + FIRM + "[[firm]]\nname = 'b'\ncost = 9.9\n")
        self.assertNotIn("-0.0", self.succeed("clear", file).stdout)
        shares = self.succeed("clear", MARKETS / "hhi_four_firms.toml").stdout
        self.assertIn("market: shares only", shares)
        self.assertNotIn("no demand", shares)


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

    def test_one_fault_is_reported_once(self):
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
        segment = "[[segment]]\nquantity = 9\nelasticity = 2\nsigma = 1.5\n"
        self.refused(TWO + segment + FIRM + "market = 'x'\n", "above the elasticity")
        self.refused(TWO + LINEAR + "market = 'x'\n" + FIRM, "firm.a.market", "is missing")

    def test_the_whole_of_two_messages(self):
        """One fault, one line, and no other that follows from it."""
        segment = "[[segment]]\nquantity = 10\nelasticity = 2\n"
        for text, said in [(segment + "weight = { a = 1 }\n" + FIRM,
                            "4:10: segment[0].weight: has no meaning here; there is one market to buy in; take out the key"),
                           (segment + "trade_cost = { market = 'barred' }\n" + FIRM,
                            "4:14: segment[0].trade_cost: leaves no market to buy in; take out what bars the segment from one "
                            "of them"),
                           ("shares=[50,-50]\n", "1:12: shares[1]: is no amount (-50); allowed: 0 or more"),
                           (LINEAR.replace("form = 'linear'\n", "") + FIRM,
                            "1:1: segment[0].form: is missing beside the keys of a linear demand; write form = \"linear\" "
                            "for p = intercept - slope Q")]:
            file = self.folder / "bad.toml"
            file.write_text(text)
            self.assertEqual(self.refuse(2, "", "clear", file).stderr, f"{file}:{said}\nerror: 1 fault in the config\n")

    def test_keys_that_would_be_ignored(self):
        """Whatever changes nothing is a fault at its place: line, key, and what to do."""
        fixed = LINEAR + "[[firm]]\nname = 'a'\nquantity = 3\n"
        for key in ("cost", "slope", "capacity_scale", "beta", "capacity", "conduct", "dispersion"):
            self.refused(f"{fixed}{key} = 0.5\n", "bad.toml:8:", f"firm.a.{key}", "has no meaning here", "take out")
        self.refused(LINEAR + FIRM + "dispersion = 0.1\n", "bad.toml:8:", "firm.a.dispersion", "give a capacity")
        free = LINEAR + FIRM.replace("cost = 1", "cost = 0") + "capacity = 3\n"
        self.refused(free + "dispersion = 0.1\n", "bad.toml:9:", "firm.a.dispersion", "the cost is 0")
        self.refused(LINEAR + FIRM + "beta = 2\n", "bad.toml:8:", "firm.a.beta", "rising cost")
        self.refused(LINEAR + FIRM + "capacity_scale = 2\n", "bad.toml:8:", "firm.a.capacity_scale")
        rising = LINEAR + FIRM + "slope = 1\n"
        self.refused(rising + "capacity = 3\n", "firm.a.capacity_scale", "is missing beside a capacity", "say 3")
        self.refused(rising + "capacity = 3\ncapacity_scale = 3\ndispersion = 0.1\n", "firm.a.dispersion",
                     "constant cost")
        self.refused(LINEAR + "price = 2\n" + FIRM, "bad.toml:5:", "segment[0].price", "linear")
        nested = "[[segment]]\nname = 's'\nquantity = 9\nelasticity = 2\n"
        self.refused(nested + "sigma = 3\n" + FIRM, "bad.toml:5:", "segment.s.sigma", "one market")
        self.refused(nested + "weight = { market = 2 }\n" + FIRM, "segment.s.weight", "one market")
        self.refused(nested + "trade_cost = { market = 2 }\n" + FIRM, "trade_cost", "changes nothing")
        firms = FIRM + "market = 'x'\n[[firm]]\nmarket = 'y'\ncost = 1\n"
        weighed = TWO + nested + "sigma = 3\nweight = { x = 2 }\n"
        self.refused(weighed + firms, "segment.s.weight.y", "is missing", "0 bars")
        self.refused(LINEAR + FIRM + "[solver]\nkink = 1e-6\n", "unknown key")

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
