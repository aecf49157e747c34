#include "chokepoint/market/clearing.hpp"
#include "chokepoint/market/clearing.hpp"
