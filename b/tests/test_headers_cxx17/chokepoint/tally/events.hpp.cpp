#include "chokepoint/tally/events.hpp"
#include "chokepoint/tally/events.hpp"
