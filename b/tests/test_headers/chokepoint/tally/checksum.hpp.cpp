#include "chokepoint/tally/checksum.hpp"
#include "chokepoint/tally/checksum.hpp"
