#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "chokepoint/market/parameters.hpp"
#include "scenario/edited.hpp"
#include "scenario/lower/lower.hpp"
#include "temporary_folder.hpp"

// The config as a file: sizes, syntax, hashes, and texts that nobody would write.
namespace chokepoint {
namespace {

class HugeConfigFile : public WithTemporaryFolder {};

std::string message_of(const std::filesystem::path& path) {
  try {
    read_scenario(path);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}

TEST_F(HugeConfigFile, IsRefusedUnread) {
  const std::filesystem::path path = root / "huge.toml";
  std::ofstream(path) << "#";
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);  // a hole: reading it would take minutes
  EXPECT_EQ(message_of(path),
            path.string() + ":1:1: holds more than a config may (1099511627776 bytes); allowed: at most 1048576 bytes");
  EXPECT_THROW(read_scenario_text(std::string(max_config_bytes + 1, '#')), ScenarioError);
}

TEST(ConfigFile, MissingFileAndDirectory) {
  EXPECT_EQ(message_of("/nowhere/x.toml"),
            "/nowhere/x.toml: can't be read: No such file or directory; check the path and the disk");
  EXPECT_EQ(message_of("/tmp"), "/tmp: is a directory; name a TOML file");
}

TEST(ConfigFile, SyntaxErrorHasItsPlace) {
  const std::vector<Diagnostic> faults = faults_of("[scenario]\nname = \"x\"\nmonths = = 3\n");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].line, 3);
  EXPECT_EQ(faults[0].file, "test.toml");
}

TEST(ConfigFile, HashIsXxh3OfTheText) {
  const Scenario scenario = read_scenario_text(minimal_text());
  EXPECT_EQ(scenario.text, minimal_text());
  EXPECT_EQ(scenario.text_hash.size(), 32u);
  EXPECT_EQ(scenario.text_hash,
            read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/tests/data/scenario_minimal.toml").text_hash);
  EXPECT_NE(scenario.text_hash, read_scenario_text(minimal_text() + "\n").text_hash);
}

TEST(ConfigFile, TowersOfTablesAreRefused) {
  std::string dotted = "a", brackets = "x = ";
  for (int i = 0; i < 200000; ++i) dotted += ".a", brackets += "[";
  for (const std::string& text : {dotted + " = 1", "[" + dotted + "]", "x = {" + dotted + " = 1}", brackets})
    EXPECT_EQ(faults_of(text).size(), 1u) << text.substr(0, 20);
  EXPECT_TRUE(faults_of(edited(minimal_text(), "[market]", "# " + std::string(500, '.') + "\n[market]")).empty());
  EXPECT_TRUE(faults_of(edited(minimal_text(), "name = \"minimal\"",
                               "name = \"minimal\"\ndescription = '''" + std::string(500, '.') + "'''"))
                  .empty());
}

/// One random edit: a byte changed, a piece removed, doubled or moved, or a value put in.
std::string mutated(std::string text, std::mt19937& random) {
  static const char* const pieces[] = {"nan",     "-1",     "1e300",   "\"\"", "[]",
                                       "{}",      "[[",     "]]",      "=",    "\n",
                                       "true",    "\"us\"", "#",       "'''",  "99999999999999999999",
                                       "2026-07", "\xff",   "\\u0000", "."};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::size_t at = below(text.size()), length = std::min(below(60), text.size() - at);
  switch (below(6)) {
    case 0:
      text[at] = static_cast<char>(random() & 0xff);
      break;
    case 1:
      text.erase(at, length);
      break;
    case 2:
      text.insert(below(text.size()), text.substr(at, length));
      break;
    case 3:
      text.insert(at, pieces[below(std::size(pieces))]);
      break;
    case 4:
      text.replace(at, std::min<std::size_t>(length, 4), pieces[below(std::size(pieces))]);
      break;
    default: {  // swap two lines' ends
      const std::size_t from = text.find('=', at), to = text.find('\n', at);
      if (from < to && to != std::string::npos) text.replace(from + 1, to - from - 1, pieces[below(std::size(pieces))]);
    }
  }
  return text;
}

TEST(ConfigFile, NoEditOfAConfigBreaksTheReader) {
  const std::string smoke = file_text("configs/smoke.toml");
  std::mt19937 random(20260101);
  int accepted = 0, refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = mutated(smoke, random);
    for (std::size_t more = random() % 2; more > 0; --more) text = mutated(text, random);
    try {
      const Scenario scenario = read_scenario_text(text);
      const auto block = lower<float>(scenario, 1);
      EXPECT_GT(block->sizes.measures, 0);
      const std::vector<std::string> overrides = {"scenario.months=3"};
      const std::string written = read_scenario_text(text, "x", overrides).text;
      EXPECT_EQ(read_scenario_text(written, "y", overrides).text, written);
      ++accepted;
    } catch (const ScenarioError& error) {
      EXPECT_FALSE(error.diagnostics().empty());
      EXPECT_GT(std::string(error.what()).size(), 10u);
      ++refused;
    }
  }
  EXPECT_GT(accepted, 50);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace chokepoint
