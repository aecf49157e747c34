#include <xxhash.h>

#include "config/inherit.hpp"
#include "config/overrides.hpp"
#include "config/reader.hpp"
#include "config/resolved_text.hpp"
#include "config/toml_text.hpp"
#include "scenario/keys.hpp"
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

/// What was merged, as one file. It must be readable again: results carry it.
std::string merged_text(const toml::table& root, const std::string& file) {
  std::string text = resolved_text(root, config_table());
  if (text.size() > max_config_bytes) refuse_size(file, text.size());
  return text;
}

}  // namespace

Scenario read_scenario_text(std::string_view text, std::string_view source, std::span<const std::string> overrides) {
  const std::string file(source);
  toml::table root = parse_config(text, file);
  Diagnostics diagnostics(file);
  const bool is_as_written = !inherit(root, file, config_table(), diagnostics) && overrides.empty();
  apply_overrides(root, config_table(), overrides, diagnostics);
  Scenario scenario;
  read_table(root, config_table(), &scenario, "", diagnostics);
  validate(scenario, diagnostics);
  diagnostics.throw_if_any();
  scenario.source_path = file;
  scenario.text = is_as_written ? std::string(text) : merged_text(root, file);
  scenario.text_hash = hash_text(scenario.text);
  return scenario;
}

Scenario read_scenario(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return read_scenario_text(read_config_file(path), path.string(), overrides);
}

}  // namespace chokepoint
