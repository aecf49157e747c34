#include "chokepoint/numeric/elementary.hpp"
#include "chokepoint/numeric/elementary.hpp"
