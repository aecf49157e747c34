#pragma once

#include <limits>

namespace chokepoint {

/// A figure that there is not.
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace chokepoint
