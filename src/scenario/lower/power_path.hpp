#pragma once

#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// The growth of a region's power without shocks.
struct PowerPath {
  double start_queue;          ///< MW in build before month 0
  std::vector<double> orders;  ///< MW entering the queue, by month; nothing enters in month 0, the start
};

/// Orders (3.10) under which the model's queue (each month: queue += orders; connected = queue / delay) delivers the
/// growth path of the config exactly, wherever that needs no negative orders. A queue that starts too full delivers
/// more than the path at first; orders then pause until the path has caught up.
PowerPath plan_power(const config::Region& region, int months);

}  // namespace chokepoint
