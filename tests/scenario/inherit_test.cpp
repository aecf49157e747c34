#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "chokepoint/market/parameters.hpp"
#include "config/inherit.hpp"
#include "scenario/edited.hpp"
#include "scenario/lower/lower.hpp"
#include "temporary_folder.hpp"

// Files that build on files: what merges, what the result says of itself, and every way in which it can go wrong.
namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// A folder of its own with `base.toml`, the small config of these tests.
class Inherit : public WithTemporaryFolder {
 protected:
  void SetUp() override {
    fs::create_directories(root / "deeper");
    write("base.toml", minimal_text());
  }

  std::string path(const std::string& name) const { return (root / name).string(); }
  void write(const std::string& name, const std::string& text) const { write_file(name, text); }

  Scenario child(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    write("child.toml", "extends = \"base.toml\"\n" + text);
    return read_scenario(path("child.toml"), overrides);
  }
  /// Faults of a file, with the folder left out of the paths.
  std::string faults(const std::string& name) const {
    try {
      read_scenario(path(name));
      return "";
    } catch (const ScenarioError& error) {
      std::string text = error.what();
      for (std::size_t at; (at = text.find(root.string() + "/")) != std::string::npos;)
        text.erase(at, root.string().size() + 1);
      return text;
    }
  }
  std::string faults_of_child(const std::string& text) const {
    write("child.toml", "extends = \"base.toml\"\n" + text);
    return faults("child.toml");
  }
};

TEST_F(Inherit, NothingSaidIsTheParent) {
  const Scenario parent = read_scenario(path("base.toml")), scenario = child("");
  const auto a = lower<double>(parent, 3), b = lower<double>(scenario, 3);
  EXPECT_EQ(std::memcmp(a.get(), b.get(), sizeof *a), 0);
  EXPECT_EQ(scenario.source_path, path("child.toml"));
}

TEST_F(Inherit, TablesMergeByKey) {
  const Scenario scenario = child("[market]\nkink = 0.07\n[scenario]\nname = \"child\"\nseed = 9\n");
  EXPECT_EQ(scenario.market.kink, 0.07);
  EXPECT_EQ(scenario.market.sigma, 4);
  EXPECT_EQ(scenario.name, "child");
  EXPECT_EQ(scenario.months, 12);
  EXPECT_EQ(scenario.seed, 9u);
}

TEST_F(Inherit, ElementsMergeByNameAndStayInPlace) {
  const Scenario scenario = child(
      "[[region]]\nname = \"cn\"\npower_mw = 7\n[region.war]\ntrigger = 0.4\n"
      "[[provider]]\nname = \"beta\"\nfleet_thousand = { h200 = 3 }\n"
      "[[outage]]\nname = \"quake\"\nseverity = [0.1, 0.2]\n");
  ASSERT_EQ(scenario.regions.size(), 2u);
  EXPECT_EQ(scenario.regions[1].name, "cn");
  EXPECT_EQ(scenario.regions[1].power_mw, 7);
  EXPECT_EQ(scenario.regions[1].war.trigger, 0.4);
  EXPECT_EQ(scenario.providers[0].fleet_thousand.at("h200"), 3);
  EXPECT_EQ(scenario.providers[0].fleet_thousand.at("n910"), 40);
  EXPECT_EQ(scenario.outages[0].hazard.severity.low, 0.1);
  EXPECT_EQ(scenario.outages[0].hazard.per_year, 0.5);
}

TEST_F(Inherit, ElementsOfTwoNamesAndWithinElements) {
  const Scenario scenario = child(
      "[[export]]\nclass = \"frontier\"\nregion = \"cn\"\nleak_share = 0\n"
      "schedule = [{ date = \"2026-09\", regime = \"quota\" }, { date = \"2026-12\", regime = \"open\" }]\n"
      "[[export]]\nclass = \"frontier\"\nregion = \"us\"\nstart = \"quota\"\n");
  ASSERT_EQ(scenario.exports.size(), 2u);
  EXPECT_EQ(scenario.exports[0].leak_share, 0);
  EXPECT_EQ(scenario.exports[0].start, "window");
  ASSERT_EQ(scenario.exports[0].schedule.size(), 2u);
  EXPECT_EQ(scenario.exports[0].schedule[0].regime, "quota");
  EXPECT_EQ(format(scenario.exports[0].schedule[1].date), "2026-12");
  EXPECT_EQ(scenario.exports[1].start, "quota");
}

