#pragma once

#include <toml++/toml.h>

#include <string>

#include "config/diagnostics.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Overlays `base` by what `change` says otherwise; both are of the type that `table` describes. Tables merge by key,
/// elements of arrays of tables by name; new names come last, and `remove = true` beside a name takes the element away.
/// Anything else is replaced. Values move out of `change` and keep their places. Faults go to `diagnostics`.
void merge_tables(toml::table& base, toml::table& change, const Table& table, const std::string& path,
                  Diagnostics& diagnostics);

}  // namespace chokepoint
