#include "chokepoint/engine.hpp"
#include "chokepoint/engine.hpp"
