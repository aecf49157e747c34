#pragma once

#include <optional>

#include "one_shot/polish.hpp"

namespace chokepoint {

/// Another output at which a firm would earn more than at the one that meets its first-order condition.
struct Deviation {
  int firm = -1;
  double profit = 0, better_profit = 0;  ///< better: infinite where it grows without end
  double price = 0;                      ///< of the market then; infinite where more is earned the higher it is
};

/// The deviation that gains most at the positions `at`, of all firms that decide; nothing where every firm's output is
/// its best against all others. A gain counts if it is at least `tolerance` of the revenue (docs/model.md, section 5g).
std::optional<Deviation> best_deviation(const OneShotMarkets<double>& curves, const ClearingPositions& at,
                                        double tolerance);

}  // namespace chokepoint
