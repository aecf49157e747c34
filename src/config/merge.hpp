#pragma once

#include <toml++/toml.h>

#include <string>

#include "config/diagnostics.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Overlays `base` with the values of `change`; both are of the type that `table` describes. Tables merge by key,
/// elements of arrays of tables by name; new names come last, and `remove = true` beside a name removes the element.
/// Anything else is replaced. Values move out of `change` and keep their places. Faults go to `diagnostics`.
void merge_tables(toml::table& base, toml::table& change, const Table& table, const std::string& path,
                  Diagnostics& diagnostics);

}  // namespace chokepoint
