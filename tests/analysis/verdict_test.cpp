#include "chokepoint/verdict.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "analysis/markdown.hpp"
#include "analysis/verdict_text.hpp"
#include "scenario/edited.hpp"
#include "temporary_folder.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// The small config with a regime that leaves its window each month with chances 0.1 to open, 0.2 to a quota, 0.1 to a
/// ban, and never leaves those; the rest of the config has no part in it.
std::string chain_text(const std::string& claim) {
  return edited(minimal_text(), "schedule = [{ date = \"2026-09\", regime = \"ban\" }]\n", "") + "\n[claim]\n" + claim;
}

constexpr const char* banned =
    "number = 7\nsentence = \"It is banned\"\npredicate = \"occurs(regime[frontier,cn] > 2.5)\"\n";

Scenario scenario_with(const std::string& claim) {
  return read_scenario_text(chain_text(claim), "chain.toml");
}

VerdictOptions options_for(std::uint64_t paths, bool attribution = false, int threads = 3) {
  VerdictOptions options;
  options.run.paths = paths;
  options.run.seed = 11;
  options.run.threads = threads;
  options.attribution = attribution;
  return options;
}

/// Four and a half standard errors: one run in 150,000 misses it by chance.
double slack(double probability, std::uint64_t paths) {
  return 4.5 * std::sqrt(probability * (1 - probability) / static_cast<double>(paths));
}

TEST(VerdictText, OfAConfigIsNoMarkdown) {
  Verdict verdict;
  verdict.sentence = "a | b\n<b>c</b> *d* `e` [f](g)\\";
  verdict.source = "x_y";
  verdict.title = "t|t";
  verdict.answer.given = "a `b` c";
  verdict.limits = "one\n\ntwo";
  const std::string text = verdict_markdown({&verdict, 1});
  EXPECT_NE(text.find(R"(|  | a \| b &lt;b>c&lt;/b> \*d\* `e` \[f](g)\\ (x_y) | 0.00 % |)"), std::string::npos) << text;
  EXPECT_NE(text.find("**t|t**"), std::string::npos) << text;
  EXPECT_NE(text.find("- given: `` a `b` c ``\n"), std::string::npos) << text;
  EXPECT_NE(text.find("- limits: one two\n"), std::string::npos) << text;
  EXPECT_EQ(verdict_table({&verdict, 1}).find("a | b\n"), std::string::npos);
}

TEST(Markdown, EscapesNothingThatReadsTheSameWithout) {
  for (const char* text : {"export_regime", "outside `given`", "2 * 3 < 7 & 8 > 1", "rental_price[cn,h200]", "a ~ b",
                           "#1", "`` a ` b_ ``", "x <", "C:\\dir", "`<b> & *c*`"}) {
    EXPECT_EQ(markdown_text(text), text);
    EXPECT_EQ(markdown_cell(text), text);
  }
}

TEST(Markdown, EscapesWhatWouldBeRead) {
  EXPECT_EQ(markdown_text("a `b"), "a \\`b");
  EXPECT_EQ(markdown_text("_a_ *b* ~c~"), "\\_a\\_ \\*b\\* \\~c\\~");
  EXPECT_EQ(markdown_text("[a](b) ![c](d)"), "\\[a](b) !\\[c](d)");
  EXPECT_EQ(markdown_text("<script> <!-- &lt; &#60;"), "&lt;script> &lt;!-- &amp;lt; &amp;#60;");
  EXPECT_EQ(markdown_text("\\* a|b"), "\\\\\\* a|b");
  EXPECT_EQ(markdown_cell("a|b `c|d`"), "a\\|b `c\\|d`");
  EXPECT_EQ(markdown_text("a\nb\r\tc\x01"), "a b c");
}

TEST(VerdictOf, ARegimeChainHasItsClosedForm) {
  const auto verdict = evaluate_claim(scenario_with(banned), options_for(2000));
  ASSERT_TRUE(verdict);
  const double stays = 0.6, exact = 0.1 * (1 - std::pow(stays, 11)) / (1 - stays);  // eleven steps in twelve months
  EXPECT_NEAR(verdict->answer.probability.value, exact, slack(exact, 2000));
  EXPECT_LT(verdict->answer.probability.low, verdict->answer.probability.value);
  EXPECT_EQ(verdict->answer.paths.decided(), 2000U);
  EXPECT_EQ(verdict->number, 7);
  EXPECT_EQ(verdict->sentence, "It is banned");
  EXPECT_TRUE(verdict->effects.empty());
}

TEST(VerdictOf, GivenCountsOnlyPathsThatMeetIt) {
  const auto verdict = evaluate_claim(
      scenario_with(std::string(banned) + "given = \"at(regime[frontier,cn], end) > 1.5\"\n"), options_for(2000));
  const double given = 0.3 * (1 - std::pow(0.6, 11)) / 0.4;
  const PathCounts& paths = verdict->answer.paths;
  EXPECT_NEAR(static_cast<double>(paths.decided()) / 2000, given, slack(given, 2000));
  EXPECT_NEAR(verdict->answer.probability.value, 1.0 / 3, slack(1.0 / 3, paths.decided()));
  EXPECT_EQ(paths.not_given + paths.decided(), 2000U);
}

