#include "chokepoint/scenario.hpp"
#include "chokepoint/scenario.hpp"
