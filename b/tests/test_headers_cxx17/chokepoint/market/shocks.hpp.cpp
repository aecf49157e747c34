#include "chokepoint/market/shocks.hpp"
#include "chokepoint/market/shocks.hpp"
