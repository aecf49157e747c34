#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/clear_existence.hpp"
#include "commands/clear_polish.hpp"
#include "engine/one_shot_solver.hpp"
#include "scenario/one_shot.hpp"

/// Solves a market file and says what came out. Units are those of the file.
namespace chokepoint {

struct ClearedMarket {
  std::string name;
  MarketStatus status = MarketStatus::unsolved;
  std::string reason;                       ///< why there is no equilibrium, or none was found
  std::optional<double> price, elasticity;  ///< elasticity: of demand, in the own price
  std::optional<double> shadow_price;       ///< at which rationed buyers would buy what they get
  double quantity = 0, demand = 0, shortage = 0;
  std::optional<double> capacity, utilisation;  ///< where every firm has a capacity
  std::optional<double> hhi, lerner;            ///< HHI in points up to 10000; Lerner index weighted by shares
  std::optional<double> owners_hhi;             ///< HHI of owners
  double ratio[5] = {};                         ///< ratio[k-1]: joint share of the k largest firms
  double expenditure = 0;                       ///< of the buyers
  std::vector<double> other_prices;             ///< of further equilibria that were found
  double residual = 0;                          ///< how far the conditions of equilibrium are from being met
};

struct ClearedFirm {
  std::string name, owner, market;
  int count = 1;
  double quantity = 0, share = 0;
  /// Lerner index: nothing for an idle firm, and for one of fixed quantity, whose cost is not known, nor its profit.
  std::optional<double> utilisation, marginal_cost, lerner, profit;
  bool decides = true;  ///< it has no fixed quantity
};

/// All that an owner sells in a market.
struct ClearedOwner {
  std::string name, market;
  double quantity = 0, share = 0;
  std::optional<double> profit;
};

struct ClearedSegment {
  std::string name;
  double quantity = 0, expenditure = 0;
  std::optional<double> price_index;
  std::optional<double> surplus;  ///< nothing where it is not finite, or nothing could be bought
  bool is_infinite = false;       ///< the surplus
};

struct ClearedMarkets {
  std::vector<ClearedMarket> markets;
  std::vector<ClearedFirm> firms;
  std::vector<ClearedOwner> owners;
  std::vector<ClearedSegment> segments;
  std::optional<double> surplus;  ///< of all segments
  bool surplus_is_infinite = false;
  bool solved = false;
  int iterations = 0;
  double residual = 0;  ///< largest of the markets'
};

/// Positions and prices at which the markets clear.
struct ClearingPrices {
  ClearingPositions at;
  double log2_price[one_shot_markets] = {};
  bool solved = false;
  int iterations = 0;
  double residual = 0;
};

/// The curves with only those markets active whose prices have to be found.
OneShotMarkets<double> with_open_markets(OneShotMarkets<double> curves, const std::vector<Outlook>& outlooks);

/// Finds the prices of the open markets by the solver of the monthly model, in double, and then their last digits.
/// `start_price` 0: chosen from costs and demand.
ClearingPrices find_prices(const OneShotMarkets<double>& curves, double tolerance, double start_price = 0,
                           const OneShotSolver& solver = one_shot_solver());

/// The same, from given positions only.
ClearingPrices find_prices_near(const OneShotMarkets<double>& curves, double tolerance, const ClearingPositions& start,
                                const OneShotSolver& solver);

/// What stands at these positions, taken for solved.
ClearingPrices prices_at(const OneShotMarkets<double>& curves, const ClearingPositions& at);

/// Clears the markets of a file.
ClearedMarkets clear(const OneShot& one_shot, const OneShotSolver& solver = one_shot_solver());

/// "cleared", "no trade".
const char* status_text(MarketStatus status);

}  // namespace chokepoint
