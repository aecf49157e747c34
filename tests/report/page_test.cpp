#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "chokepoint/engine.hpp"
#include "output/errors.hpp"
#include "output/stored_result.hpp"
#include "report/figure_files.hpp"
#include "report/gnuplot.hpp"
#include "report/page.hpp"
#include "report/page_data.hpp"

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
  EXPECT_EQ(gnuplot_text("it's `ls`\n\"x\""), "'it''s `ls` \"x\"'");
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
