#include "chokepoint/market/rental.hpp"
#include "chokepoint/market/rental.hpp"
