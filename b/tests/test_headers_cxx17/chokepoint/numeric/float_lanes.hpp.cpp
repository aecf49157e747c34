#include "chokepoint/numeric/float_lanes.hpp"
#include "chokepoint/numeric/float_lanes.hpp"
