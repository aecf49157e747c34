#include "chokepoint/result.hpp"
#include "chokepoint/result.hpp"
