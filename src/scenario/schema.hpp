#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace chokepoint {

/// JSON Schema of the config, from its tables of keys (config/table_schema.hpp).
nlohmann::json config_schema();

/// The same as Markdown, a section for each table of the config.
std::string config_reference();

}  // namespace chokepoint
