#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "chokepoint/engine.hpp"
#include "config/field.hpp"
#include "output/errors.hpp"
#include "report/config_differences.hpp"
#include "report/figure_files.hpp"
#include "report/gnuplot.hpp"
#include "report/page.hpp"
#include "report/page_data.hpp"
#include "report/picture_layout.hpp"
#include "report/shock_spans.hpp"
#include "results/stored_result.hpp"

namespace chokepoint {
namespace {

const std::string smoke = CHOKEPOINT_SOURCE_DIR "/configs/smoke.toml";

ResultSet small_result() {
  Scenario scenario = read_scenario(smoke);
  RunOptions options;
  options.paths = 8;
  RunOutcome outcome = run_paths(scenario, options);
  const Provenance provenance = provenance_of(scenario, options, outcome);
  return make_result_set(std::move(scenario), provenance, std::move(outcome.all), std::move(outcome.unsolved));
}

std::vector<LabelledResult> small_results() {
  std::vector<LabelledResult> results;
  results.push_back({"smoke", small_result()});
  return results;
}

TEST(Page, TextIsNoMarkup) {
  EXPECT_EQ(html_text("<b a='1' b=\"2\">&amp;"), "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;");
  EXPECT_EQ(script_json(R"({"a":"</script><!--&"})"), R"({"a":"\u003c/script\u003e\u003c!--\u0026"})");
  EXPECT_EQ(Json::parse(script_json(R"({"a":"</script>&"})")), Json::parse(R"({"a":"</script>&"})"));
}

TEST(Page, TextIsNoCommandOfGnuplot) {
  EXPECT_EQ(gnuplot_text("it's `ls`\n\"x\" ü"), R"("it\047s \140ls\140\012\042x\042 ü")");
  EXPECT_EQ(gnuplot_text("\\@a^{b}_c&$d"), R"("\134\100a\136\173b\175\137c\046\044d")");
  EXPECT_EQ(gnuplot_label("a\nb"), "\"a b\"");
  EXPECT_LT(gnuplot_label(std::string(70000, 'x')).size(), 100u);
}

TEST(Page, NamesInAFrameAreFilledOnce) {
  if (!can_make_pages()) GTEST_SKIP() << "no chart library";
  const std::string page = report_page("{{data}}", Json{{"a", "{{title}}"}});
  EXPECT_NE(page.find("<title>{{data}}</title>"), std::string::npos);
  EXPECT_NE(page.find(R"({"a":"{{title}}"})"), std::string::npos);
}

TEST(Page, TooManyNumbersAreThinned) {
  const std::vector<LabelledResult> results = small_results();
  const std::vector<Figure> figures = make_figures(results);
  const Json whole = page_data(results, figures);
  EXPECT_EQ(whole["step"].get<int>(), 1);
  EXPECT_EQ(whole["months"].size(), static_cast<std::size_t>(results[0].set.scenario.months));
  std::vector<Figure> many;
  while (many.size() < 600) many.insert(many.end(), figures.begin(), figures.end());
  const Json thinned = page_data(results, many);
  EXPECT_GT(thinned["step"].get<int>(), 1);
  EXPECT_LE(thinned["figures"].dump().size(), figure_budget);
  EXPECT_EQ(thinned["months"].front().get<int>(), 0);
  EXPECT_EQ(thinned["months"].back().get<int>(), results[0].set.scenario.months - 1);
  EXPECT_EQ(thinned["dates"].size(), thinned["months"].size());
}

TEST(Page, LongConfigsAreCut) {
  std::vector<LabelledResult> results = small_results();
  results[0].set.provenance.config_text += "\n# " + std::string(config_budget, 'x');
  const Json page = page_data(results, make_figures(results));
  EXPECT_EQ(page["scenarios"][0]["config_bytes"].get<std::size_t>(), results[0].set.provenance.config_text.size());
  EXPECT_EQ(page["scenarios"][0]["provenance"]["config_text"].get<std::string>().size(), config_budget);
}

Figure figure_reaching(std::initializer_list<double> reaches) {
  Figure figure;
  figure.has_common_scale = true;
  for (const double reach : reaches) figure.panels.push_back({"", "", {{"", {{"value", {0, -reach, NAN}}}}}});
  settle_scale(figure);
  return figure;
}

TEST(Figures, NoPanelIsFlattenedByAnother) {
  EXPECT_TRUE(figure_reaching({1, 4}).has_common_scale);
  EXPECT_FALSE(figure_reaching({1, 4.1}).has_common_scale);
  EXPECT_TRUE(figure_reaching({0, 4}).has_common_scale);  // nothing to be seen on any scale
  EXPECT_TRUE(figure_reaching({}).has_common_scale);
}

/// The small result of a scenario with some keys set.
LabelledResult labelled(const std::string& label, const std::vector<std::string>& overrides) {
  Scenario scenario = read_scenario(smoke, overrides);
  RunOptions options;
  options.paths = 8;
  RunOutcome outcome = run_paths(scenario, options);
  const Provenance provenance = provenance_of(scenario, options, outcome);
  return {label, make_result_set(std::move(scenario), provenance, std::move(outcome.all), std::move(outcome.unsolved))};
}

TEST(ConfigDifferences, AreTheKeysThatDiffer) {
  std::vector<LabelledResult> results;
  results.push_back(labelled("a", {}));
  EXPECT_TRUE(config_differences(results).empty());
  results.push_back(labelled("b", {"market.sigma=7", "region.us.power_mw=12345", "scenario.title=another"}));
  const double sigma = results[0].set.scenario.market.sigma;
  std::vector<ConfigDifference> differences = config_differences(results);
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].key, "market.sigma");
  EXPECT_EQ(differences[0].values, (std::vector<std::string>{number_text(sigma), "7"}));
  EXPECT_EQ(variant_text(differences, 1), "market.sigma = 7, region.us.power_mw = 12345");
  results.push_back(labelled("c", {"market.kink=0.07"}));
  differences = config_differences(results);
  EXPECT_EQ(differences.size(), 3u);
  EXPECT_EQ(variant_text(differences, 1), "");  // too many to be a name
}

