#include "commands/added_attributes.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

namespace chokepoint {

void name_added_attributes(const StoredResult& result) {
  if (result.added_attributes.empty()) return;
  spdlog::info("'{}' holds attributes added by other programs, which are ignored: {}", result.path,
               fmt::join(result.added_attributes, ", "));
}

void warn_of_unvouched(const StoredResult& result) {
  if (result.format_version > 1) return;
  spdlog::warn(
      "'{}' carries no checksums: it is of file format 1 (chokepoint 0.2.0), or its checksums were taken out, "
      "so it cannot be checked for changes; run its config again if that matters",
      result.path);
}

}  // namespace chokepoint
