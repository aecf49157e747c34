#pragma once

#include <vector>

#include "one_shot/clear.hpp"

namespace chokepoint {

/// Where the markets of a file stand, and what is known of each.
struct Equilibria {
  ClearingPrices prices;
  std::vector<Outlook> outlooks;
  bool found[one_shot_markets] = {};                   ///< whether `prices` is an equilibrium there
  std::vector<double> other_prices[one_shot_markets];  ///< of further equilibria
};

/// Of the prices that meet the first-order conditions, those at which no firm would gain by any other output
/// (docs/model.md, section 5g); of several the ones with the lowest prices.
Equilibria find_equilibria(const OneShot& one_shot, const OneShotMarkets<double>& curves, const OneShotSolver& solver);

}  // namespace chokepoint
