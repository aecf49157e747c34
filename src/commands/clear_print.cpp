#include "commands/clear_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "output/words.hpp"

namespace chokepoint {

namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

/// Amounts to six significant digits.
std::string words(std::optional<double> value) {
  return value ? number_words(*value, 6) : "-";
}

std::vector<std::string> words(const std::vector<double>& values) {
  std::vector<std::string> all;
  for (const double value : values) all.push_back(words(value));
  return all;
}

/// Shares and margins to six decimals: what is smaller is rounding.
std::string share_words(std::optional<double> value) {
  if (!value) return "-";
  const std::string text = fmt::format("{:.6f}", *value);
  return text == "-0.000000" ? text.substr(1) : text;
}

/// The table without columns that say nothing.
std::vector<Row> without_empty_columns(const std::vector<Row>& rows) {
  std::vector<Row> kept(rows.size());
  for (std::size_t k = 0; k < rows[0].size(); ++k) {
    if (std::all_of(rows.begin() + 1, rows.end(), [k](const Row& row) { return row[k] == "-"; })) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) kept[i].push_back(rows[i][k]);
  }
  return kept;
}

/// Columns as wide as they need: the first to the left, numbers to the right. The first row is the heading.
std::string columns(const std::vector<Row>& all_rows) {
  const std::vector<Row> rows = without_empty_columns(all_rows);
  std::vector<std::size_t> width(rows[0].size(), 0);
  for (const Row& row : rows)
    for (std::size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], row[k].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line = "  " + fmt::format("{:<{}}", row[0], width[0]);
    for (std::size_t k = 1; k < row.size(); ++k) line += "  " + fmt::format("{:>{}}", row[k], width[k]);
    text += line + "\n";
  }
  return text;
}

/// What one market has to say, a line each.
std::string market_text(const ClearedMarket& market, bool has_owners) {
  const std::string heading = market.name == "market" ? market.name : "market " + market.name;
  std::string text = fmt::format("{}: {}\n", heading, status_text(market.status));
  const auto line = [&](const std::string& name, const std::string& value) {
    if (value != "-") text += fmt::format("  {:<21} {}\n", name, value);
  };
  if (market.status == MarketStatus::impossible) return text;
  line("price", words(market.price));
  if (!market.other_prices.empty())
    text += fmt::format("  {:<21} at {}; the one with the lowest prices is shown\n", "further equilibria",
                        fmt::join(words(market.other_prices), ", "));
  line("quantity", words(market.quantity));
  if (market.status == MarketStatus::rationed) line("demand", words(market.demand));
  if (market.shortage > 0) line("shortage", words(market.shortage));
  line("shadow price", words(market.shadow_price));
  line("utilisation", share_words(market.utilisation));
  line("elasticity of demand", words(market.elasticity));
  line("Lerner index", share_words(market.lerner));
  line("HHI", market.hhi ? fmt::format("{:.2f}", *market.hhi) : "-");
  if (has_owners) line("HHI of owners", market.owners_hhi ? fmt::format("{:.2f}", *market.owners_hhi) : "-");
  if (market.hhi) line("CR1 to CR5", fmt::format("{:.4f}", fmt::join(market.ratio, "  ")));
  if (market.price) line("consumer expenditure", words(market.expenditure));
  return text;
}

/// An idle firm has no marginal unit that it sells.
std::string lerner_words(const ClearedFirm& firm) {
  return firm.decides && !firm.lerner ? "undefined" : share_words(firm.lerner);
}

std::string firms_text(const ClearedMarkets& cleared) {
  std::vector<Row> rows = {
      {"firm", "owner", "market", "count", "quantity", "share", "utilisation", "marginal cost", "Lerner", "profit"}};
  for (const ClearedFirm& firm : cleared.firms)
    rows.push_back({firm.name, firm.owner.empty() ? "-" : firm.owner, firm.market, std::to_string(firm.count),
                    words(firm.quantity), share_words(firm.share), share_words(firm.utilisation),
                    words(firm.marginal_cost), lerner_words(firm), words(firm.profit)});
  return columns(rows);
}

bool has_owners(const ClearedMarkets& cleared) {
  return std::any_of(cleared.firms.begin(), cleared.firms.end(), [](const auto& firm) { return !firm.owner.empty(); });
}

std::string owners_text(const ClearedMarkets& cleared) {
  if (!has_owners(cleared)) return "";
  std::vector<Row> rows = {{"owner", "market", "quantity", "share", "profit"}};
  for (const ClearedOwner& owner : cleared.owners)
    rows.push_back({owner.name, owner.market, words(owner.quantity), share_words(owner.share), words(owner.profit)});
  return columns(rows) + "\n";
}

