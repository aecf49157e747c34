#include "chokepoint/market/investment.hpp"
#include "chokepoint/market/investment.hpp"
