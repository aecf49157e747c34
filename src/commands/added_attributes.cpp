#include "commands/added_attributes.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <string>
#include <vector>

#include "config/spelling.hpp"

namespace chokepoint {

void name_added_attributes(const StoredResult& result) {
  if (result.added_attributes.empty()) return;
  std::vector<std::string> names;
  for (const std::string& name : result.added_attributes) names.push_back(shown(name));
  spdlog::info("'{}' holds attributes added by other programs, which are ignored: {}", result.path,
               fmt::join(names, ", "));
}

void warn_of_unvouched(const StoredResult& result) {
  if (result.format_version > 1) return;
  spdlog::warn(
      "'{}' carries no checksums: it is of file format 1 (chokepoint 0.2.0), or its checksums were taken out, "
      "so it cannot be checked for changes; run its config again if that matters",
      result.path);
}

}  // namespace chokepoint
