#include "chokepoint/tally/histogram.hpp"
#include "chokepoint/tally/histogram.hpp"
