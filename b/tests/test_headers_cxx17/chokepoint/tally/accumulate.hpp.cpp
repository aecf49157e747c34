#include "chokepoint/tally/accumulate.hpp"
#include "chokepoint/tally/accumulate.hpp"
