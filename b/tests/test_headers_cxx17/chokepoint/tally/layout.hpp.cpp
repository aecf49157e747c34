#include "chokepoint/tally/layout.hpp"
#include "chokepoint/tally/layout.hpp"