TEST_F(Inherit, NewNamesComeLastAndOldOnesGo) {
  const Scenario scenario = child(
      "[[policy]]\nname = \"cap\"\nremove = true\n"
      "[[event]]\nname = \"dear\"\nremove = true\n"
      "[[event]]\nname = \"dear\"\nmeasure = \"hhi_fleet\"\nbelow = 7\n"
      "[[event]]\nname = \"cheap\"\nmeasure = \"hhi_fleet\"\nabove = 8\n");
  EXPECT_TRUE(scenario.policies.empty());
  ASSERT_EQ(scenario.events.size(), 2u);
  EXPECT_FALSE(scenario.events[0].above.has_value());  // as if the old one had never been
  EXPECT_FALSE(scenario.events[0].relative);
  EXPECT_EQ(scenario.events[1].name, "cheap");
}

TEST_F(Inherit, ChainsAreLaidFromTheOldestOn) {
  write("middle.toml", "extends = \"base.toml\"\n[market]\nkink = 0.07\nsigma = 5\n");
  write("deeper/child.toml", "extends = \"../middle.toml\"\n[market]\nsigma = 6\n");
  const Scenario scenario = read_scenario(path("deeper/child.toml"));
  EXPECT_EQ(scenario.market.sigma, 6);
  EXPECT_EQ(scenario.market.kink, 0.07);
  EXPECT_EQ(scenario.months, 12);
}

TEST_F(Inherit, TextNeedsNoParent) {
  const std::vector<std::string> overrides = {"market.kink=0.03"};
  const Scenario first = child(
      "[[region]]\nname = \"cn\"\npower_mw = 12345.678901234567\n[[policy]]\nname = \"cap\"\nremove = true\n"
      "[[export]]\nclass = \"frontier\"\nregion = \"cn\"\n[[export.schedule]]\ndate = \"2026-12\"\n"
      "regime = \"open\"\n",
      overrides);
  fs::remove_all(root);
  const Scenario again = read_scenario_text(first.text);
  EXPECT_EQ(again.text_hash, first.text_hash);
  EXPECT_EQ(again.regions[1].power_mw, 12345.678901234567);
  EXPECT_EQ(again.market.kink, 0.03);
  const auto a = lower<double>(first, 3), b = lower<double>(again, 3);
  EXPECT_EQ(std::memcmp(a.get(), b.get(), sizeof *a), 0);
}

TEST_F(Inherit, SetGoesOnTop) {
  EXPECT_EQ(child("[market]\nsigma = 5\n", {"market.sigma=6"}).market.sigma, 6);
  EXPECT_EQ(child("[[policy]]\nname = \"x\"\nfrom = \"2026-05\"\nregion = \"us\"\nkey = \"subsidy\"\nvalue = 0.1\n",
                  {"policy.x.value=0.2"})
                .policies[1]
                .value,
            0.2);
}

TEST_F(Inherit, FaultsStandWhereTheValueStands) {
  EXPECT_EQ(faults_of_child("\n[[region]]\nname = \"cn\"\npower_mw = -1\n"),
            "child.toml:5:12: region.cn.power_mw: is out of range (-1); allowed: 0 to 1e+07 MW");
  EXPECT_EQ(faults_of_child("[[region]]\nname = \"cn\"\npower_mv = 1\n").substr(0, 61),
            "child.toml:4:1: region.cn.power_mv: unknown key; did you mean");
  EXPECT_EQ(faults_of_child("[[provider]]\nname = \"beta\"\nfleet_thousand = { n91 = 1 }\n"),
            "child.toml:4:20: provider.beta.fleet_thousand.n91: there is no chip 'n91'; did you mean 'n910'?");
  write("base.toml", edited(minimal_text(), "power_mw = 500", "power_mw = -5"));
  EXPECT_EQ(faults_of_child("[market]\nsigma = -4\n"),
            "child.toml:3:9: market.sigma: is out of range (-4); allowed: above 0 to 20\n"
            "base.toml:" +
                place_of(edited(minimal_text(), "power_mw = 500", "power_mw = -5"), "-5") +
                ": region.cn.power_mw: is out of range (-5); allowed: 0 to 1e+07 MW");
  EXPECT_EQ(faults_of_child("[[region]]\nname = \"cn\"\npower_mw = 5\n"), "");  // the child mends it
}

