#include "chokepoint/market/one_shot.hpp"
#include "chokepoint/market/one_shot.hpp"
