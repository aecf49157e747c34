#include "chokepoint/measure_layout.hpp"
#include "chokepoint/measure_layout.hpp"
