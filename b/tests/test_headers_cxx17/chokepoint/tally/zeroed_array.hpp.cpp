#include "chokepoint/tally/zeroed_array.hpp"
#include "chokepoint/tally/zeroed_array.hpp"
