#include "chokepoint/numeric/lanes.hpp"
#include "chokepoint/numeric/lanes.hpp"
