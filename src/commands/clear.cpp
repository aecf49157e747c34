#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "commands/arguments.hpp"
#include "commands/clear_print.hpp"
#include "commands/commands.hpp"

namespace chokepoint {
namespace {

struct ClearOptions {
  ConfigArguments config;
  std::string engine = "auto";
  bool json = false;
};

/// What is printed of such markets is no equilibrium.
void report_failure(const std::string& path, const OneShot& one_shot, const ClearedMarkets& cleared) {
  std::vector<std::string> unsolved, reasons;
  for (const ClearedMarket& market : cleared.markets) {
    const bool is_unsolved = market.status == MarketStatus::unsolved;
    if (is_unsolved && market.reason.empty()) unsolved.push_back(market.name);
    if (market.reason.empty() || std::count(reasons.begin(), reasons.end(), market.reason) > 0) continue;
    reasons.push_back(market.reason);
    spdlog::error("{}: market {}: {}, because {}{}", path, market.name,
                  is_unsolved ? "unsolved" : "no equilibrium exists", market.reason,
                  is_unsolved ? "; the printed values are not an equilibrium" : "");
  }
  if (!unsolved.empty())
    spdlog::error(
        "{}: no clearing prices found for {} to a residual of {:g} (reached {:.1e}); what is printed is no "
        "equilibrium",
        path, fmt::join(unsolved, ", "), one_shot.solver.tolerance, cleared.residual);
}

int clear_markets_of(const ClearOptions& options) {
  const EngineKind engine = parse_engine(options.engine);
  if (!clears_one_shot_markets(engine))
    throw UsageError(
        fmt::format("--engine {}: one-shot markets are cleared in double, by reference or cuda", options.engine));
  const OneShot one_shot = read_one_shot(options.config.path, options.config.overrides);
  const ClearedMarkets cleared = clear(one_shot, engine);
  print_result(options.json ? clear_json(one_shot, cleared, options.config.path) : clear_table(one_shot, cleared));
  if (cleared.solved) return exit_code::ok;
  report_failure(options.config.path, one_shot, cleared);
  return exit_code::numerics;
}

}  // namespace

void add_clear_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ClearOptions>();
  Command command =
      add_command(app, action, "clear",
                  "Clear a one-shot market and print its equilibrium: prices, shares, margins, profits, surplus",
                  {"chokepoint clear configs/markets/murphy_cournot.toml",
                   "chokepoint clear configs/markets/two_regions_trade.toml --set segment.west.sigma=6 --json"});
  command.argument("config", options->config.path, "FILE", "Market file (TOML)");
  command.option("--set", options->config.overrides, "KEY=VALUE",
                 "Set one key of the file, say firm.one.cost=9; may be repeated");
  command.option("--engine", options->engine, "NAME", "auto and reference (the CPU), or cuda; the same bits from all");
  command.flag("--json", options->json, "Print the result as JSON");
  command.runs([options] { return clear_markets_of(*options); });
}

}  // namespace chokepoint
