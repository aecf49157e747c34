#include "chokepoint/numeric/elementary_double.hpp"
#include "chokepoint/numeric/elementary_double.hpp"
