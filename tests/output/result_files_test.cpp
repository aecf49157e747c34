#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "output/csv_files.hpp"
#include "output/errors.hpp"
#include "output/result_netcdf.hpp"
#include "output/summary.hpp"

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
  set.unsolved_tallies = run_paths(set.scenario, options).all;
  set.solved = std::make_unique<Result>(set.tallies->minus(*set.unsolved_tallies));
  return set;
}

class ResultFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "chokepoint-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
  }
  void TearDown() override { fs::remove_all(root); }

  StoredResult write_and_read(const ResultSet& set) {
    OutputFolder folder(root / "out", {result_file}, true);
    write_result_netcdf(set, folder);
    folder.publish();
    return read_result_netcdf((root / "out" / result_file).string());
  }

  fs::path root;
};

TEST_F(ResultFiles, TalliesComeBackBitForBit) {
  const ResultSet set = with_unsolved(small_result());
  const StoredResult stored = write_and_read(set);
  EXPECT_EQ(stored.tallies->digest(), set.tallies->digest());
  ASSERT_TRUE(stored.unsolved_tallies);
  EXPECT_EQ(stored.unsolved_tallies->digest(), set.unsolved_tallies->digest());
  EXPECT_EQ(stored.provenance.config_text, set.scenario.text);
  EXPECT_EQ(stored.provenance.seed, set.provenance.seed);
  EXPECT_EQ(stored.provenance.paths, 8U);
  EXPECT_EQ(facts_of(stored.provenance), facts_of(set.provenance));
}

/// An attribute of netCDF-4 holds 64 KiB; a config may hold more.
TEST_F(ResultFiles, ALongConfigIsKeptWhole) {
  ResultSet set = small_result();
  set.provenance.config_text += "#" + std::string(200000, 'x') + "\n";
  EXPECT_EQ(write_and_read(set).provenance.config_text, set.provenance.config_text);
}

TEST_F(ResultFiles, AChangedFileIsRefused) {
  write_and_read(small_result());
  const std::string path = (root / "out" / result_file).string();
  const std::uintmax_t size = fs::file_size(path);
  fs::resize_file(path, size / 2);
  EXPECT_THROW(read_result_netcdf(path), UsageError);
}

TEST(SummaryText, HoldsWhatPeopleLookFor) {
  const ResultSet set = small_result();
  const Summary summary = make_summary(set);
  const std::string text = summary_text(summary);
  for (const std::string word : {"smoke: 8 paths", "world_price", "regional_price[us]", "cr4_fleet", "2026-03"})
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  EXPECT_NE(text.find(set.tallies->digest()), std::string::npos);
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
  EXPECT_EQ(text.rfind("# digest: " + set.tallies->digest(), 0), 0U);
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
