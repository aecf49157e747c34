#pragma once

#include <vector>

#include "chokepoint/one_shot.hpp"
#include "engine/curve_solver.hpp"
#include "one_shot/existence.hpp"
#include "one_shot/polish.hpp"

/// Finds the prices at which one-shot curves clear.
namespace chokepoint {

/// Positions and prices at which the markets clear.
struct ClearingPrices {
  ClearingPositions at;
  double log2_price[one_shot_markets] = {};
  bool solved = false;
  int iterations = 0;
  double residual = 0;
};

/// The curves; only markets whose prices have to be found are active.
OneShotMarkets<double> with_open_markets(OneShotMarkets<double> curves, const std::vector<Outlook>& outlooks);

/// Finds the prices of the open markets by the solver of the monthly model, in double, and then their last digits.
/// `start_price` 0: chosen from costs and demand.
ClearingPrices find_prices(const OneShotMarkets<double>& curves, double tolerance, double start_price = 0,
                           const CurveSolver& solver = curve_solver());

/// The same, from given positions only.
ClearingPrices find_prices_near(const OneShotMarkets<double>& curves, double tolerance, const ClearingPositions& start,
                                const CurveSolver& solver);

/// Prices and quantities at these positions, which are taken as the solution.
ClearingPrices prices_at(const OneShotMarkets<double>& curves, const ClearingPositions& at);

/// Clears the markets of a file by a given solver.
ClearedMarkets clear(const OneShot& one_shot, const CurveSolver& solver);

}  // namespace chokepoint
