#include <fstream>

#include "scenario/one_shot_parts.hpp"
#include "scenario/reader.hpp"

namespace chokepoint {

namespace {

constexpr std::ptrdiff_t deepest_key = 1000;  ///< dots in a line's key; the parser's tables would exhaust the stack

[[noreturn]] void refuse(Diagnostic diagnostic) {
  throw ScenarioError({std::move(diagnostic)});
}

void refuse_size(const std::string& file) {
  refuse({file, 1, 1, "", "holds more than a market file may",
          "allowed: at most " + std::to_string(max_config_bytes) + " bytes"});
}

/// Any run of dots and name letters that long is no market file, wherever it stands.
void refuse_deep_keys(std::string_view text, const std::string& file) {
  std::ptrdiff_t dots = 0;
  int line = 1;
  for (const char c : text) {
    if (c == '\n') ++line;
    dots = c == '\n' || c == '=' ? 0 : dots + (c == '.');
    if (dots > deepest_key) refuse({file, line, 1, "", "a key with thousands of parts", ""});
  }
}

toml::table parse(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const Position position = position_of(error.source(), file);
    refuse({file, position.line, position.column, "", std::string(error.description()), ""});
  }
}

std::string read_text(const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) refuse({file, 0, 0, "", "is a directory", "name a TOML file"});
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse({file, 0, 0, "", "can't be read", "check the path"});
  std::string text(max_config_bytes + 1, '\0');  // one more than allowed: pipes don't tell their size
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

void name_the_nameless(OneShot& one_shot) {
  for (std::size_t i = 0; i < one_shot.firms.size(); ++i)
    if (one_shot.firms[i].name.empty()) one_shot.firms[i].name = "firm " + std::to_string(i + 1);
  for (std::size_t i = 0; i < one_shot.segments.size(); ++i)
    if (one_shot.segments[i].name.empty()) one_shot.segments[i].name = "segment " + std::to_string(i + 1);
}

}  // namespace

OneShot read_one_shot_text(std::string_view text, std::string_view source, std::span<const std::string> overrides) {
  const std::string file(source);
  if (text.size() > max_config_bytes) refuse_size(file);
  refuse_deep_keys(text, file);
  toml::table root = parse(text, file);
  Diagnostics diagnostics(file);
  for (const std::string& item : overrides) apply_one_shot_override(root, item, diagnostics);
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
  return read_one_shot_text(read_text(path), path.string(), overrides);
}

}  // namespace chokepoint
