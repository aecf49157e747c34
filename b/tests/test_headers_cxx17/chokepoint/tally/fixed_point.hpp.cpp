#include "chokepoint/tally/fixed_point.hpp"
#include "chokepoint/tally/fixed_point.hpp"
