#include "chokepoint/market/concentration.hpp"
#include "chokepoint/market/concentration.hpp"
