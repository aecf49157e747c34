#include "scenario/schema.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "config/spelling.hpp"
#include "one_shot/schema.hpp"
#include "scenario/edited.hpp"

namespace chokepoint {
namespace {

using nlohmann::json;

/// A TOML value as JSON, for checking it against the schema.
json to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json out = json::object();
    for (const auto& [key, value] : *table) out[std::string(key.str())] = to_json(value);
    return out;
  }
  if (const auto* array = node.as_array()) {
    json out = json::array();
    for (const toml::node& value : *array) out.push_back(to_json(value));
    return out;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  return node.as_floating_point()->get();
}

bool has_type(const json& value, const std::string& type) {
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number_integer();
  return type == value.type_name();
}

/// Enough of a JSON Schema checker for the words that config_schema() uses. Returns the first fault, or nothing.
std::string fault_in(const json& value, const json& schema, const std::string& path) {
  if (schema == false) return path + ": is not allowed";
  if (schema.empty()) return "";
  if (schema.contains("anyOf")) {
    for (const json& option : schema["anyOf"])
      if (fault_in(value, option, path).empty()) return "";
    return path + ": fits no option";
  }
  if (schema.contains("const")) return value == schema["const"] ? "" : path + ": not the word";
  if (schema.contains("not")) return fault_in(value, schema["not"], path).empty() ? path + ": fits" : "";
  if (schema.contains("if") && fault_in(value, schema["if"], path).empty())
    if (const std::string fault = fault_in(value, schema["then"], path); !fault.empty()) return fault;
  if (schema.contains("type") && !has_type(value, schema["type"]))
    return path + ": is no " + schema["type"].get<std::string>();
  if (schema.contains("minimum") && value < schema["minimum"]) return path + ": too small";
  if (schema.contains("exclusiveMinimum") && value <= schema["exclusiveMinimum"]) return path + ": too small";
  if (schema.contains("maximum") && value > schema["maximum"]) return path + ": too large";
  if (schema.contains("enum") && std::count(schema["enum"].begin(), schema["enum"].end(), value) == 0)
    return path + ": not in enum";
  if (value.is_array()) {
    if (value.size() < schema.value("minItems", 0u) || value.size() > schema.value("maxItems", 1000u))
      return path + ": wrong length";
    for (const json& element : value)
      if (const std::string fault = fault_in(element, schema["items"], path + "[]"); !fault.empty()) return fault;
  }
  if (value.is_object()) {
    for (const json& key : schema.value("required", json::array()))
      if (!value.contains(key.get<std::string>())) return path + ": lacks " + key.get<std::string>();
    const json known = schema.value("properties", json::object());
    for (const auto& [key, inner] : value.items()) {
      const json next = known.contains(key) ? known[key] : schema.value("additionalProperties", json::object());
      if (const std::string fault = fault_in(inner, next, path + "." + key); !fault.empty()) return fault;
    }
  }
  return "";
}

TEST(Schema, CoversEveryKeyOfTheConfigs) {
  std::vector<std::string> paths = {"configs/smoke.toml", "configs/baseline.toml", "tests/data/scenario_minimal.toml"};
  for (const auto& entry : std::filesystem::directory_iterator(CHOKEPOINT_SOURCE_DIR "/configs/scenarios"))
    if (entry.path().extension() == ".toml") paths.push_back("configs/scenarios/" + entry.path().filename().string());
  ASSERT_GT(paths.size(), 10u);
  for (const std::string& path : paths)
    EXPECT_EQ(fault_in(to_json(toml::parse(file_text(path))), config_schema(), path), "");
}

TEST(Schema, CoversEveryKeyOfTheMarkets) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(CHOKEPOINT_SOURCE_DIR "/configs/markets")) {
    const std::string path = "configs/markets/" + entry.path().filename().string();
    EXPECT_EQ(fault_in(to_json(toml::parse(file_text(path))), market_schema(), path), "");
    ++files;
  }
  EXPECT_GT(files, 20);
  const auto fault = [](const char* text) { return fault_in(to_json(toml::parse(text)), market_schema(), ""); };
  EXPECT_NE(fault("[[market]]\nprice_ceiling = 3\n"), "");
  EXPECT_NE(fault("[[firm]]\ncost = -1\n"), "");
  EXPECT_NE(fault("[[firm]]\nremove = true\n"), "");
  EXPECT_NE(fault("shares = []\n"), "");
}

