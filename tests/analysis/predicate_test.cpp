#include "analysis/predicate.hpp"

#include "analysis/hand_made_paths.hpp"
#include "chokepoint/market/measure.hpp"

namespace chokepoint {
namespace {

/// 12 months from 2026-03; regions us, cn; owners beta, alpha, small.
const Scenario& scenario() {
  static const Scenario read = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/tests/data/scenario_minimal.toml");
  return read;
}

Truth truth(const std::string& text, const HandMadePath& path) {
  const NamedScenario names[] = {{"", &scenario()}};
  const PathRows rows[] = {path.rows()};
  return PathPredicate(text, names)({rows, 0});
}

HandMadePath path() {
  return HandMadePath(scenario());
}

/// A world price of 1, 2, 3 ... and so on from the first month.
HandMadePath rising() {
  return path().set("world_price", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
}

constexpr Truth yes = Truth::yes, no = Truth::no, unknown = Truth::unknown;

TEST(Truths, FollowKleene) {
  const Truth all[] = {no, unknown, yes};  // in rising order: and is the lesser, or the greater
  for (int a = 0; a < 3; ++a) {
    EXPECT_EQ(!all[a], all[2 - a]);
    for (int b = 0; b < 3; ++b) {
      EXPECT_EQ(all[a] && all[b], all[std::min(a, b)]);
      EXPECT_EQ(all[a] || all[b], all[std::max(a, b)]);
    }
  }
}

TEST(PredicateText, ComparesAndCounts) {
  EXPECT_EQ(truth("1 + 2 * 3 <= 7", path()), yes);
  EXPECT_EQ(truth("(1 + 2) * 3 <= 7", path()), no);
  EXPECT_EQ(truth("8 / 4 / 2 >= 1 and 2 - 1 - 1 <= 0", path()), yes);  // from the left
  EXPECT_EQ(truth("-2 < -1.5 and 1e-3 < 0.5", path()), yes);
  EXPECT_EQ(truth("1 < 2 < 3", path()), yes);
  EXPECT_EQ(truth("1 < 3 < 2", path()), no);
  EXPECT_EQ(truth("2 > 2", path()), no);
  EXPECT_EQ(truth("2 >= 2", path()), yes);
}

TEST(PredicateText, BindsNotBeforeAndBeforeOr) {
  EXPECT_EQ(truth("1 > 2 and 1 > 2 or 1 < 2", path()), yes);
  EXPECT_EQ(truth("1 > 2 and (1 > 2 or 1 < 2)", path()), no);
  EXPECT_EQ(truth("not 1 > 2 and 1 < 2", path()), yes);
  EXPECT_EQ(truth("not (1 > 2 or 1 < 2)", path()), no);
  EXPECT_EQ(truth("not not 1 < 2", path()), yes);
}

TEST(PredicateText, ReadsValuesByMonth) {
  EXPECT_EQ(truth("at(world_price, 2026-05) >= 3", rising()), yes);
  EXPECT_EQ(truth("at(world_price, 2026-05) > 3", rising()), no);
  EXPECT_EQ(truth("at(world_price, start) <= 1 and at(world_price, end) >= 12", rising()), yes);
  EXPECT_EQ(truth("at(2 * world_price - 1, 2026-04) >= 3", rising()), yes);
  EXPECT_EQ(truth("at(regional_price[cn], 2026-04) > 1", path().set("regional_price[cn]", {0, 2})), yes);
  EXPECT_EQ(truth("at(rental_price[ cn , h200 ], start) > 1", path().set("rental_price[cn,h200]", {2})), yes);
}

TEST(PredicateText, AggregatesOverWindowsThatHoldBothEnds) {
  EXPECT_EQ(truth("sum(world_price between 2026-04 and 2026-06) >= 9", rising()), yes);
  EXPECT_EQ(truth("sum(world_price between 2026-04 and 2026-06) > 9", rising()), no);
  EXPECT_EQ(truth("2.9 < mean(world_price between 2026-04 and 2026-06) < 3.1", rising()), yes);
  EXPECT_EQ(truth("min(world_price between 2026-04 and 2026-06) <= 2", rising()), yes);
  EXPECT_EQ(truth("max(world_price between 2026-04 and 2026-06) <= 4", rising()), yes);
  EXPECT_EQ(truth("sum(world_price) >= 78", rising()), yes);
}

TEST(PredicateText, OccursAlwaysFirst) {
  EXPECT_EQ(truth("occurs(world_price > 11)", rising()), yes);
  EXPECT_EQ(truth("occurs(world_price > 11 between start and 2027-01)", rising()), no);
  EXPECT_EQ(truth("always(world_price > 1 between 2026-04 and end)", rising()), yes);
  EXPECT_EQ(truth("always(world_price > 1)", rising()), no);
  EXPECT_EQ(truth("first(world_price > 4) <= 4", rising()), yes);
  EXPECT_EQ(truth("first(world_price > 4) < 4", rising()), no);
  EXPECT_EQ(truth("first(world_price > 100) > 1e9", rising()), yes);  // never
  EXPECT_EQ(truth("first(world_price > 100) >= first(world_price > 200)", rising()), yes);
  EXPECT_EQ(truth("occurs(world_price > at(world_price, 2026-05) between start and 2026-05)", rising()), no);
}

TEST(PredicateText, BeginsWhereItDidNotHoldBefore) {
  const HandMadePath war = path().set("price_war[cn]", {0, 0, 1, 1, 0, 1, 1});
  EXPECT_EQ(truth("occurs(begins(price_war[cn] > 0.5) between 2026-06 and 2026-07)", war), no);
  EXPECT_EQ(truth("occurs(begins(price_war[cn] > 0.5) between 2026-06 and 2026-08)", war), yes);
  EXPECT_EQ(truth("first(begins(price_war[cn] > 0.5)) <= 2", war), yes);
  EXPECT_EQ(truth("occurs(begins(price_war[cn] > 0.5) between start and start)", path().set("price_war[cn]", {1})),
            yes);
}

TEST(PredicateText, ThenLooksAheadSoManyMonths) {
  // Idle in month 3 alone, war in month 6 alone.
  const HandMadePath one =
      path().set("utilisation[cn]", {1, 1, 1, 0.2F, 1}).set("price_war[cn]", {0, 0, 0, 0, 0, 0, 1, 0});
  const std::string idle = "occurs(utilisation[cn] < 0.5)", war = "occurs(price_war[cn] > 0.5)";
  EXPECT_EQ(truth(idle + " then " + war + " within 3 months", one), yes);
  EXPECT_EQ(truth(idle + " then " + war + " within 2 months", one), no);
  EXPECT_EQ(truth(war + " then " + idle + " within 12 months", one), no);
  EXPECT_EQ(truth(idle + " then " + idle + " within 0 months", one), yes);  // the same month counts
  EXPECT_EQ(truth(idle + " then " + war + " within 3 months and 1 < 2", one), yes);
  EXPECT_EQ(truth("not " + idle + " then " + war + " within 3 months", one), no);
  EXPECT_EQ(truth(idle + " then occurs(price_war[cn] > 0.5 between 2026-11 and end) within 9 months", one), no);
}

TEST(PredicateText, ChainsOfThreeGoFromEachToTheNext) {
  const HandMadePath steps =
      path().set("exits", {0, 1, 0}).set("firms", {0, 0, 0, 1, 0}).set("demand", {0, 0, 0, 0, 0, 1, 0});
  const std::string a = "occurs(exits > 0)", b = "occurs(firms > 0)", c = "occurs(demand > 0)";
  EXPECT_EQ(truth(a + " then " + b + " within 2 months then " + c + " within 2 months", steps), yes);
  EXPECT_EQ(truth(a + " then " + b + " within 2 months then " + c + " within 1 month", steps), no);
  EXPECT_EQ(truth(a + " then " + c + " within 3 months", steps), no);
}

TEST(PredicateText, UndefinedValuesMakeOnlyOpenAnswersUnknown) {
  const HandMadePath gap = path().set("world_price", {1, missing_value, 3});
  EXPECT_EQ(truth("at(world_price, 2026-04) > 0", gap), unknown);
  EXPECT_EQ(truth("occurs(world_price > 2)", gap), yes);  // whatever the gap holds
  EXPECT_EQ(truth("occurs(world_price > 5)", gap), unknown);
  EXPECT_EQ(truth("always(world_price > 2)", gap), no);
  EXPECT_EQ(truth("always(world_price > 0)", gap), unknown);
  EXPECT_EQ(truth("mean(world_price) > 0", gap), unknown);
  EXPECT_EQ(truth("mean(world_price between 2026-05 and end) > 0", gap), yes);
  EXPECT_EQ(truth("first(world_price > 2) >= 0", gap), unknown);  // it may have been the gap
  EXPECT_EQ(truth("first(world_price >= 1) <= 0", gap), yes);
  EXPECT_EQ(truth("at(world_price, 2026-04) > 0 and 2 < 1", gap), no);
  EXPECT_EQ(truth("at(world_price, 2026-04) > 0 or 1 < 2", gap), yes);
  EXPECT_EQ(truth("1 / (at(world_price, start) - 1) > 0", gap), unknown);
  EXPECT_EQ(truth("occurs(world_price > 5) then occurs(world_price > 2) within 1 month", gap), unknown);
  EXPECT_EQ(truth("occurs(world_price > 2) then occurs(world_price > 5) within 1 month", gap), unknown);
  EXPECT_EQ(truth("occurs(world_price > 2 between 2026-05 and end) then occurs(world_price > 5) within 1 month", gap),
            no);
}

TEST(PredicateText, RanksTheLeaderOfAList) {
  const HandMadePath owners = path()
                                  .set("owner_share[alpha]", {0.5F, 0.5F, 0.3F})
                                  .set("owner_share[beta]", {0.3F, 0.4F, 0.5F})
                                  .set("owner_share[small]", {0.2F, 0.1F, 0.2F});
  const std::string gainer = "leader(alpha, beta, small by at(owner_share[*], 2026-05) - at(owner_share[*], start))";
  EXPECT_EQ(truth("rank(" + gainer + " by at(owner_share[*], 2026-05)) <= 1", owners), yes);  // beta
  EXPECT_EQ(truth("rank(" + gainer + " by at(owner_share[*], start)) >= 2", owners), yes);
  EXPECT_EQ(truth("rank(leader(small by 1) by at(owner_share[*], start)) <= 1", owners), yes);
  EXPECT_EQ(
      truth("rank(leader(small, alpha by 0 - at(owner_share[*], start)) by at(owner_share[*], start)) >= 2", owners),
      yes);
  EXPECT_EQ(truth("rank(" + gainer + " by at(owner_share[*], start)) >= 2", path()), unknown);
}

TEST(PredicateText, ComparesWithTheSamePathOfTwins) {
  const NamedScenario names[] = {{"", &scenario()}, {"open", &scenario()}, {"shut", &scenario()}};
  const HandMadePath own = path().set("world_price", {2}), open = path().set("world_price", {1}),
                     shut = path().set("world_price", {3});
  const PathRows rows[] = {own.rows(), open.rows(), shut.rows()};
  const auto holds = [&](const std::string& text) { return PathPredicate(text, names)({rows, 0}); };
  EXPECT_EQ(holds("always(open.world_price < world_price < shut.world_price)"), yes);
  EXPECT_EQ(holds("at(shut.world_price - open.world_price, end) < 2"), no);
}

struct Refusal {
  std::string text, message, help;
  std::size_t offset;
};

Refusal refusal(const std::string& text) {
  const NamedScenario names[] = {{"", &scenario()}, {"twin", &scenario()}};
  try {
    PathPredicate(text, names);
  } catch (const PredicateError& error) {
    return {text, error.what(), error.help, error.offset};
  }
  ADD_FAILURE() << "accepted: " << text;
  return {};
}

void expect_refused(const std::string& text, const std::string& at, const std::string& message,
                    const std::string& help) {
  const Refusal refused = refusal(text);
  EXPECT_EQ(refused.offset, at.empty() ? text.size() : text.find(at)) << text << ": " << refused.message;
  EXPECT_NE(refused.message.find(message), std::string::npos) << text << ": " << refused.message;
  EXPECT_NE(refused.help.find(help), std::string::npos) << text << ": " << refused.help;
}

TEST(PredicateErrors, NameWhatIsNotThere) {
  expect_refused("occurs(utilization[cn] < 0.5)", "utilization", "there is no measure 'utilization'", "'utilisation'");
  expect_refused("occurs(utilisation[ch] < 0.5)", "ch]", "there is no utilisation[ch]", "'cn'");
  expect_refused("occurs(utilisation < 0.5)", "utilisation", "needs a name in brackets", "'us' or 'cn'");
  expect_refused("occurs(world_price[cn] < 0.5)", "cn]", "one number for the world", "without brackets");
  expect_refused("ocurs(world_price < 0.5)", "ocurs", "there is no measure 'ocurs'", "'occurs'");
  expect_refused("always(twn.world_price > 1)", "twn", "there is no twin 'twn'", "did you mean 'twin'?");
  expect_refused("always(twin.fleet_share[eu] > 1)", "eu]", "in 'twin' there is no fleet_share[eu]", "");
  expect_refused("always(owner_share[*] > 1)", "*", "'*' stands for the names of a leader", "");
  expect_refused("rank(leader(alpha, gamma by at(owner_share[*], end)) by 1) < 2", "*", "owner_share[gamma]",
                 "'alpha'");
}

TEST(PredicateErrors, KnowTheCalendar) {
  expect_refused("at(world_price, 2027-03) > 1", "2027-03", "2027-03 lies outside the scenario", "2026-03 to 2027-02");
  expect_refused("at(world_price, 2026-02) > 1", "2026-02", "lies outside the scenario", "2026-03 to 2027-02");
  expect_refused("at(world_price, 2026-13) > 1", "2026-13", "is no month", "2026-07");
  expect_refused("at(world_price, 5) > 1", "5)", "a month is missing", "2026-07");
  expect_refused("occurs(world_price > 1 between 2026-06 and 2026-05)", "2026-05", "ends before it starts", "");
  expect_refused("world_price > 1", "world_price", "'world_price' needs a month", "at(world_price, MONTH)");
  expect_refused("begins(1 > 2)", "begins", "needs a month", "occurs");
  expect_refused("2026-05 > 1", "2026-05", "a month stands alone", "at(");
}

TEST(PredicateErrors, TellNumbersFromConditions) {
  expect_refused("at(world_price, end)", "at", "a condition is needed here", "compare it");
  expect_refused("(1 < 2) + 1 < 2", "1 < 2", "a number is needed here", "");
  expect_refused("occurs(world_price)", "world_price", "a condition is needed here", "compare it");
  expect_refused("1 < 2 then 1 < 2 within 3 months", "1 < 2", "'then' stands between things that occur", "occurs(...)");
  expect_refused("rank(1 by 2) < 3", "1", "a rank is that of a leader", "leader");
}

TEST(PredicateErrors, SeeWhereTheTextBreaks) {
  expect_refused("", "", "a measure, number or condition is missing, found the end", "");
  expect_refused("occurs(world_price > 1", "", "')' is missing, found the end", "");
  expect_refused("occurs(utilisation[cn > 1)", "cn", "a bracket is not closed", "]");
  expect_refused("1 = 2", "=", "numbers are not compared by =", "<, <=, > or >=");
  expect_refused("occurs(1 < 2) then occurs(1 < 2)", "", "'within' is missing", "");
  expect_refused("occurs(1 < 2) then occurs(1 < 2) within 1.5 months", "1.5", "whole number of months", "");
  expect_refused("1.2.3 < 2", "1.2.3", "is no number", "");
  EXPECT_EQ(refusal("1 < 2 3").offset, 6U);
  expect_refused("1 < 2 or and 1 < 2", "and", "is missing, found 'and'", "");
  EXPECT_EQ(refusal(std::string(10000, '(')).message, "is nested too deeply");
  EXPECT_EQ(refusal(std::string(10000, '-')).message, "is nested too deeply");
}

/// Month 0 has no flows: the whole path of one begins a month later, and what names the first month says so.
TEST(PredicateText, TheWholePathOfAFlowBeginsWithMonthOne) {
  const float none = missing_value;
  const HandMadePath flows = path().set("chip_installs[us]", {none, 2, 2}).set("world_price", {9, 1, 1});
  EXPECT_EQ(truth("sum(chip_installs[us]) <= 22 and sum(chip_installs[us]) >= 22", flows), yes) << "11 months";
  EXPECT_EQ(truth("occurs(chip_installs[us] > 3)", flows), no);
  EXPECT_EQ(truth("occurs(chip_installs[us] > 3 between start and end)", flows), unknown);
  EXPECT_EQ(truth("sum(chip_installs[us] between 2026-03 and 2026-06) > 1", flows), unknown);
  EXPECT_EQ(truth("max(world_price) > 8 and mean(chip_installs[us]) > 1", flows), yes);
  EXPECT_EQ(truth("occurs(world_price > 8 and at(chip_installs[us], 2026-05) > 1)", flows), yes)
      << "looks at one month";
}

}  // namespace
}  // namespace chokepoint
