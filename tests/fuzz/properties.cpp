#include "properties.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/scenario.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "one_shot/clear.hpp"
#include "scenario/lower/lower.hpp"
#include "tally/tallies_bytes.hpp"

namespace chokepoint::fuzz {
namespace {

void require(bool good, const std::string& what) {
  if (!good) throw Broken{what};
}

/// A config with the overrides that stand before it.
struct Config {
  explicit Config(std::string_view input) {
    constexpr std::string_view mark = "--set ";
    while (input.starts_with(mark)) {
      const std::size_t end = std::min(input.find('\n'), input.size());
      overrides.emplace_back(input.substr(mark.size(), end - mark.size()));
      input.remove_prefix(std::min(end + 1, input.size()));
    }
    text = input;
  }
  std::vector<std::string> overrides;
  std::string_view text;
};

void require_messages(const ScenarioError& error) {
  require(!error.diagnostics().empty(), "refused without a diagnostic");
  for (const Diagnostic& diagnostic : error.diagnostics()) require(!diagnostic.message.empty(), "an empty message");
  require(std::strlen(error.what()) > 0, "refused without a text");
}

}  // namespace

bool read_scenario_property(std::string_view input) {
  const Config config(input);
  try {
    const Scenario scenario = read_scenario_text(config.text, "<fuzz>", config.overrides);
    lower<double>(scenario, 1);
    lower<float>(scenario, 1);
    return true;
  } catch (const ScenarioError& error) {
    require_messages(error);
    return false;
  }
}

bool read_market_property(std::string_view input) {
  const Config config(input);
  try {
    clear(read_one_shot_text(config.text, "<fuzz>", config.overrides));
    return true;
  } catch (const ScenarioError& error) {
    require_messages(error);
    return false;
  }
}

bool read_tallies_property(std::string_view input) {
  std::vector<std::byte> bytes;
  for (const char c : input) bytes.push_back(static_cast<std::byte>(c));
  const TallyHash hash = tally_hash(bytes.data(), bytes.size());
  bytes.insert(bytes.end(), hash.begin(), hash.end());
  try {
    require(Tallies::deserialise(bytes.data(), bytes.size()).serialise() == bytes, "written back differently");
    return true;
  } catch (const TallyFormatError& error) {
    require(std::strlen(error.what()) > 0, "refused without a text");
    return false;
  }
}

Property property_of(std::string_view name) {
  if (name == "scenario") return read_scenario_property;
  if (name == "market") return read_market_property;
  if (name == "tallies") return read_tallies_property;
  if (name == "command_line") return command_line_property;
  return nullptr;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace chokepoint::fuzz
