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
      "'{}' carries no checksums: it is of file format 1 (chokepoint 0.2.0), or its checksums were taken out; nothing "
      "vouches for its being as it was written, so run its config again where that matters",
      result.path);
}

}  // namespace chokepoint
