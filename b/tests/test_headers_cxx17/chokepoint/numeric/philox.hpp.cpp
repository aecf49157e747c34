#include "chokepoint/numeric/philox.hpp"
#include "chokepoint/numeric/philox.hpp"
