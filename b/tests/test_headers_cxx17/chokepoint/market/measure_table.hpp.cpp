#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/market/measure_table.hpp"