TEST(Schema, RefusesWhatTheReaderRefuses) {
  for (const char* edit : {"power_mw = -5", "power_mv = 5", "power_mw = \"x\"", "power_mw = 1\nshare_cap = 0"}) {
    const std::string text = edited(minimal_text(), "power_mw = 1000", edit);
    EXPECT_NE(fault_in(to_json(toml::parse(text)), config_schema(), ""), "") << edit;
    EXPECT_FALSE(faults_of(text).empty()) << edit;
  }
}

TEST(Schema, AsksLessOfAFileThatExtendsAnother) {
  const auto fault = [](const std::string& text) { return fault_in(to_json(toml::parse(text)), config_schema(), ""); };
  const std::string child = "[[region]]\nname = \"cn\"\npower_mw = 3\n[[policy]]\nname = \"cap\"\nremove = true\n";
  EXPECT_EQ(fault("extends = \"base.toml\"\n" + child), "");
  EXPECT_NE(fault(child), "");
  EXPECT_NE(fault("extends = \"base.toml\"\n[[region]]\npower_mw = 3\n"), "");
  EXPECT_NE(fault(edited(minimal_text(), "power_mw = 1000", "power_mw = 1000\nremove = true")), "");
  EXPECT_NE(fault(edited(minimal_text(), "power_mw = 1000", "")), "");
}

TEST(Schema, StatesItsDraftAndDefaults) {
  const json schema = config_schema();
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  const json region = schema["properties"]["region"]["items"];
  EXPECT_EQ(region["properties"]["conduct"]["default"], 0.3);
  EXPECT_EQ(region["properties"]["power_mw"]["maximum"], 1e7);
  EXPECT_FALSE(region["properties"]["power_mw"].contains("default"));
  EXPECT_EQ(schema["properties"]["scenario"]["properties"]["start"]["default"], "2026-01");
  EXPECT_EQ(schema["properties"]["export"]["items"]["properties"]["start"]["enum"].size(), 4u);
}

/// Every default must itself be accepted, or a config that spells it out would be refused.
void check_defaults(const json& schema, const std::string& path) {
  if (schema.contains("default")) {
    EXPECT_EQ(fault_in(schema["default"], schema, path), "");
  }
  if (schema.contains("items")) check_defaults(schema["items"], path + "[]");
  const json properties = schema.value("properties", json::object());
  for (const auto& [key, inner] : properties.items()) {
    EXPECT_FALSE(inner.value("description", "").empty()) << path << "." << key;
    check_defaults(inner, path + "." + key);
  }
}

TEST(Schema, DefaultsAreInRangeAndEveryKeyHasHelp) {
  check_defaults(config_schema(), "");
  check_defaults(market_schema(), "");
}

TEST(Reference, ListsKeysWithTheirUnits) {
  const std::string text = config_reference();
  EXPECT_NE(text.find("## `region.grid_shock`"), std::string::npos);
  EXPECT_NE(text.find("| `power_mw` | MW | 0 to 1e+07 | **required** |"), std::string::npos);
  EXPECT_NE(text.find("| `sigma` |  | above 0 to 20 | `6.0` |"), std::string::npos);
}

/// docs/market-files.md holds the reference as the program prints it (`chokepoint schema --market --markdown`).
TEST(Reference, OfMarketFilesIsCurrent) {
  EXPECT_NE(file_text("docs/market-files.md").find(market_reference()), std::string::npos);
}

TEST(Spelling, NearestName) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("ab", "ba"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(nearest("regoin", {"chip", "region"}), "region");
  EXPECT_EQ(nearest("power", {"power_growth_per_year", "power_mw"}), "power_mw");
  EXPECT_EQ(nearest("zebra", {"chip", "region"}), "");
  EXPECT_EQ(suggestion("zebra", {"chip", "region"}), "allowed: 'chip' or 'region'");
  EXPECT_EQ(suggestion("zebra", {}), "none is defined");
  std::vector<std::string> many;
  for (int i = 100; i < 200; ++i) many.push_back("measure_" + std::to_string(i));
  many.push_back("price_of_power");
  EXPECT_EQ(suggestion("zebra", many).substr(0, 29), "allowed: 101 names, such as '");
  EXPECT_EQ(suggestion("power price", many).substr(0, 46), "allowed: 101 names, such as 'price_of_power', ");
}

}  // namespace
}  // namespace chokepoint
