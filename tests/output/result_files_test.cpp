#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "output/errors.hpp"
#include "output/result_names.hpp"
#include "results/csv_files.hpp"
#include "results/stored_result.hpp"
#include "results/summary.hpp"
#include "results/udunits.hpp"
#include "temporary_folder.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// A run of a few paths and months. `host` stands for everything that may differ between equal runs.
ResultSet small_result(const std::string& host = "here") {
  Scenario scenario =
      read_scenario(CHOKEPOINT_SOURCE_DIR "/configs/smoke.toml", std::vector<std::string>{"scenario.months=3"});
  RunOptions options;
  options.paths = 8;
  options.threads = 1;
  RunOutcome outcome = run_paths(scenario, options);
  Provenance provenance = provenance_of(scenario, options, outcome);
  provenance.run.host = host;
  return make_result_set(std::move(scenario), provenance, std::move(outcome.all), std::move(outcome.unsolved));
}

/// As if two of the paths had not been solved.
ResultSet with_unsolved(ResultSet set) {
  RunOptions options;
  options.paths = 2;
  const TalliesPointer unsolved = run_paths(set.scenario, options).all;
  set.unsolved_tallies = unsolved->serialise();
  set.solved = std::make_unique<Result>(Tallies::deserialise(set.tallies.data(), set.tallies.size()).minus(*unsolved));
  return set;
}

class ResultFiles : public WithTemporaryFolder {
 protected:
  /// @returns the path of the file
  std::string write(const ResultSet& set) {
    OutputFolder folder(root / "out", {result_file}, true);
    write_result_netcdf(set, folder);
    folder.publish();
    return (root / "out" / result_file).string();
  }
};

