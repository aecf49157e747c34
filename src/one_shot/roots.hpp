#pragma once

#include <vector>

#include "one_shot/polish.hpp"

/// All positions of one market at which the first-order conditions hold there (docs/model.md, section 5g). Where buyers
/// differ there can be several.
namespace chokepoint {

struct Roots {
  std::vector<ClearingPositions> at;
  bool is_complete = false;  ///< it is certain that there is no other
  double most_offered = 0;   ///< largest supply that was seen, as a part of demand
};

/// For a market whose buyers buy nowhere else: by enclosures, which miss no root.
Roots roots_alone(const OneShotMarkets<double>& curves, int market);

/// For a market among others, which stay at `at`: by changes of sign on a grid of prices.
Roots roots_beside(const OneShotMarkets<double>& curves, int market, const ClearingPositions& at);

/// Moves one market after the other to its nearest root, until all conditions hold to `tolerance` or nothing improves:
/// slow, but reliable where supply is so steep that Newton's steps overshoot. Returns whether they hold.
bool settle_in_turn(const OneShotMarkets<double>& curves, double tolerance, ClearingPositions& at);

}  // namespace chokepoint