TEST(VerdictOf, PartsStandBesideTheClaim) {
  const auto verdict =
      evaluate_claim(scenario_with(std::string(banned) + "[[claim.part]]\nname = \"opens\"\n"
                                                         "predicate = \"occurs(regime[frontier,cn] < 0.5)\"\n"),
                     options_for(500));
  ASSERT_EQ(verdict->parts.size(), 1U);
  EXPECT_EQ(verdict->parts[0].name, "opens");
  EXPECT_NEAR(verdict->parts[0].probability.value, 0.249, slack(0.249, 500));
}

TEST(VerdictOf, DependsOnTheSourceThatDrivesIt) {
  const auto verdict = evaluate_claim(scenario_with(banned), options_for(600, true));
  ASSERT_EQ(verdict->effects.size(), 10U);  // one a source of shocks
  const SourceEffect& first = verdict->effects[0];
  EXPECT_EQ(first.source, "export_regime");
  // Without its draws the regime stays where it is: all that is claimed is gone.
  EXPECT_DOUBLE_EQ(first.change, verdict->answer.probability.value);
  EXPECT_TRUE(first.is_clear());
  EXPECT_EQ(first.paths, 600U);
  for (std::size_t k = 1; k < verdict->effects.size(); ++k) {
    EXPECT_EQ(verdict->effects[k].change, 0) << verdict->effects[k].source;
    EXPECT_FALSE(verdict->effects[k].is_clear());
    EXPECT_LT(verdict->effects[k].high, 0.02);
  }
}

TEST(VerdictOf, AFrozenSourceIsNotTriedAgain) {
  Scenario scenario = scenario_with(banned);
  scenario.frozen = {"export_regime"};
  const auto verdict = evaluate_claim(scenario, options_for(100, true));
  EXPECT_EQ(verdict->answer.paths.fails, 100U);
  EXPECT_EQ(verdict->effects.size(), 9U);
}

TEST(VerdictOf, IsTheSameOnAnyNumberOfThreadsAndInAnyCompany) {
  const Scenario scenarios[] = {scenario_with(banned),
                                scenario_with("sentence = \"x\"\npredicate = \"at(world_price, end) > 2\"\n")};
  const auto together = evaluate_claims(scenarios, options_for(200, true, 3));
  for (const int threads : {1, 2}) {
    const auto again = evaluate_claims(scenarios, options_for(200, true, threads));
    EXPECT_EQ(verdict_json(*again), verdict_json(*together));
  }
  const auto alone = evaluate_claim(scenarios[1], options_for(200, true));
  EXPECT_EQ(verdict_json({&*alone, 1})["claims"][0], verdict_json(*together)["claims"][1]);
}

TEST(VerdictOf, UnsolvedAndUndefinedPathsAreCountedApart) {
  const std::string no_market =
      edited(chain_text("sentence = \"x\"\npredicate = \"at(rental_price[us,n910], start) > 0\"\n"),
             "fleet_thousand = { h200 = 100, n910 = 10 }", "fleet_thousand = { h200 = 100 }");
  const auto undefined = evaluate_claim(read_scenario_text(no_market), options_for(50));
  EXPECT_EQ(undefined->answer.paths.undefined, 50U);
  EXPECT_TRUE(std::isnan(undefined->answer.probability.value));
  Scenario hurried = scenario_with(banned);
  hurried.market.newton_limit = 6;
  hurried.market.sweep_limit = 0;
  hurried.market.tolerance = 1e-6;
  const auto unsolved = evaluate_claim(hurried, options_for(50));
  EXPECT_GT(unsolved->answer.paths.unsolved, 0U);
  EXPECT_EQ(unsolved->answer.paths.unsolved + unsolved->answer.paths.decided(), 50U);
}

TEST(VerdictOf, StopsOnRequest) {
  const std::atomic<bool> stop{true};
  RunControl control;
  control.stop = &stop;
  EXPECT_FALSE(evaluate_claim(scenario_with(banned), options_for(100), control));
}

/// A folder of files that a test writes.
class ClaimFiles : public WithTemporaryFolder {
 protected:
  std::string write(const std::string& name, const std::string& text) const { return write_file(name, text); }
  /// What check_claim says of a config, without the folder.
  std::string fault(const std::string& text) const {
    try {
      check_claim(read_scenario(write("claim.toml", text)));
    } catch (const ScenarioError& error) {
      std::string message = error.what();
      for (std::size_t at; (at = message.find(root.string() + "/")) != std::string::npos;)
        message.erase(at, root.string().size() + 1);
      return message;
    }
    return "";
  }
  static std::string with_twin(const std::string& predicate) {
    return chain_text("sentence = \"x\"\npredicate = \"" + predicate +
                      "\"\n[[claim.twin]]\nname = \"other\"\nfile = \"other.toml\"\n");
  }
};

