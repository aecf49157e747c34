#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace chokepoint {

/// Text of a TOML file, read up to one byte more than max_config_bytes. Throws ScenarioError where it can't be read, is
/// a directory or holds too much.
std::string read_config_file(const std::filesystem::path& path);

/// Parses TOML of at most max_config_bytes; `file` names it in messages. Throws ScenarioError.
toml::table parse_config(std::string_view text, const std::string& file);

/// Throws the ScenarioError of a config of too many bytes.
[[noreturn]] void refuse_size(const std::string& file, std::uintmax_t size);

}  // namespace chokepoint
