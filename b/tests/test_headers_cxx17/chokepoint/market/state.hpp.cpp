#include "chokepoint/market/state.hpp"
#include "chokepoint/market/state.hpp"
