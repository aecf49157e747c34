#pragma once

#include <vector>

#include "one_shot/clear.hpp"

namespace chokepoint {

/// The solution of the markets of a file, and what is known about each.
struct Equilibria {
  ClearingPrices prices;
  std::vector<Outlook> outlooks;
  bool found[one_shot_markets] = {};                   ///< whether `prices` is an equilibrium there
  std::vector<double> other_prices[one_shot_markets];  ///< of further equilibria
};

/// Among the prices that meet the first-order conditions, finds those at which no firm would gain by any other output
/// (docs/model.md, section 5g); if there are several, the lowest.
Equilibria find_equilibria(const OneShot& one_shot, const OneShotMarkets<double>& curves, const CurveSolver& solver);

}  // namespace chokepoint
