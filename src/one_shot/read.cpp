#include "config/overrides.hpp"
#include "config/reader.hpp"
#include "config/toml_text.hpp"
#include "one_shot/parts.hpp"

namespace chokepoint {

namespace {

void name_the_nameless(OneShot& one_shot) {
  for (std::size_t i = 0; i < one_shot.firms.size(); ++i)
    if (one_shot.firms[i].name.empty()) one_shot.firms[i].name = "firm " + std::to_string(i + 1);
  for (std::size_t i = 0; i < one_shot.segments.size(); ++i)
    if (one_shot.segments[i].name.empty()) one_shot.segments[i].name = "segment " + std::to_string(i + 1);
}

}  // namespace

OneShot read_one_shot_text(std::string_view text, std::string_view source, std::span<const std::string> overrides) {
  const std::string file(source);
  toml::table root = parse_config(text, file);
  Diagnostics diagnostics(file);
  apply_overrides(root, one_shot_table(), overrides, diagnostics, {"shares"});
  OneShot one_shot;
  take_shares(root, one_shot, diagnostics);
  read_table(root, one_shot_table(), &one_shot, "", diagnostics);
  if (one_shot.markets.empty()) one_shot.markets.push_back({"market", {}});
  validate(one_shot, diagnostics);
  diagnostics.throw_if_any();
  name_the_nameless(one_shot);
  return one_shot;
}

OneShot read_one_shot(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return read_one_shot_text(read_config_file(path), path.string(), overrides);
}

}  // namespace chokepoint
