#pragma once

#include <string>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// One line that says that a GPU would run a scenario by the generic kernel, as no kernel was compiled for its sizes;
/// empty if it would not, and in builds without CUDA.
std::string generic_kernel_note(const Scenario& scenario);

}  // namespace chokepoint
