#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"

/// One-shot markets: a market file by name and in the user's own units, and the equilibrium that `chokepoint clear`
/// finds. Each member is one key of the file; the key tables give meaning, range and default (src/one_shot/keys.cpp).
/// Members left out of a file keep the values below.
namespace chokepoint {

namespace config {

struct OneShotMarket {
  std::string name;
  std::optional<double> price_ceiling;
};

struct OneShotSegment {
  std::string name, form = "isoelastic", market;
  std::optional<double> quantity;
  double price = 1;
  std::optional<double> elasticity, sigma;
  NumberByName weight, trade_cost;
  std::optional<double> intercept, slope;
};

struct OneShotFirm {
  std::string name, owner, market;
  std::optional<double> cost;
  double slope = 0;
  std::optional<double> capacity_scale;
  double beta = 1;
  std::optional<double> capacity;
  double conduct = 1;
  int count = 1;
  std::optional<double> quantity, dispersion;
};

struct OneShotSolver {
  double tolerance = 1e-10;
  std::optional<double> start_price;
};

}  // namespace config

struct OneShot {
  std::string title, description;
  std::vector<config::OneShotMarket> markets;
  std::vector<config::OneShotSegment> segments;
  std::vector<config::OneShotFirm> firms;
  config::OneShotSolver solver;
};

/// Reads and checks a market file. An override `key.path=value` replaces or adds one value; elements of arrays go by
/// name (`firm.east.capacity=3`). A list `shares = [..]` stands for firms of fixed quantity, and a file without a
/// market has one called "market"; both are filled in here. Throws ScenarioError with every fault of file and
/// overrides.
OneShot read_one_shot(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// The same for text; `source` names it in messages.
OneShot read_one_shot_text(std::string_view text, std::string_view source = "<text>",
                           std::span<const std::string> overrides = {});

/// Whether an engine can clear markets: it can if it computes in double, on the CPU or on a GPU.
bool clears_one_shot_markets(EngineKind kind);

/// How a market ended.
enum class MarketStatus {
  cleared,      ///< supply meets demand at the price
  capped,       ///< supply meets demand at the price ceiling
  rationed,     ///< short of supply at the price ceiling
  no_trade,     ///< no cost is below the price at which the last buyer leaves
  no_supply,    ///< nobody sells: no price
  unwilling,    ///< nobody sells at the price ceiling
  no_demand,    ///< nobody buys: no price; firms of fixed quantity still have shares
  shares_only,  ///< the file has no buyers at all
  impossible,   ///< it is proven that no price clears it, or a market coupled with it
  unsolved,     ///< the solver missed its tolerance
};

/// "cleared", "no trade".
const char* status_text(MarketStatus status);

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
  /// The Lerner index is empty for an idle firm. It and the profit are empty for a firm of fixed quantity, whose cost
  /// is unknown.
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

/// Clears the markets of a file.
/// @param engine `automatic` for the CPU; the same bits from all
/// @throws EngineError if the engine cannot run here or does not compute in double
ClearedMarkets clear(const OneShot& one_shot, EngineKind engine = {});

}  // namespace chokepoint
