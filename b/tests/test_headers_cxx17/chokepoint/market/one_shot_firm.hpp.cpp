#include "chokepoint/market/one_shot_firm.hpp"
#include "chokepoint/market/one_shot_firm.hpp"
