#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chokepoint/market/one_shot/system.hpp"
#include "chokepoint/one_shot.hpp"

/// What is known about a one-shot market before any price is tried (docs/model.md, section 5g).
namespace chokepoint {

struct Outlook {
  MarketStatus status = MarketStatus::unsolved;  ///< unsolved: a price has to be found
  bool is_free = false;                          ///< cleared at a price of 0
  std::string reason;                            ///< completes "no equilibrium exists, because", or "unsolved, because"
};

/// A market and all that it is coupled with, directly or not, by buyers of both, out of those that are open.
std::vector<int> coupled_with(const OneShotMarkets<double>& curves, int market,
                              const std::function<bool(int)>& is_open);

/// What proven rules say about each market of `curves`.
std::vector<Outlook> foresee(const OneShotMarkets<double>& curves);

}  // namespace chokepoint
