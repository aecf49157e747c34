#include "commands/added_attributes.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

namespace chokepoint {

void name_added_attributes(const StoredResult& result) {
  if (result.added_attributes.empty()) return;
  spdlog::info("'{}' holds attributes that others added, which are left aside: {}", result.path,
               fmt::join(result.added_attributes, ", "));
}

}  // namespace chokepoint
