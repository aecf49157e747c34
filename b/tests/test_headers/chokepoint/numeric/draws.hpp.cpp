#include "chokepoint/numeric/draws.hpp"
#include "chokepoint/numeric/draws.hpp"
