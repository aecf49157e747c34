#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chokepoint/market/one_shot.hpp"
#include "chokepoint/scenario.hpp"

/// A market file: what `chokepoint clear` clears, by name and in the user's own units. Each member is one key; meaning,
/// range and default stand in the key tables (one_shot_keys.cpp). Members left out of a file keep the values below.
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

/// Lowers a market file that was read to the block that the solver takes. Markets with buyers and sellers are active.
std::unique_ptr<OneShotMarkets<double>> lower(const OneShot& one_shot);

/// Whether a segment may buy in a market.
bool buys(const config::OneShotSegment& segment, const OneShot& one_shot, int market);

/// Position of the market a firm or segment names; the first where it names none.
int market_of(const OneShot& one_shot, const std::string& name);

}  // namespace chokepoint
