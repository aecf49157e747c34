#include "commands/memory_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "machine/memory_limit.hpp"
#include "output/errors.hpp"
#include "output/words.hpp"

namespace chokepoint {

void check_fits(PlannedMemory needed, const std::string& what, const std::string& remedy) {
  const MemoryLimit limit = memory_limit(), space = address_space_left();
  const auto refuse = [&](std::uint64_t bytes, const MemoryLimit& of) {
    throw ResourceError(fmt::format("not enough memory: {} needs {}, there are {} ({}); {} need less", what,
                                    bytes_text(bytes), bytes_text(of.bytes), of.source, remedy));
  };
  if (needed.peak() + resident_memory() > limit.bytes) refuse(needed.peak() + resident_memory(), limit);
  if (needed.address_space() > space.bytes) refuse(needed.address_space(), space);
}

std::uint64_t checked_memory(const Scenario& scenario, const RunOptions& options) {
  const PlannedMemory plan = planned_memory(scenario, options);
  const std::uint64_t needed = plan.peak(), exact = exact_memory(scenario, options);
  const std::uint64_t taken = resident_memory(), limit = memory_limit().bytes;
  const std::uint64_t room = std::min(limit - std::min(limit, taken), address_space_left().bytes);
  if (exact > 0 && needed > room && plan.running - exact <= room)
    throw ResourceError(fmt::format(
        "--exact-quantiles keeps {} ({}, {}, {}, 4 bytes each) and the run takes {} besides, but there are {}; name "
        "fewer measures or run fewer paths",
        bytes_text(exact), count_text(options.exact_measures.size(), "measure"),
        count_text(static_cast<std::uint64_t>(scenario.months), "month"), count_text(options.paths, "path"),
        bytes_text(plan.running - exact), bytes_text(room)));
  check_fits(plan, "this run", "fewer --threads or a smaller --batch");
  return needed + taken;
}

}  // namespace chokepoint