std::string surplus_words(std::optional<double> surplus, bool is_infinite) {
  return is_infinite ? "infinite" : words(surplus);
}

std::string segments_text(const ClearedMarkets& cleared) {
  if (cleared.segments.empty()) return "";
  std::vector<Row> rows = {{"segment", "quantity", "price index", "expenditure", "consumer surplus"}};
  for (const ClearedSegment& segment : cleared.segments)
    rows.push_back({segment.name, words(segment.quantity), words(segment.price_index), words(segment.expenditure),
                    surplus_words(segment.surplus, segment.is_infinite)});
  if (cleared.segments.size() > 1)
    rows.push_back({"all", "-", "-", "-", surplus_words(cleared.surplus, cleared.surplus_is_infinite)});
  const char* why = "  infinite: at an elasticity of at most 1 some buyers would pay any sum\n";
  return columns(rows) + (cleared.surplus_is_infinite ? why : "") + "\n";
}

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const ClearedMarket& market) {
  Json ratios = Json::array();
  for (const double ratio : market.ratio) ratios.push_back(market.hhi ? Json(ratio) : Json(nullptr));
  return {{"name", market.name},
          {"status", status_text(market.status)},
          {"reason", market.reason.empty() ? Json(nullptr) : Json(market.reason)},
          {"price", number(market.price)},
          {"other_prices", market.other_prices},
          {"quantity", market.quantity},
          {"demand", market.demand},
          {"shortage", market.shortage},
          {"shadow_price", number(market.shadow_price)},
          {"capacity", number(market.capacity)},
          {"utilisation", number(market.utilisation)},
          {"elasticity", number(market.elasticity)},
          {"lerner", number(market.lerner)},
          {"hhi", number(market.hhi)},
          {"owners_hhi", number(market.owners_hhi)},
          {"cr", ratios},
          {"expenditure", market.expenditure},
          {"residual", market.residual}};
}

Json to_json(const ClearedFirm& firm) {
  return {{"name", firm.name},
          {"owner", firm.owner.empty() ? firm.name : firm.owner},
          {"market", firm.market},
          {"count", firm.count},
          {"quantity", firm.quantity},
          {"share", firm.share},
          {"utilisation", number(firm.utilisation)},
          {"marginal_cost", number(firm.marginal_cost)},
          {"lerner", number(firm.lerner)},
          {"profit", number(firm.profit)}};
}

Json to_json(const ClearedOwner& owner) {
  return {{"name", owner.name},
          {"market", owner.market},
          {"quantity", owner.quantity},
          {"share", owner.share},
          {"profit", number(owner.profit)}};
}

Json to_json(const ClearedSegment& segment) {
  return {{"name", segment.name},
          {"quantity", segment.quantity},
          {"price_index", number(segment.price_index)},
          {"expenditure", segment.expenditure},
          {"consumer_surplus", number(segment.surplus)},
          {"consumer_surplus_is_infinite", segment.is_infinite}};
}

template <class Item>
Json list(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(to_json(item));
  return array;
}

}  // namespace

std::string clear_table(const OneShot& one_shot, const ClearedMarkets& cleared) {
  std::string text = one_shot.title.empty() ? "" : one_shot.title + "\n\n";
  for (const ClearedMarket& market : cleared.markets) text += market_text(market, has_owners(cleared)) + "\n";
  text += firms_text(cleared) + "\n" + owners_text(cleared) + segments_text(cleared);
  if (one_shot.segments.empty()) return text;
  return text + fmt::format("{} in {}, residual {:.1e}\n", cleared.solved ? "solved" : "NOT SOLVED",
                            count_text(static_cast<std::uint64_t>(cleared.iterations), "iteration"), cleared.residual);
}

std::string clear_json(const OneShot& one_shot, const ClearedMarkets& cleared, const std::string& path) {
  const Json answer = {{"config", path},
                       {"title", one_shot.title},
                       {"solved", cleared.solved},
                       {"iterations", cleared.iterations},
                       {"residual", cleared.residual},
                       {"markets", list(cleared.markets)},
                       {"firms", list(cleared.firms)},
                       {"owners", list(cleared.owners)},
                       {"segments", list(cleared.segments)},
                       {"consumer_surplus", number(cleared.surplus)},
                       {"consumer_surplus_is_infinite", cleared.surplus_is_infinite}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chokepoint
