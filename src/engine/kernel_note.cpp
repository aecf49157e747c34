#include "engine/kernel_note.hpp"

#include <fmt/format.h>

#include "chokepoint/measure_layout.hpp"

#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"
#endif

namespace chokepoint {

std::string generic_kernel_note(const Scenario& scenario) {
#if CHOKEPOINT_HAS_CUDA
  if (has_cuda_kernel_of_its_sizes(scenario)) return "";
  const Sizes sizes = scenario_sizes(scenario);
  return fmt::format(
      "no GPU kernel was compiled for these sizes ({} regions, {} chips, {} fab pools, {} providers, {} segments), so the "
      "generic one runs: the same results, more slowly (docs/gpu.md says how to add one)",
      sizes.regions, sizes.classes, sizes.pools, sizes.units, sizes.segments);
#else
  (void)scenario;
  return "";
#endif
}

}  // namespace chokepoint
