#pragma once

#include <toml++/toml.h>

#include "config/diagnostics.hpp"
#include "config/field.hpp"
#include "config/value_text.hpp"

namespace chokepoint {

/// Fills `object`, which is of the type that `table` describes, from a TOML table. Checks every key by itself: known,
/// right type, finite, in range, well-formed. Faults go to `diagnostics` and leave the default in place; the places of
/// all keys are noted there.
void read_table(const toml::table& source, const Table& table, void* object, const std::string& path,
                Diagnostics& diagnostics);

/// Place of a node or key in its source.
Position position_of(const toml::source_region& region, const std::string& file);

/// Name of an element of an array of tables as its identity keys give it; empty where they don't.
std::string element_label(const toml::table& element, const Table& table);

/// `path.key`, or `key` at the top.
std::string join(const std::string& path, const std::string& key);

/// Whether a name is made of [A-Za-z0-9_-] only.
bool is_plain_name(std::string_view name);

}  // namespace chokepoint
