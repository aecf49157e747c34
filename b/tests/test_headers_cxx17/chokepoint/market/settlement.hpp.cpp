#include "chokepoint/market/settlement.hpp"
#include "chokepoint/market/settlement.hpp"
