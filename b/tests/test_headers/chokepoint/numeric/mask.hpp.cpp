#include "chokepoint/numeric/mask.hpp"
#include "chokepoint/numeric/mask.hpp"
