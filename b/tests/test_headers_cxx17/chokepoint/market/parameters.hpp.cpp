#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/parameters.hpp"
