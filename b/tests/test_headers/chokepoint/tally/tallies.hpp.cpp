#include "chokepoint/tally/tallies.hpp"
#include "chokepoint/tally/tallies.hpp"
