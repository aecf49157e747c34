#include "chokepoint/numeric/integer_lanes.hpp"
#include "chokepoint/numeric/integer_lanes.hpp"
