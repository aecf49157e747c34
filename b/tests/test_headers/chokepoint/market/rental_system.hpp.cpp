#include "chokepoint/market/rental_system.hpp"
#include "chokepoint/market/rental_system.hpp"
