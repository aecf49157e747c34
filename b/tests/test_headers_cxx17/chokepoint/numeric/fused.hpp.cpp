#include "chokepoint/numeric/fused.hpp"
#include "chokepoint/numeric/fused.hpp"
