#include "chokepoint/market/measures.hpp"
#include "chokepoint/market/measures.hpp"
