#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace chokepoint {

/// JSON Schema (draft 2020-12) of the config, from the key table: types, units, ranges, defaults, help. What only the
/// reader checks (references, sums, dates) is not in it.
nlohmann::json config_schema();

/// The same of market files, which `chokepoint clear` takes.
nlohmann::json market_schema();

/// The key table as Markdown, a section for each table of the config.
std::string config_reference();

/// The same of market files.
std::string market_reference();

}  // namespace chokepoint
