#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace chokepoint {

/// The table of measures (market/measure_table.hpp) as a list: name, dimension, kind of number, direction in which
/// buyers are worse off, unit, meaning.
nlohmann::json measures_json();

/// The same as Markdown.
std::string measures_reference();

}  // namespace chokepoint
