#include "chokepoint/market/downstream.hpp"
#include "chokepoint/market/downstream.hpp"
