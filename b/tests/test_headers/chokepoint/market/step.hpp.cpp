#include "chokepoint/market/step.hpp"
#include "chokepoint/market/step.hpp"