TEST_F(Inherit, NamesGivenTwice) {
  EXPECT_EQ(faults_of_child("[[region]]\nname = \"cn\"\n[[region]]\nname = \"cn\"\npower_mw = 1\n"
                            "electricity_usd_per_kwh = 0.1\n"),
            "child.toml:5:8: region.cn: is given twice; first in line 3");
}

TEST_F(Inherit, FaultsOfRemoval) {
  EXPECT_EQ(faults_of_child("[[region]]\nname = \"cm\"\nremove = true\n"),
            "child.toml:4:10: region.cm.remove: there is no region 'cm' to remove; did you mean 'cn'?");
  EXPECT_EQ(faults_of_child("[[policy]]\nname = \"cap\"\nremove = false\n"),
            "child.toml:4:10: policy.cap.remove: is not true (false); leave it out to keep the element");
  EXPECT_EQ(
      faults_of_child("[[policy]]\nname = \"cap\"\nvalue = 3\nremove = true\n"),
      "child.toml:5:10: policy.cap.remove: stands beside other keys; give the name alone, and a new element after "
      "it to replace the old one");
  EXPECT_EQ(faults_of(edited(minimal_text(), "power_mw = 1000", "power_mw = 1000\nremove = true")).size(), 1u);
}

TEST_F(Inherit, FaultsOfTheParent) {
  const auto refused = [&](const std::string& value) {
    write("child.toml", "# first line\nextends = " + value + "\n");
    return faults("child.toml");
  };
  EXPECT_EQ(refused("\"bass.toml\""),
            "child.toml:2:11: extends: there is no file 'bass.toml'; the path is relative to this file");
  EXPECT_EQ(refused("\"deeper\""), "child.toml:2:11: extends: 'deeper' is no file; name a TOML file");
  EXPECT_EQ(refused("3").substr(0, 44), "child.toml:2:11: extends: names no file (3);");
  EXPECT_EQ(refused("\"\"").substr(0, 45), "child.toml:2:11: extends: names no file (\"\");");
  ASSERT_EQ(mkfifo(path("pipe.toml").c_str(), 0600), 0);  // opening it would wait for a writer
  EXPECT_EQ(refused("\"pipe.toml\""), "child.toml:2:11: extends: 'pipe.toml' is no file; name a TOML file");
  write("broken.toml", "\n\nx = = 3\n");
  EXPECT_EQ(refused("\"broken.toml\"").substr(0, 15), "broken.toml:3:5");
  write("large.toml", "#");
  fs::resize_file(path("large.toml"), std::uintmax_t{1} << 40);
  EXPECT_EQ(refused("\"large.toml\"").substr(0, 52), "large.toml:1:1: holds more than a config may (109951");
}

TEST_F(Inherit, Cycles) {
  write("child.toml", "extends = \"child.toml\"\n");
  EXPECT_EQ(faults("child.toml"),
            "child.toml:1:11: extends: leads back to 'child.toml'; child.toml extends child.toml");
  write("a.toml", "extends = \"deeper/b.toml\"\n");
  write("deeper/b.toml", "\nextends = \"../a.toml\"\n");
  EXPECT_EQ(faults("a.toml"),
            "deeper/b.toml:2:11: extends: leads back to 'a.toml'; a.toml extends deeper/b.toml extends a.toml");
}

TEST_F(Inherit, DepthAndSize) {
  write("0.toml", minimal_text());
  for (std::size_t i = 1; i <= longest_ancestry; ++i)
    write(std::to_string(i) + ".toml", "extends = \"" + std::to_string(i - 1) + ".toml\"\n");
  EXPECT_EQ(faults(std::to_string(longest_ancestry - 1) + ".toml"), "");
  EXPECT_EQ(faults(std::to_string(longest_ancestry) + ".toml"),
            "1.toml:1:11: extends: has too many ancestors; allowed: at most 16 files in a row");
  const std::string half(max_config_bytes * 6 / 10, 'x');
  write("base.toml", edited(minimal_text(), "name = \"minimal\"", "name = \"minimal\"\ntitle = \"" + half + "\""));
  EXPECT_EQ(faults_of_child("[scenario]\ndescription = \"" + half + "\"\n").substr(0, 49),
            "child.toml:1:1: holds more than a config may (126");
}

TEST_F(Inherit, ExtendsStandsAtTheTop) {
  EXPECT_NE(formatted(faults_of(edited(minimal_text(), "[market]", "[market]\nextends = \"x\"")))
                .find("market.extends: unknown key; write it above the first [table]\n"),
            std::string::npos);
}

}  // namespace
}  // namespace chokepoint
