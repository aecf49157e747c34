#include "chokepoint/market/power.hpp"
#include "chokepoint/market/power.hpp"