TEST(ConfigDifferences, TellElementsThatNotAllHave) {
  std::vector<LabelledResult> results;
  results.push_back(labelled("a", {}));
  results.push_back(labelled("b", {}));
  results[1].set.provenance.config_text += "\n[[shock]]\nname = \"ban\"\nkind = \"boom\"\nfrom = \"2026-05\"\n";
  const std::vector<ConfigDifference> differences = config_differences(results);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].key, "shock.ban");
  EXPECT_EQ(differences[0].values, (std::vector<std::string>{"no", "yes"}));
}

config::Shock shock(const std::string& name, const std::string& kind, config::YearMonth from,
                    config::YearMonth until = {}) {
  config::Shock out;
  out.name = name;
  out.kind = kind;
  out.from = from;
  out.until = until;
  return out;
}

TEST(ShockSpans, AreTheMonthsOfDatedShocks) {
  std::vector<LabelledResult> results = small_results();
  Scenario& scenario = results[0].set.scenario;
  ASSERT_EQ(scenario.start.year, 2026);
  ASSERT_EQ(scenario.start.month, 1);
  scenario.shocks = {shock("lasts", "demand_factor", {2026, 9}), shock("strikes", "grid_shock", {2026, 3}),
                     shock("kept", "grid_shock", {2026, 4}, {2026, 7}), shock("late", "boom", {2040, 1})};
  scenario.shocks[1].title = "A strike";
  const std::vector<ShockSpan> spans = shock_spans(results);
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].name, "A strike");
  EXPECT_EQ(std::pair(spans[0].first, spans[0].end), std::pair(2, 3));
  EXPECT_EQ(std::pair(spans[1].first, spans[1].end), std::pair(3, 6));
  EXPECT_TRUE(spans[2].is_open);
  EXPECT_EQ(spans[2].first, 8);
  const std::string script = figures_script(make_figures(results), spans, scenario, "x");
  EXPECT_NE(script.find("set object rectangle from first 2026.1250, graph 0 to first 2026.2083"), std::string::npos);
  EXPECT_NE(script.find("set arrow from first 2026.6250, graph 0 to first 2026.6250"), std::string::npos);
}

TEST(Figures, StacksFillTheWhole) {
  for (const Figure& figure : make_figures(small_results())) {
    if (figure.kind != FigureKind::stack) continue;
    for (const Panel& panel : figure.panels)
      for (std::size_t month = 0; month < panel.curves[0].columns[0].values.size(); ++month) {
        double sum = 0;
        for (const Curve& curve : panel.curves) sum += curve.columns[0].values[month];
        EXPECT_NEAR(sum, 1, 1e-5) << figure.id << " month " << month;
      }
  }
}

/// A stack of panels, each of parts with their share in the only month.
Figure stack_of(std::initializer_list<std::vector<std::pair<std::string, double>>> panels) {
  Figure figure;
  figure.kind = FigureKind::stack;
  for (const auto& parts : panels) {
    Panel panel;
    for (const auto& [label, share] : parts) panel.curves.push_back({label, {{"value", {share}}}});
    figure.panels.push_back(std::move(panel));
  }
  settle_parts(figure);
  return figure;
}

std::vector<std::string> labels_in(const Panel& panel) {
  std::vector<std::string> labels;
  for (const Curve& curve : panel.curves) labels.push_back(curve.label);
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Figures, PartsHaveOneOrderInAllPanels) {
  const Figure figure = stack_of({{{"us", 0.4}, {"allies", 0.6}}, {{"row", 0.1}, {"allies", 0.2}, {"us", 0.7}}});
  EXPECT_EQ(labels_in(figure.panels[0]), (Labels{"us", "allies"}));  // 1.1 and 0.8 over the panels
  EXPECT_EQ(labels_in(figure.panels[1]), (Labels{"us", "allies", "row"}));
  EXPECT_EQ(labels_of(figure), (Labels{"us", "allies", "row"}));
}

