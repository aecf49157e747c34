#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "scenario/diagnostics.hpp"
#include "scenario/field.hpp"

namespace chokepoint {

/// Puts `key.path=value` into a parsed file whose keys are those of `table`. Elements of arrays of tables go by name.
/// Tables that are missing are made; elements are not. `extra_keys` are top-level keys that the table does not know. A
/// fault stands at the override, with line 0.
void apply_override(toml::table& root, const Table& table, const std::string& text, Diagnostics& diagnostics,
                    const std::vector<std::string>& extra_keys = {});

}  // namespace chokepoint
