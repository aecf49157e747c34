#pragma once

#include <toml++/toml.h>

#include <string>

#include "config/field.hpp"

namespace chokepoint {

/// A valid config as the text of one file: keys in the order of `table`, the shortest numbers that read back exactly,
/// no comments. Reading it gives the same scenario and, written again, the same text.
std::string resolved_text(const toml::table& root, const Table& table);

}  // namespace chokepoint
