#include "chokepoint/numeric/scalar.hpp"
#include "chokepoint/numeric/scalar.hpp"
