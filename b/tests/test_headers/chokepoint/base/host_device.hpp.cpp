#include "chokepoint/base/host_device.hpp"
#include "chokepoint/base/host_device.hpp"
