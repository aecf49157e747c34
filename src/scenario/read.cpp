#include <xxhash.h>

#include <sstream>

#include "scenario/keys.hpp"
#include "scenario/overrides.hpp"
#include "scenario/reader.hpp"
#include "scenario/toml_text.hpp"
#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

std::string hash_text(std::string_view text) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data(), text.size()));
  std::string hex;
  for (const unsigned char byte : canonical.digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace

Scenario read_scenario_text(std::string_view text, std::string_view source, std::span<const std::string> overrides) {
  const std::string file(source);
  toml::table root = parse_config(text, file);
  Diagnostics diagnostics(file);
  for (const std::string& item : overrides) apply_override(root, config_table(), item, diagnostics);
  Scenario scenario;
  read_table(root, config_table(), &scenario, "", diagnostics);
  validate(scenario, diagnostics);
  diagnostics.throw_if_any();
  std::ostringstream merged;
  if (!overrides.empty()) merged << root << '\n';
  scenario.source_path = file;
  scenario.text = overrides.empty() ? std::string(text) : merged.str();
  scenario.text_hash = hash_text(scenario.text);
  return scenario;
}

Scenario read_scenario(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return read_scenario_text(read_config_file(path), path.string(), overrides);
}

}  // namespace chokepoint
