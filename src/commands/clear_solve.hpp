#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/one_shot_solver.hpp"
#include "scenario/one_shot.hpp"

/// Solves a market file and says what came out. Units are those of the file.
namespace chokepoint {

/// How a market ended.
enum class MarketStatus {
  cleared,    ///< supply meets demand at the price
  rationed,   ///< short of supply at the price ceiling, where firms keep their conduct as in the monthly model
  no_trade,   ///< every cost is above the price at which the last buyer leaves
  no_supply,  ///< nobody sells: no price
  no_demand,  ///< nobody buys: no price; firms of fixed quantity still have shares
  unsolved,   ///< the solver missed its tolerance
};

struct ClearedMarket {
  std::string name;
  MarketStatus status = MarketStatus::unsolved;
  std::optional<double> price, elasticity;  ///< elasticity: of demand, in the own price
  double quantity = 0, demand = 0, shortage = 0;
  std::optional<double> capacity, utilisation;  ///< where every firm has a capacity
  std::optional<double> hhi, lerner;            ///< HHI in points up to 10000; Lerner index weighted by shares
  double ratio[5] = {};                         ///< ratio[k-1]: joint share of the k largest firms
  double expenditure = 0;                       ///< of the buyers
  double residual = 0;                          ///< supply / demand - 1
};

struct ClearedFirm {
  std::string name, market;
  int count = 1;
  double quantity = 0, share = 0;
  std::optional<double> utilisation, marginal_cost, lerner;
};

struct ClearedSegment {
  std::string name;
  double quantity = 0, expenditure = 0;
  std::optional<double> price_index;
};

struct ClearedMarkets {
  std::vector<ClearedMarket> markets;
  std::vector<ClearedFirm> firms;
  std::vector<ClearedSegment> segments;
  bool solved = false;
  int iterations = 0;
  double residual = 0;  ///< largest |supply / demand - 1| of a market that is not rationed
};

/// Prices at which the markets clear.
struct ClearingPrices {
  double log2_price[one_shot_markets] = {};
  bool solved = false;
  int iterations = 0;
  double residual = 0;
};

/// Finds clearing prices by the solver of the monthly model, in double. `start_price` 0: chosen from costs and demand.
/// A residual that the last places of a price make counts as none, and so does that of a market whose buyers shun it at
/// its lowest cost.
ClearingPrices find_prices(const OneShotMarkets<double>& curves, double tolerance, double start_price = 0,
                           const OneShotSolver& solver = one_shot_solver(EngineKind::reference));

/// Clears the markets of a file.
ClearedMarkets clear(const OneShot& one_shot, const OneShotSolver& solver = one_shot_solver(EngineKind::reference));

/// "cleared", "no trade".
const char* status_text(MarketStatus status);

}  // namespace chokepoint
