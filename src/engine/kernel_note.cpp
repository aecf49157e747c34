#include "engine/kernel_note.hpp"

#include <fmt/format.h>

#include "chokepoint/market/limits.hpp"
#include "engine/cuda_backend.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {

std::string generic_kernel_note(const Scenario& scenario) {
  if (!runs_by_generic_kernel(scenario)) return "";
  const Sizes sizes = scenario_sizes(scenario);
  return fmt::format(
      "no GPU kernel was compiled for these sizes ({} regions, {} chips, {} fab pools, {} providers, {} segments), so "
      "the "
      "generic one runs: the same results, more slowly (docs/gpu.md says how to add one)",
      sizes.regions, sizes.classes, sizes.pools, sizes.units, sizes.segments);
}

}  // namespace chokepoint