TEST(Figures, TheSameSmallPartsAreOneInAllPanels) {
  std::vector<std::pair<std::string, double>> falling, rising;
  for (int k = 0; k < 9; ++k) {
    falling.emplace_back(std::string(1, static_cast<char>('a' + k)), 0.3 - 0.02 * k);
    rising.emplace_back(falling.back().first, 0.01 * k);
  }
  const Figure figure = stack_of({falling, rising, {{"i", 1.0}}});
  const Labels labels = labels_of(figure);
  EXPECT_EQ(labels, (Labels{"i", "a", "b", "c", "d", "e", "f", "all others"}));
  EXPECT_EQ(labels_in(figure.panels[1]), labels);
  EXPECT_NEAR(figure.panels[1].curves.back().columns[0].values[0], 0.06 + 0.07, 1e-15);
  EXPECT_EQ(labels_in(figure.panels[2]), Labels{"i"});
}

TEST(Figures, PicturesGiveAPartOneColourAndOneName) {
  Figure figure = stack_of({{{"us", 0.4}, {"allies", 0.6}}, {{"allies", 0.2}, {"us", 0.8}}});
  figure.id = "fleet-share";
  Scenario calendar = small_result().scenario;
  calendar.months = 1;
  const std::string script = figures_script({&figure, 1}, {}, calendar, "x");
  const std::string png = script.substr(0, script.find("unset multiplot"));
  for (const char* style : {"c0 using 1:2:($2+$3) with filledcurves lc rgb '#123c5a'",
                            "c1 using 1:2:($2+$3) with filledcurves lc rgb '#1c6490'"})
    for (const char* panel : {"$p0", "$p1"}) EXPECT_NE(png.find(panel + std::string(style)), std::string::npos);
  for (const char* title :
       {"'#123c5a' fs solid 1 noborder title \"us\"", "'#1c6490' fs solid 1 noborder title \"allies\""}) {
    EXPECT_NE(png.find(title), std::string::npos);
    EXPECT_EQ(png.find(title), png.rfind(title));
  }
}

TEST(PictureLayout, NoLegendTakesRoomFromPanels) {
  const PictureLayout bare(1, {}), full(1, std::vector<LegendEntry>(30, {"", std::string(60, 'x')}));
  EXPECT_EQ(full.width(), bare.width());
  EXPECT_EQ(full.legend_columns(), 1);
  EXPECT_EQ(full.height(), bare.height() + 18 * 31);
  EXPECT_EQ(bare.years_between_tics(6), 1);
  EXPECT_EQ(PictureLayout(6, {}).years_between_tics(12), 2);
}

/// A number rounded for the page and then for display reads as if rounded once: 1.96484 is 1.96, not 1.965 and so 1.97.
TEST(Page, NumbersRoundAsTheWholeOnesDo) {
  const std::vector<LabelledResult> results = small_results();
  std::vector<double> values = {1.96484,  1.9650001, 0.90046, -2.34499, 1234.5678,
                                12344.51, 0.0234996, 1.965,   0.9005,   0};
  std::vector<double> drawn = values;
  drawn.resize(static_cast<std::size_t>(results[0].set.scenario.months), 1.0);
  Figure figure;
  figure.panels.push_back({"", "", {{"", {{"value", drawn}}}}});
  const Json shown = page_data(results, {&figure, 1})["figures"][0]["panels"][0]["curves"][0]["value"];
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double value = values[k], kept = shown[k].get<double>(), size = std::abs(value);
    EXPECT_NEAR(kept, value, 1e-3 * size);
    EXPECT_LE(fmt::format("{}", kept).size(), 8u);
    const int places = size >= 100 ? 0 : size >= 1 ? 2 : 3;
    EXPECT_EQ(fmt::format("{:.{}f}", kept, places), fmt::format("{:.{}f}", value, places)) << value;
  }
}

TEST(Figures, EveryOneHasAKnownFileName) {
  const std::vector<std::string>& names = figure_file_names();
  for (const Figure& figure : make_figures(small_results()))
    EXPECT_NE(std::find(names.begin(), names.end(), figure.id + ".svg"), names.end()) << figure.id;
}

/// A script knows whole numbers up to 2^53.
TEST(Page, LargeSeedsAreShownInFull) {
  std::vector<LabelledResult> results = small_results();
  results[0].set.provenance.seed = 18446744073709551615U;
  const Json page = page_data(results, make_figures(results));
  EXPECT_EQ(page["scenarios"][0]["provenance"]["seed"], "18446744073709551615");
}

TEST(StoredResults, OfAnotherVersionAreReadWhereTheirConfigIs) {
  ResultSet set = small_result();
  StoredResult stored;
  stored.path = "somewhere/result.nc";
  stored.provenance = set.provenance;
  stored.provenance.version = "0.0.1";
  EXPECT_FALSE(stored.is_of_this_version());
  EXPECT_EQ(stored_scenario(stored).name, set.scenario.name);
  stored.provenance.config_text = "[weather]\nrain = true\n";
  try {
    stored_scenario(stored);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("made by chokepoint 0.0.1"), std::string::npos);
  }
}

}  // namespace
}  // namespace chokepoint
