#include "chokepoint/tally/thread_tallies.hpp"
#include "chokepoint/tally/thread_tallies.hpp"
