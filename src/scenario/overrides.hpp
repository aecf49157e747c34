#pragma once

#include <toml++/toml.h>

#include <string>

#include "scenario/diagnostics.hpp"

namespace chokepoint {

/// Puts `key.path=value` into a parsed config. Follows the key table: elements of arrays of tables go by name. Tables
/// that are missing are made; elements are not. A fault stands at the override, with line 0.
void apply_override(toml::table& root, const std::string& text, Diagnostics& diagnostics);

}  // namespace chokepoint
