#pragma once

#include <string>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// One line that says that a GPU would run a scenario by the generic kernel, for want of one compiled for its sizes;
/// empty where it would not, and in builds without CUDA.
std::string generic_kernel_note(const Scenario& scenario);

}  // namespace chokepoint
