#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace chokepoint {

using Json = nlohmann::ordered_json;  ///< keys in the order in which they are written

/// Indented text with a line feed at the end. Bytes that are no UTF-8 (from a config, say) are replaced, not refused.
inline std::string json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chokepoint
