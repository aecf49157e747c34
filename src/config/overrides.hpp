#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Puts each `key.path=value` into a parsed file whose keys are those of `table`. Elements of arrays of tables go by
/// name. Missing tables are created; missing elements are not. `extra_keys` are top-level keys that are not in the
/// table. A fault is reported at the override, with line 0. It is a fault if two overrides set the same key or a part
/// of it.
void apply_overrides(toml::table& root, const Table& table, std::span<const std::string> overrides,
                     Diagnostics& diagnostics, const std::vector<std::string>& extra_keys = {});

/// The key that an override sets.
std::string override_key(const std::string& text);

/// Whether two keys are the same, or one is a part of the other: "region.us.war" and "region.us.war.trigger".
bool keys_overlap(const std::string& a, const std::string& b);

}  // namespace chokepoint
