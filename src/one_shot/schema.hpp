#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace chokepoint {

/// JSON Schema of market files, which `chokepoint clear` takes (config/table_schema.hpp).
nlohmann::json market_schema();

/// The same as Markdown.
std::string market_reference();

}  // namespace chokepoint
