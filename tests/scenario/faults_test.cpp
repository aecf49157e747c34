#include <gtest/gtest.h>

#include "chokepoint/market/parameters.hpp"
#include "config/spelling.hpp"
#include "scenario/edited.hpp"
#include "scenario/remarks.hpp"

// Every kind of bad input gives exactly one message, at the exact place, under the exact key.
namespace chokepoint {
namespace {

struct Case {
  std::string after;  ///< where in the config the edit is made
  std::string find, replace;
  std::string key;      ///< expected
  std::string marker;   ///< text at whose start the message must point, at or after the edit's place
  std::string message;  ///< expected, together with the help
};

void PrintTo(const Case& c, std::ostream* stream) {
  *stream << c.key << " <- " << c.replace;
}

class Faults : public testing::TestWithParam<Case> {};

TEST_P(Faults, OneMessageAtTheRightPlace) {
  const Case& c = GetParam();
  const std::string text = edited(minimal_text(), c.find, c.replace, c.after);
  const std::string expected = "test.toml:" + place_of(text, c.marker, c.after) + ": " + c.key + ": " + c.message;
  EXPECT_EQ(formatted(faults_of(text)), expected + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Values, Faults,
    testing::Values(
        Case{"[[region]]", "power_mw = 1000", "power_mw = nan", "region.us.power_mw", "nan",
             "is not finite (nan); allowed: 0 to 1e+07 MW"},
        Case{"[[region]]", "power_mw = 1000", "power_mw = -inf", "region.us.power_mw", "-inf",
             "is not finite (-inf); allowed: 0 to 1e+07 MW"},
        Case{"severity", "0.75]", "inf]", "outage.quake.severity[1]", "inf", "is not finite (inf); allowed: 0 to 1"},
        Case{"[[region]]", "power_mw = 1000", "power_mw = -5", "region.us.power_mw", "-5",
             "is out of range (-5); allowed: 0 to 1e+07 MW"},
        Case{"[[chip]]", "perf_h100e = 2", "perf_h100e = 0", "chip.h200.perf_h100e", "0\npower_kw",
             "is out of range (0); allowed: 0.001 to 1000 H100e"},
        Case{"[[segment]]", "demand_kh100e = 128", "demand_kh100e = 0", "segment.lab.demand_kh100e", "0\nreference",
             "is out of range (0); allowed: above 0 to 1e+07 kH100e"},
        Case{"[scenario]", "months = 12", "months = 241", "scenario.months", "241",
             "is out of range (241); allowed: 1 to 240 months"},
        Case{"[scenario]", "months = 12", "months = 1.5", "scenario.months", "1.5",
             "expected a whole number, found a number (1.5); allowed: 1 to 240 months"},
        Case{"[[region]]", "power_mw = 1000", "power_mw = \"much\"", "region.us.power_mw", "\"much\"",
             "expected a number, found a string (\"much\"); allowed: 0 to 1e+07 MW"},
        Case{"[[region]]", "\"us\"", "7", "region[0].name", "7", "expected a string, found a whole number (7)"},
        Case{"relative", "true", "1", "event.dear.relative", "1", "expected true or false, found a whole number (1)"},
        Case{"severity", "[0.25, 0.75]", "0.5", "outage.quake.severity", "0.5",
             "expected an array of 2 numbers, found a number (0.5); allowed: 0 to 1"},
        Case{"severity", "[0.25, 0.75]", "[0.8, 0.2]", "outage.quake.severity", "[0.8",
             "starts above its end ([0.8, 0.2]); write [least, largest]"},
        Case{"severity", "[0.25, 0.75]", "[0.2]", "outage.quake.severity", "[0.2",
             "holds 1 values; allowed: 2 numbers"},
        Case{"fleet", "{ n910 = 40 }", "3", "provider.beta.fleet_thousand", "3",
             "expected a table, found a whole number (3)"},
        Case{"trade_cost", "2 }", "0.5 }", "segment.lab.trade_cost.cn", "0.5",
             "is out of range (0.5); allowed: 1 to 100"},
        Case{"trade_cost", "2 }", "\"shut\" }", "segment.lab.trade_cost.cn", "\"shut\"",
             "expected a number or \"barred\", found a string (\"shut\"); allowed: 1 to 100"},
        Case{"[[region]]", "\"us\"", "\"u s\"", "region.u s.name", "\"u s\"",
             "is no name (\"u s\"); allowed: the letters a to z and A to Z, digits, '_' and '-'"},
        Case{"[[region]]", "\"us\"", "\"北京\"", "region.北京.name", "\"北京\"",
             "is no name (\"北京\"); allowed: the letters a to z and A to Z, digits, '_' and '-'"},
        Case{"[[region]]", "power_mw = 1000", "power_mw = 1e300", "region.us.power_mw", "1e300",
             "is out of range (1e+300); allowed: 0 to 1e+07 MW"},
        Case{"[[event]]", "above = 2", "above = 1e300", "event.dear.above", "1e300",
             "is out of range (1e+300); allowed: -1e+18 to 1e+18"},
        Case{
            "[market]", "sigma = 4", "sigma = \"\\u001b[31m" + std::string(80, 'x') + "\"", "market.sigma", "\"\\u001b",
            "expected a number, found a string (\"\\x1b[31m" + std::string(52, 'x') + "...\"); allowed: above 0 to 20"},

        Case{"[[export]]", "\"window\"", "\"windwo\"", "export.frontier.cn.start", "\"windwo\"",
             "is none of its words (\"windwo\"); allowed: 'open', 'window', 'quota' or 'ban'; did you mean 'window'?"},
        Case{"[scenario]", "\"2026-03\"", "\"2026-13\"", "scenario.start", "\"2026-13\"",
             "is no month (\"2026-13\"); write it as \"2026-07\""},
        Case{"[[policy]]", "\"2026-05\"", "2026-05-01", "policy.cap.from", "2026-05-01",
             "is no month (2026-05-01); write it as \"2026-07\""},
        Case{"[export.transition]", "[0.1, 0.6, 0.2, 0.1]", "[0.1, 0.6, 0.2, 0.2]",
             "export.frontier.cn.transition.window", "[0.1", "sums to 1.1; allowed: four probabilities that sum to 1"},
        Case{"[export.transition]", "[0.1, 0.6, 0.2, 0.1]", "[0.4, 0.6]", "export.frontier.cn.transition.window",
             "[0.4", "holds 2 values; allowed: 4 numbers"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, Faults,
    testing::Values(Case{"[[region]]", "power_mw", "power_mv", "region.us.power_mv", "power_mv",
                         "unknown key; did you mean 'power_mw'?"},
                    Case{"", "[market]", "[markte]", "markte", "markte]", "unknown key; did you mean 'market'?"},
                    Case{"[market]", "sigma", "seeds_of_doubt", "market.seeds_of_doubt", "seeds_of",
                         "unknown key; allowed: 'sigma', 'kink', 'tolerance', 'start_price_usd', "
                         "'empty_capacity_kh100e', 'newton_limit', 'sweep_limit' or 'pool_steer'"},
                    Case{"", "[market]", "[seeds]\ndemnad = 3\n[market]", "seeds.demnad", "demnad",
                         "unknown key; did you mean 'demand'?"},
                    Case{"", "[market]", "[freeze]\nsources = [\"fab\", \"fab\"]\n[market]", "freeze.sources[1]",
                         "\"fab\"]", "is given twice (\"fab\"); first as freeze.sources[0]; leave one of them out"},
                    Case{"[[region]]", "electricity_usd_per_kwh = 0.05\n", "", "region.us.electricity_usd_per_kwh",
                         "[[region]]", "is missing; it has to be given: electricity price paid by data centres"},
                    Case{"[[fab_pool]]\nname", "[[fab_pool]]", "[fab_pool]", "fab_pool", "[fab_pool]",
                         "expected an array of tables, found { capacity_thousand_per_month = 32, "
                         "growth_half_life_months ...; write [[fab_pool]] with double brackets"},
                    Case{"", "[market]", "[[market]]", "market", "[[market]]",
                         "expected a table, found [{ sigma = 4 }]; write [market] with single brackets"}));

INSTANTIATE_TEST_SUITE_P(
    Names, Faults,
    testing::Values(Case{"[[region]]\nname = \"cn\"", "power_mw = 500",
                         "power_mw = 500\n[[region]]\nname = \"us\"\npower_mw = 1\nelectricity_usd_per_kwh = 0.1",
                         "region.us", "\"us\"", "is given twice; first in line 10"},
                    Case{"lead_time_months", "\"n910\"", "\"h200\"", "chip.h200", "\"h200\"\nperf_h100e = 1\n",
                         "is given twice; first in line 32"},
                    Case{"[[chip]]", "\"leading\"", "\"leadng\"", "chip.h200.fab_pool", "\"leadng\"",
                         "there is no fab_pool 'leadng'; did you mean 'leading'?"},
                    Case{"[[chip]]", "\"frontier\"", "\"xx\"", "chip.h200.export_class", "\"xx\"",
                         "there is no export_class 'xx'; allowed: 'frontier'"},
                    Case{"home_region", "\"cn\"", "\"cm\"", "chip.n910.home_region", "\"cm\"",
                         "there is no region 'cm'; did you mean 'cn'?"},
                    Case{"[[provider]]", "n910 = 40", "n910 = 40, n91 = 1", "provider.beta.fleet_thousand.n91",
                         "n91 =", "there is no chip 'n91'; did you mean 'n910'?"},
                    Case{"[[segment]]", "taste = { n910", "taste = { h100", "segment.lab.taste.h100",
                         "h100 =", "there is no chip 'h100'; did you mean 'h200'?"},
                    Case{"[[policy]]", "\"cn\"", "\"dn\"", "policy.cap.region", "\"dn\"",
                         "there is no region 'dn'; did you mean 'cn'?"},
                    Case{"[[event]]", "rental_price[cn,n910]", "rental_price[cn, n910]", "event.dear.measure",
                         "\"rental_price[cn, n910]",
                         "there is no measure 'rental_price[cn, n910]'; did you mean 'rental_price[cn,n910]'?"}));

INSTANTIATE_TEST_SUITE_P(
    Together, Faults,
    testing::Values(
        Case{"matrix", "[0.5, 1, 0, 0]", "[0.4, 1, 0, 0]", "correlation.matrix", "[[1",
             "is not symmetric: [1][0] is 0.4 against 0.5; allowed: a correlation matrix, symmetric and positive "
             "definite"},
        Case{"matrix", "[[1, 0.5, 0, 0], [0.5, 1, 0, 0]", "[[1, 1, 0, 0], [1, 1, 0, 0]", "correlation.matrix", "[[1",
             "is not positive definite; allowed: a correlation matrix, symmetric and positive definite"},
        Case{"matrix", "[0, 0, 0, 1]]", "[0, 0, 0, 0.9]]", "correlation.matrix", "[[1",
             "has 0.9 on its diagonal, in row [3]; allowed: a correlation matrix, symmetric and positive definite"},
        Case{"matrix", ", [0, 0, 0, 1]]", "]", "correlation.matrix", "[[1",
             "holds 3 rows; allowed: 4 rows of 4 numbers"},
        Case{"[market]", "sigma = 4", "sigma = 1.5", "market.sigma", "1.5",
             "is 1.5, not above the elasticity of segment 'lab', 1.5; allowed: above 1.5"},
        Case{"[[provider]]\nname = \"alpha\"", "old_share = 0.25", "conduct_weight = 1.6",
             "provider.alpha.conduct_weight", "1.6",
             "makes conduct * conduct_weight / count = 0.8 in region 'us', at or above the elasticity 0.8 of segment "
             "'firms'; lower the region's conduct (also in war) or the weight: no monopoly price exists"},
        Case{"war = {", "conduct = 0.05", "conduct = 0.9", "provider.alpha.conduct_weight",
             "[[provider]]\nname = \"alpha\"",
             "makes conduct * conduct_weight / count = 0.9 in region 'us', at or above the elasticity 0.8 of segment "
             "'firms'; lower the region's conduct (also in war) or the weight: no monopoly price exists"},
        Case{"[[segment]]", "cloud_conduct = 0.3", "cloud_conduct = 1.5", "segment.lab.cloud_conduct", "1.5\napp",
             "is 1.5, not under the segment's elasticity, 1.5; allowed: under 1.5, else no mark-up exists"},
        Case{"power_mw = 500", "[[fab_pool]]",
             "[[region]]\nname = \"moon\"\npower_mw = 1\nelectricity_usd_per_kwh = 0.1\n\n[[fab_pool]]", "region.moon",
             "[[region]]\nname = \"moon\"",
             "has no provider and no segment, so nothing happens in it; give it one of them, or leave the region out"},

        Case{"[[segment]]\nname = \"firms\"", "trade_cost", "taste = { h200 = 0, n910 = 0 }\ntrade_cost",
             "segment.firms.taste", "{ h200 = 0",
             "leaves it no market to rent in; one chip needs a taste above 0 in a region that is not barred"},
        Case{"[[segment]]\nname = \"firms\"", "trade_cost", "taste = { n910 = 0 }\ntrade_cost", "segment.firms",
             "[[segment]]\nname = \"firms\"",
             "reaches no market with a fleet at the start; give a provider in its reach a fleet, or widen trade_cost "
             "and taste"},
        Case{"[[provider]]\nname = \"alpha\"", "region = \"us\"", "region = \"cn\"\nowner = \"beta\"",
             "provider.alpha.owner", "\"beta\"",
             "'beta' has a fleet in region 'cn' already, 'beta'; one provider an owner and region"},
        Case{"[[provider]]\nname = \"fringe\"", "owner = \"small\"", "owner = \"beta\"", "provider.fringe.owner",
             "\"beta\"",
             "'beta' is the owner of a fringe and of another provider ('beta'); a provider with count above 1 has an "
             "owner of its own"},
        Case{"[[provider]]", "priority = 2", "kind = \"public\"\nreserved_share = 0.5", "provider.beta.serves",
             "[[provider]]", "is empty for a public provider; name the segments that it serves first"},
        Case{"[[provider]]", "priority = 2", "serves = [\"lab\"]", "provider.beta.serves", "[\"lab\"]",
             "has no meaning for a commercial provider; only public and captive ones serve segments first"},
        Case{"[[region]]\nname = \"us\"", "power_mw = 1000", "power_mw = 1000\ndomestic_floor = 0.2",
             "region.us.domestic_floor", "0.2",
             "asks for domestic chips where there are none; give a chip home_region = \"us\""}));

INSTANTIATE_TEST_SUITE_P(
    Dates, Faults,
    testing::Values(Case{"schedule", "\"2026-09\"", "\"2026-02\"", "export.frontier.cn.schedule.2026-02.date",
                         "\"2026-02\"", "lies outside the scenario (2026-02); allowed: 2026-03 to 2046-02"},
                    Case{"[[policy]]", "\"2026-05\"", "\"2206-05\"", "policy.cap.from", "\"2206-05\"",
                         "lies outside the scenario (2206-05); allowed: 2026-03 to 2046-02"},
                    Case{"[[policy]]", "\"2026-08\"", "\"2026-05\"", "policy.cap.until", "\"2026-05\"\nregion",
                         "is 2026-05, not after `from`, 2026-05; give the first month without the policy, or leave it "
                         "out"},
                    Case{"[[policy]]", "\"2026-08\"", "\"2026-04\"", "policy.cap.until", "\"2026-04\"\nregion",
                         "is 2026-04, not after `from`, 2026-05; give the first month without the policy, or leave it "
                         "out"},
                    Case{"[[policy]]", "value = 4", "value = 0", "policy.cap.value", "0\n\n[market]",
                         "is out of range for 'price_ceiling_usd' (0); allowed: above 0 to 1e+06"},
                    Case{"[[policy]]", "\"price_ceiling_usd\"", "\"quota_thousand_per_month\"", "policy.cap.class",
                         "[[policy]]", "is missing; a quota is one of an export class; allowed: 'frontier'"},
                    Case{"[[policy]]", "value = 4", "value = 4\nclass = \"frontier\"", "policy.cap.class",
                         "\"frontier\"", "has no meaning for 'price_ceiling_usd'; leave it out"},
                    Case{"[[event]]", "above = 2\n", "", "event.dear", "[[event]]",
                         "has neither above nor below; give one of them"},
                    Case{"[[event]]", "above = 2\n", "above = 2\nbelow = 1\n", "event.dear", "[[event]]",
                         "has both above and below; give one of them"}));

/// A dated shock at the end of the config, the first fault it gives without its place.
std::string shock_fault(const std::string& lines) {
  const std::vector<Diagnostic> faults = faults_of(minimal_text() + "\n[[shock]]\nname = \"x\"\n" + lines);
  EXPECT_LE(faults.size(), 1u) << formatted(faults);
  return faults.empty() ? "" : faults[0].key + ": " + faults[0].message + "; " + faults[0].help;
}

TEST(DatedShocks, Faults) {
  EXPECT_EQ(shock_fault("kind = \"grid_shock\"\nfrom = \"2026-05\"\nvalue = 1\n"), "");
  EXPECT_EQ(shock_fault("kind = \"grid_shok\"\nfrom = \"2026-05\"\nvalue = 1\n").substr(0, 40),
            "shock.x.kind: is none of its words (\"gri");
  EXPECT_EQ(shock_fault("kind = \"grid_shock\"\nfrom = \"2026-05\"\n"),
            "shock.x.value: is missing for 'grid_shock'; allowed: above 0 to 1");
  EXPECT_EQ(shock_fault("kind = \"grid_shock\"\nfrom = \"2026-05\"\nvalue = 2\n"),
            "shock.x.value: is out of range for 'grid_shock' (2); allowed: above 0 to 1");
  EXPECT_EQ(shock_fault("kind = \"grid_shock\"\ntarget = \"cm\"\nfrom = \"2026-05\"\nvalue = 1\n"),
            "shock.x.target: there is no region 'cm'; did you mean 'cn'?");
  EXPECT_EQ(shock_fault("kind = \"component_outage\"\nfrom = \"2026-05\"\nvalue = 1\n"),
            "shock.x.kind: hits a component_pool, and there is none; add a [[component_pool]] or leave the shock out");
  EXPECT_EQ(shock_fault("kind = \"boom\"\ntarget = \"cn\"\nfrom = \"2026-05\"\n"),
            "shock.x.target: has no meaning for 'boom'; leave it out");
  EXPECT_EQ(shock_fault("kind = \"boom\"\nvalue = 1\nfrom = \"2026-05\"\n"),
            "shock.x.value: has no meaning for 'boom'; leave it out");
  EXPECT_EQ(shock_fault("kind = \"boom\"\nfrom = \"2025-05\"\n"),
            "shock.x.from: lies outside the scenario (2025-05); allowed: 2026-03 to 2046-02");
  EXPECT_EQ(
      shock_fault("kind = \"boom\"\nfrom = \"2026-05\"\nuntil = \"2026-04\"\n"),
      "shock.x.until: is 2026-04, not after `from`, 2026-05; give the first month without the shock, or leave it out");
}

/// The one fault of a text that is no TOML, or says something twice.
std::string parse_fault(const std::string& text) {
  const std::vector<Diagnostic> faults = faults_of(text);
  EXPECT_EQ(faults.size(), 1u) << formatted(faults);
  return faults.empty() ? "" : format(faults[0]);
}

TEST(Parsing, FaultsSayWhatToDo) {
  EXPECT_EQ(parse_fault("[market]\nsigma = 1e400\n"),
            "test.toml:2:14: '1e400' is beyond what a number holds here; allowed: 0, and numbers from 2.2e-308 to "
            "1.8e308 of either sign");
  EXPECT_EQ(parse_fault("[market]\nsigma = 4\n[finance]\n[scenario]\nname = \"a\"\nname = \"b\"\n"),
            "test.toml:6:8: 'name' is given twice; first in line 5; leave one of them out");
  EXPECT_EQ(parse_fault("[market]\nsigma = 4\n[finance]\n[market]\nkink = 1\n"),
            "test.toml:4:1: 'market' is given twice; first in line 1; leave one of them out");
  EXPECT_EQ(parse_fault("[market]\nsigma = 4 [\n").substr(0, 14), "test.toml:2:11");
}

TEST(Echoes, AreShortAndHarmless) {
  EXPECT_EQ(shown("plain"), "plain");
  EXPECT_EQ(shown("a\tb\nc\x1b[2J\x7f"), "a\\tb\\nc\\x1b[2J\\x7f");
  EXPECT_EQ(shown("\xff\xc2\x9b ü 北"), "\\xff\\xc2\\x9b ü 北");  // U+009B would start a command of a terminal
  EXPECT_EQ(shown("北京", 5), "北...");
  EXPECT_EQ(shown(std::string(1000, 'k')), std::string(60, 'k') + "...");
  const std::string key(900000, 'k');
  EXPECT_LT(formatted(faults_of(minimal_text() + key + " = 1\n")).size(), 1000u);
  EXPECT_LT(formatted(faults_of(minimal_text(), {key + "=1"})).size(), 1000u);
}

TEST(AllFaults, AreReportedAtOnceInTheOrderOfTheFile) {
  std::string text = edited(minimal_text(), "months = 12", "months = 0");
  text = edited(text, "power_mw = 500", "power_mw = true");
  text = edited(text, "sigma = 4", "sigm = 4");
  const std::vector<Diagnostic> faults = faults_of(text, {"region.cn.conduct=2", "chip.x.power_kw=1"});
  ASSERT_EQ(faults.size(), 5u) << formatted(faults);
  EXPECT_EQ(faults[0].key, "scenario.months");
  EXPECT_EQ(faults[1].key, "region.cn.power_mw");
  EXPECT_EQ(faults[2].key, "market.sigm");
  EXPECT_EQ(faults[3].line, 0);
  EXPECT_EQ(faults[4].line, 0);
  EXPECT_STREQ(ScenarioError(faults).what(), formatted(faults).substr(0, formatted(faults).size() - 1).c_str());
}

TEST(AllFaults, EmptyConfigNamesWhatIsNeeded) {
  std::vector<std::string> keys;
  for (const Diagnostic& fault : faults_of("")) keys.push_back(fault.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"scenario.name", "region", "fab_pool", "chip", "provider", "segment"}));
}

TEST(AllFaults, UnknownKeyNearToNoneNamesThemAll) {
  const std::string text = formatted(faults_of(edited(minimal_text(), "power_mw = 1000", "power_mw = 1000\nzzz = 1")));
  EXPECT_NE(text.find("region.us.zzz: unknown key; allowed: 'name', 'title', "), std::string::npos) << text;
  EXPECT_NE(text.find(" or 'subsidy'"), std::string::npos) << text;
}

TEST(Limits, LeaveRoomBesideTheBaseline) {
  const Scenario baseline = read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/baseline.toml");
  const std::pair<std::size_t, std::size_t> used_of[] = {{baseline.regions.size(), LargestShape::regions},
                                                         {baseline.chips.size(), LargestShape::classes},
                                                         {baseline.fab_pools.size(), LargestShape::pools},
                                                         {baseline.providers.size(), LargestShape::units},
                                                         {baseline.segments.size(), LargestShape::segments},
                                                         {baseline.outages.size(), max_outages},
                                                         {baseline.export_classes.size(), max_export_classes},
                                                         {baseline.component_pools.size(), max_component_pools},
                                                         {baseline.events.size(), max_events}};
  for (const auto& [used, most] : used_of) EXPECT_LT(used, most);
  const std::string own =
      "\n[[outage]]\nname = \"materials-ban\"\nper_year = 0.1\nexposure = { leading_edge = 0.5 }\n"
      "[[export_class]]\nname = \"own\"\n";
  EXPECT_EQ(formatted(faults_of(file_text("configs/baseline.toml") + own)), "");
}

TEST(Remarks, NameARegimeThatIsNeverLeft) {
  std::string text = minimal_text();
  EXPECT_EQ(remarks_on(read_scenario_text(text, "minimal")), std::vector<std::string>{});
  const std::string row = "open = [1, 0, 0, 0]\n";
  ASSERT_NE(text.find(row), std::string::npos);
  text.erase(text.find(row), row.size());
  const std::vector<std::string> remarks = remarks_on(read_scenario_text(text, "minimal"));
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_NE(remarks[0].find("leads to 'open' (0.1 a month from 'window') and has no row 'open'"), std::string::npos)
      << remarks[0];
}

TEST(AllFaults, TooManyOfAThing) {
  std::string text = minimal_text();
  for (int i = 0; i < 7; ++i)
    text += "[[region]]\nname = \"r" + std::to_string(i) + "\"\npower_mw = 1\nelectricity_usd_per_kwh = 0.1\n";
  const std::vector<Diagnostic> faults = faults_of(text);
  ASSERT_EQ(faults.size(), 1u) << formatted(faults);
  EXPECT_EQ(faults[0].key, "region");
  EXPECT_EQ(faults[0].message, "holds 9 tables");
  EXPECT_EQ(faults[0].help, "allowed: at most 8");
}

}  // namespace
}  // namespace chokepoint
