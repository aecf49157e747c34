#include "chokepoint/gpu.hpp"
#include "chokepoint/gpu.hpp"
