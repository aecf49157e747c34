#include "chokepoint/tally/totals.hpp"
#include "chokepoint/tally/totals.hpp"