TEST_F(ClaimFiles, TwinsShareTheDrawsOfTheClaim) {
  write("other.toml", minimal_text());
  const Scenario scenario = read_scenario(write(
      "claim.toml", with_twin("always(demand <= other.demand and other.demand <= demand between start and 2026-08)")));
  const auto verdict = evaluate_claim(scenario, options_for(100));
  EXPECT_EQ(verdict->answer.paths.holds, 100U);  // the twin's ban comes in 2026-09
  EXPECT_EQ(verdict->twins, std::vector<std::string>{"other.toml"});
}

TEST_F(ClaimFiles, MissingOrIncompatibleTwinsAreRefusedWithTheirLine) {
  const std::string text = with_twin("at(other.demand, end) > 1");
  const std::string place = "claim.toml:" + place_of(text, "\"other.toml\"");
  EXPECT_EQ(fault(text).find(place + ": claim.twin.other: other.toml can't be used: other.toml: can't be read"), 0U)
      << fault(text);
  write("other.toml", edited(minimal_text(), "months = 12", "months = 11"));
  EXPECT_EQ(fault(text),
            place +
                ": claim.twin.other: other.toml is incompatible: 11 months from 2026-03 against 12 from 2026-03; "
                "twins start together and are as long");
  write("other.toml", edited(minimal_text(), "start = \"2026-03\"", "start = \"2026-02\""));
  EXPECT_NE(fault(text).find("12 months from 2026-02 against"), std::string::npos) << fault(text);
}

TEST_F(ClaimFiles, NamesOfTwinsAreWordsOfTheirOwn) {
  write("other.toml", minimal_text());
  for (const char* name : {"mean", "a-b", "2nd"}) {
    const std::string text = edited(with_twin("1 < 2"), "name = \"other\"", std::string("name = \"") + name + "\"");
    EXPECT_NE(fault(text).find("can't be the name of a twin"), std::string::npos) << fault(text);
  }
}

TEST_F(ClaimFiles, FaultsOfPredicatesHaveTheirPlaceInTheFile) {
  const std::string one_line = chain_text("sentence = \"x\"\npredicate = \"at(world_prise, end) > 1\"\n");
  EXPECT_EQ(fault(one_line), "claim.toml:" + place_of(one_line, "world_prise") +
                                 ": claim.predicate: there is no measure 'world_prise'; did you mean 'world_price'?");
  const std::string several =
      chain_text("sentence = \"x\"\npredicate = \"\"\"\n1 < 2\n  and at(world_prise, end) > 1\"\"\"\n");
  EXPECT_EQ(fault(several).find("claim.toml:" + place_of(several, "world_prise") + ":"), 0U) << fault(several);
  const std::string at_once = chain_text("sentence = \"x\"\npredicate = '''1 <\n at(world_prise, end)'''\n");
  EXPECT_EQ(fault(at_once).find("claim.toml:" + place_of(at_once, "world_prise") + ":"), 0U) << fault(at_once);
  const std::string first = chain_text("sentence = \"x\"\npredicate = '''at(world_prise,\n end) > 1'''\n");
  EXPECT_EQ(fault(first).find("claim.toml:" + place_of(first, "world_prise") + ":"), 0U) << fault(first);
  const std::string part =
      chain_text(std::string(banned) + "[[claim.part]]\nname = \"p\"\ngiven = \"1\"\npredicate = \"1 < 2\"\n");
  EXPECT_NE(fault(part).find("claim.part.p.given: a condition is needed here"), std::string::npos) << fault(part);
}

TEST_F(ClaimFiles, HalfAClaimIsRefused) {
  EXPECT_NE(formatted(faults_of(chain_text("source = \"S2\"\n"))).find("claim.sentence: is missing"),
            std::string::npos);
  EXPECT_NE(formatted(faults_of(chain_text("sentence = \"x\"\n"))).find("claim.predicate: is missing"),
            std::string::npos);
  EXPECT_TRUE(faults_of(minimal_text()).empty());
  EXPECT_FALSE(has_claim(read_scenario_text(minimal_text())));
}

TEST(EvidenceConfigs, AreUnderstoodAndNumberedOneToThirteen) {
  std::vector<int> numbers;
  for (const auto& entry : fs::directory_iterator(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/evidence")) {
    if (entry.path().extension() != ".toml") continue;
    const Scenario scenario = read_scenario(entry.path());
    EXPECT_NO_THROW(check_claim(scenario)) << entry.path();
    EXPECT_FALSE(scenario.claim.source.empty()) << entry.path();
    numbers.push_back(scenario.claim.number);
  }
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(numbers, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}));
}

}  // namespace
}  // namespace chokepoint
