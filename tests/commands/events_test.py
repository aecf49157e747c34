"""Events whose measure has no value on some or all paths: counted apart, in every output. Usage: events_test.py SOURCE_DIR
BUILD_DIR"""

import json

import cli
from cli import SMOKE

# No chip is made in us; users-cn's market n910 has a price always; flows have no value in month 0.
NEVER = '[[event]]\nname = "no-chips-of-its-own"\nmeasure = "domestic_install_share[us]"\nbelow = 0.5\n'
FLOW = '[[event]]\nname = "installs"\nmeasure = "chip_installs[us]"\nabove = 1e9\n'
RELATIVE = '[[event]]\nname = "twice"\nmeasure = "chip_installs[us]"\nabove = 2\nrelative = true\n'
# The region empties where its providers leave: from then on nobody knows its price.
EMPTIED = '[[event]]\nname = "dear"\nmeasure = "regional_price[cn]"\nabove = 1e5\n'
LEAVING = ["provider.alpha-cn.deep_pockets=false", "provider.alpha-cn.runway_months=1",
           "provider.civic.deep_pockets=false", "provider.civic.runway_months=3", "segment.users-cn.demand_kh100e=20",
           "segment.lab-us.trade_cost={}"]


class Events(cli.CommandTest):
    def config(self, *events):
        path = self.folder / "events.toml"
        path.write_text(f'extends = "{SMOKE}"\n[scenario]\nname = "events"\n' + "".join(events))
        return path

    def event(self, out, name):
        return next(e for e in self.summary(out)["events"] if e["name"] == name)

    def test_an_event_that_is_never_defined_has_no_probability(self):
        answer = self.succeed("run", self.config(NEVER), "--paths", 64, "--out", "out")
        event = self.event("out", "no-chips-of-its-own")
        self.assertIsNone(event["probability"])
        self.assertEqual(event["interval_95"], [None, None])
        self.assertEqual((event["undefined_paths"], event["undefined_share"]), (64, 1.0))
        self.assertIn("no-chips-of-its-own is undefined on 64 paths (100.0 %)", answer.stdout)
        self.assertNotIn("- to -", answer.stdout)
        self.assertIn("event no-chips-of-its-own is undefined on all paths", answer.stderr)
        self.succeed("report", "out", "--out", "page.html")
        self.assertIn('"undefined_paths":64', (self.folder / "page.html").read_text().replace(" ", ""))

    def test_nothing_is_a_multiple_of_a_start_of_zero(self):
        for measure in ("price_change[user]", "exits"):
            event = f'[[event]]\nname = "more"\nmeasure = "{measure}"\nabove = 1.5\nrelative = true\n'
            self.refuse(2, ["event.more.relative", f"'{measure}' is 0"], "validate", self.config(event))

    def test_an_event_agrees_with_a_claim(self):
        config = self.config(EMPTIED, '[claim]\nsentence = "dear"\nsource = "test"\npredicate = "occurs(regional_price[cn] '
                             '> 1e5)"\n')
        changes = [text for change in LEAVING for text in ("--set", change)]
        self.succeed("run", config, "--paths", 64, "--quiet", "--out", "out", *changes)
        event = self.event("out", "dear")
        text = self.succeed("validate", config, "--resolved", *changes).stdout
        (self.folder / "claim.toml").write_text(text)
        claim = json.loads(self.succeed("verdict", "claim.toml", "--paths", 64, "--json", "--no-attribution").stdout)
        verdict = claim["claims"][0] if "claims" in claim else claim[0]
        self.assertGreater(event["undefined_paths"], 0)
        # Whatever became of the paths on which nobody knows: they may all be such, or none.
        defined = 64 - event["undefined_paths"]
        least = event["probability"] * defined / 64 if defined else 0
        self.assertEqual(event["share_of_all_paths"], [least, least + event["undefined_share"]])
        self.assertIn(event["undefined_paths"], numbers_of(verdict), verdict)

    def test_of_all_paths_it_occurs_on_at_least_those_that_decide(self):
        """A market that hardly ever has a price: whoever sees one sees the event, and nobody knows of the others."""
        event = '[[event]]\nname = "rare"\nmeasure = "rental_price[us,n910]"\nabove = 2.5\n'
        answer = self.succeed("run", self.config(event), "--paths", 512, "--out", "out")
        event = self.event("out", "rare")
        seen = 512 - event["undefined_paths"]
        self.assertTrue(0 < seen < 256, seen)
        self.assertEqual((event["probability"], event["share_of_all_paths"]), (1.0, [seen / 512, 1.0]))
        self.assertIn(f"of all paths it occurs on {100 * seen / 512:.1f} % to 100.0 %", answer.stdout)

    def test_a_flow_is_looked_for_from_month_one(self):
        self.succeed("run", self.config(FLOW), "--paths", 64, "--quiet", "--out", "out")
        event = self.event("out", "installs")
        self.assertEqual((event["probability"], event["undefined_paths"]), (0.0, 0))

    def test_a_multiple_of_what_month_zero_has_none_of_is_refused(self):
        self.refuse(2, ["event.twice.relative", "has no value: flows begin with month 1", "leave `relative` out"],
                    "run", self.config(RELATIVE))

    def test_parts_merge_and_engines_agree(self):
        config = self.config(NEVER, EMPTIED)
        changes = [text for change in LEAVING for text in ("--set", change)]
        run = ["run", config, *changes, "--quiet"]
        self.succeed(*run, "--paths", 64, "--out", "whole")
        self.succeed(*run, "--paths", 40, "--out", "a")
        self.succeed(*run, "--paths", 24, "--first-path", 40, "--out", "b")
        self.succeed("merge", "a", "b", "--quiet", "--out", "merged")
        self.succeed(*run, "--paths", 64, "--engine", "scalar", "--out", "scalar")
        whole = self.summary("whole")
        for other in ("merged", "scalar"):
            self.assertEqual(self.summary(other)["digest"], whole["digest"])
            self.assertEqual(self.summary(other)["events"], whole["events"])


def numbers_of(tree):
    """All numbers in JSON."""
    if isinstance(tree, dict):
        return [n for branch in tree.values() for n in numbers_of(branch)]
    if isinstance(tree, list):
        return [n for branch in tree for n in numbers_of(branch)]
    return [tree] if isinstance(tree, (int, float)) else []


if __name__ == "__main__":
    cli.main()
