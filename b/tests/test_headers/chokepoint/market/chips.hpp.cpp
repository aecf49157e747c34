#include "chokepoint/market/chips.hpp"
#include "chokepoint/market/chips.hpp"
