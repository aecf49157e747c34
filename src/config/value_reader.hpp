#pragma once

#include <toml++/toml.h>

#include "config/diagnostics.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Reads one value that is not a table of keys into its slot, by the rule of its field. Faults go to `diagnostics`.
void read_value(const Field& field, const toml::node& node, const Slot& slot, const std::string& path,
                Diagnostics& diagnostics);

}  // namespace chokepoint