TEST_F(ResultFiles, TalliesComeBackBitForBit) {
  const ResultSet set = with_unsolved(small_result());
  StoredResult stored = read_stored_result(write(set));
  const StoredTallies tallies = read_stored_tallies(stored);
  EXPECT_EQ(tallies.all->serialise(), set.tallies);
  ASSERT_TRUE(tallies.unsolved);
  EXPECT_EQ(tallies.unsolved->serialise(), set.unsolved_tallies);
  EXPECT_EQ(stored.digest, set.result->digest());
  EXPECT_EQ(stored.totals.checksum_sum, set.result->totals().checksum_sum);
  EXPECT_EQ(stored.totals.checksum_xor, set.result->totals().checksum_xor);
  EXPECT_EQ(stored.provenance.config_text, set.scenario.text);
  EXPECT_EQ(stored.provenance.seed, set.provenance.seed);
  EXPECT_EQ(stored.provenance.paths, 8U);
  EXPECT_EQ(facts_of(stored.provenance), facts_of(set.provenance));
  EXPECT_TRUE(stored.added_attributes.empty());
  EXPECT_TRUE(stored.is_of_this_version());
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void expect_same(const Result& a, const Result& b) {
  ASSERT_EQ(a.months(), b.months());
  ASSERT_EQ(a.measures(), b.measures());
  for (int month = 0; month < a.months(); ++month)
    for (int measure = 0; measure < a.measures(); ++measure) {
      const Statistic &one = a.statistic(month, measure), &other = b.statistic(month, measure);
      EXPECT_TRUE(same(one.mean, other.mean) && same(one.standard_error, other.standard_error) &&
                  same(one.shortfall_low5, other.shortfall_low5) && same(one.smallest, other.smallest) &&
                  one.defined == other.defined)
          << month << " " << measure;
      for (std::size_t k = 0; k < quantile_levels.size(); ++k)
        EXPECT_TRUE(same(one.quantile[k], other.quantile[k]) && same(one.quantile_low[k], other.quantile_low[k]) &&
                    same(one.quantile_high[k], other.quantile_high[k]))
            << month << " " << measure;
    }
  ASSERT_EQ(a.events(), b.events());
  for (int event = 0; event < a.events(); ++event) {
    EXPECT_EQ(a.event(event).passed, b.event(event).passed);
    EXPECT_EQ(a.event(event).recovered, b.event(event).recovered);
    EXPECT_EQ(a.event(event).cumulative, b.event(event).cumulative);
    EXPECT_EQ(a.event(event).quantile_month, b.event(event).quantile_month);
  }
  EXPECT_EQ(a.mean_iterations(), b.mean_iterations());
  EXPECT_EQ(a.digest(), b.digest());
}

/// Reports are made from these, without the tallies.
TEST_F(ResultFiles, StatisticsComeBackAsTheyWere) {
  const ResultSet set = with_unsolved(small_result());
  const ResultSet read = read_result_set(write(set)).set;
  expect_same(*read.result, *set.result);
  EXPECT_EQ(read.no_shock.values, set.no_shock.values);
  EXPECT_EQ(read.provenance.config_text, set.provenance.config_text);
}

TEST_F(ResultFiles, LongTextsAreKeptWhole) {
  ResultSet set = small_result();
  set.provenance.config_text += "#" + std::string(200000, 'x') + "\n";
  set.scenario.title = std::string(70000, 't');
  EXPECT_EQ(read_stored_head(write(set)).provenance.config_text, set.provenance.config_text);
}

TEST_F(ResultFiles, AChangedFileIsRefused) {
  const std::string path = write(small_result());
  const std::uintmax_t size = fs::file_size(path);
  fs::resize_file(path, size / 2);
  EXPECT_THROW(read_stored_result(path), UsageError);
}

/// CF asks for units that UDUNITS reads; each unit of a measure has its line.
TEST_F(ResultFiles, EveryUnitIsKnown) {
  for (const MeasureInfo& measure : measure_table) EXPECT_NO_THROW(udunits(measure.unit)) << measure.name;
  EXPECT_EQ(udunits("USD per H100e-hour"), "hour-1");
  EXPECT_EQ(udunits("kH100e"), "1e3");
  EXPECT_THROW(udunits("furlongs"), std::logic_error);
}

TEST(SummaryText, HoldsWhatPeopleLookFor) {
  const ResultSet set = small_result();
  const Summary summary = make_summary(set);
  const std::string text = summary_text(summary);
  for (const std::string word : {"smoke: 8 paths", "world_price", "regional_price[us]", "cr4_fleet", "2026-03"})
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  EXPECT_NE(text.find(set.result->digest()), std::string::npos);
  EXPECT_EQ(summary.dates[0], "2026-01");
  EXPECT_EQ(summary.dates[2], "2026-03");
}

TEST(SummaryJson, ShowsResultsWithAndWithoutUnsolvedPaths) {
  const ResultSet plain = small_result();
  EXPECT_FALSE(to_json(make_summary(plain)).contains("without_unsolved"));
  const ResultSet set = with_unsolved(small_result());
  const Json json = to_json(make_summary(set));
  EXPECT_EQ(json["without_unsolved"]["headline"].size(), json["headline"].size());
  for (const char* key : {"digest", "paths", "unsolved", "max_residual", "headline", "events", "provenance"})
    EXPECT_TRUE(json.contains(key)) << key;
}

TEST(SummaryJson, OnlyProvenanceKnowsTheHost) {
  Json here = to_json(make_summary(small_result("here"))), there = to_json(make_summary(small_result("there")));
  EXPECT_NE(json_text(here), json_text(there));
  here.erase("provenance");
  there.erase("provenance");
  EXPECT_EQ(json_text(here), json_text(there));
}

TEST(CsvFiles, OneLineForEachMonthAndElement) {
  const ResultSet set = small_result();
  const std::string text = prices_csv(set);
  EXPECT_EQ(text.rfind("# digest: " + set.result->digest(), 0), 0U);
  const auto count = [&](const std::string& word) {
    int found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("\n2026-01-01,world_price,"), 1);
  EXPECT_EQ(count(",world_price,"), 3);
  EXPECT_EQ(count(",regional_price,us,"), 3);
  EXPECT_EQ(count(",hhi_fleet,"), 0);
  EXPECT_NE(concentration_csv(set).find(",hhi_fleet,"), std::string::npos);
}

}  // namespace
}  // namespace chokepoint
