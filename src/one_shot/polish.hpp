#pragma once

#include "chokepoint/market/one_shot/system.hpp"

namespace chokepoint {

/// Positions of the markets at which they clear, in two parts: `fine` are further digits (market/one_shot/ladder.hpp).
struct ClearingPositions {
  double position[one_shot_markets] = {}, fine[one_shot_markets] = {};
};

/// The gap between supply and demand, relative to the larger of demand and a tiny part of all purchases of the market's
/// buyers: a market that its buyers avoid has a price at which nothing is sold, and supply over demand may be out of
/// range there.
double clearing_residual(const OneShotSystem<double>& system, const OneShotSystem<double>::Response& response,
                         int market);

/// Lowest marginal cost in a market; 0 without a firm that decides.
double lowest_cost(const OneShotMarkets<double>& curves, int market);

/// Position of a price, without regard to ceilings; of the cost of a step, where it begins.
double position_of(const OneShotMarkets<double>& curves, int market, double price);

/// Newton's method on the whole Jacobian, from positions that are near, down to the last digits. Returns whether it
/// came to rest at a residual below `tolerance`; a residual that falls while a price diverges does not count. If not
/// `is_strict`, markets in which nearly nothing is bought are put at their lowest cost and left out: where demand is
/// less than numbers can hold, no price clears such a market to its digits.
bool polish(const OneShotMarkets<double>& curves, double tolerance, bool is_strict, ClearingPositions& at,
            int& iterations, double& residual);

}  // namespace chokepoint
