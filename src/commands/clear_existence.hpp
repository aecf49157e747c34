#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chokepoint/market/one_shot.hpp"

/// What can be said of a one-shot market before any price is tried (docs/model.md, section 5g).
namespace chokepoint {

/// How a market ended.
enum class MarketStatus {
  cleared,     ///< supply meets demand at the price
  capped,      ///< supply meets demand at the price ceiling
  rationed,    ///< short of supply at the price ceiling
  no_trade,    ///< no cost is below the price at which the last buyer leaves
  no_supply,   ///< nobody sells: no price
  unwilling,   ///< nobody sells at the price ceiling
  no_demand,   ///< nobody buys: no price; firms of fixed quantity still have shares
  shares_only, ///< the file has no buyers at all
  impossible,  ///< it is proven that no price clears it, or one that it is coupled with
  unsolved,    ///< the solver missed its tolerance
};

struct Outlook {
  MarketStatus status = MarketStatus::unsolved;  ///< unsolved: a price has to be found
  bool is_free = false;                          ///< cleared at a price of 0
  std::string reason;  ///< completes "no equilibrium exists, because", or "unsolved, because"
};

/// A market and all that it is coupled with, directly or not, by buyers of both, out of those that are open.
std::vector<int> coupled_with(const OneShotMarkets<double>& curves, int market, const std::function<bool(int)>& is_open);

/// The outlook of each market of `curves`, by rules that are proven.
std::vector<Outlook> foresee(const OneShotMarkets<double>& curves);

}  // namespace chokepoint
