#include "chokepoint/market/conduct.hpp"
#include "chokepoint/market/conduct.hpp"
