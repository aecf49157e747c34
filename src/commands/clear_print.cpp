#include "commands/clear_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "output/words.hpp"

namespace chokepoint {

namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

std::string words(std::optional<double> value) { return value ? number_words(*value, 6) : "-"; }

/// Columns as wide as they need: the first to the left, numbers to the right. The first row is the heading.
std::string columns(const std::vector<Row>& rows) {
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
std::string market_text(const ClearedMarket& market) {
  std::vector<Row> rows = {{"market " + market.name, status_text(market.status)}};
  const auto line = [&](const char* name, std::optional<double> value) {
    if (value) rows.push_back({name, number_words(*value, 6)});
  };
  line("  price", market.price);
  line("  quantity", market.quantity);
  line("  utilisation", market.utilisation);
  line("  elasticity of demand", market.elasticity);
  line("  Lerner index", market.lerner);
  line("  HHI", market.hhi);
  for (int k = 0; k < 5 && market.hhi; ++k) line(fmt::format("  CR{}", k + 1).c_str(), market.ratio[k]);
  if (market.price) line("  consumer expenditure", market.expenditure);
  if (market.status == MarketStatus::rationed) line("  demand", market.demand);
  if (market.status == MarketStatus::rationed) line("  shortage", market.shortage);
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row[0].size());
  std::string text;
  for (const Row& row : rows) text += fmt::format("{:<{}}  {}\n", row[0], width, row[1]);
  return text;
}

std::string firms_text(const ClearedMarkets& cleared) {
  std::vector<Row> rows = {{"firm", "market", "count", "quantity", "share", "utilisation", "marginal cost", "Lerner"}};
  for (const ClearedFirm& firm : cleared.firms)
    rows.push_back({firm.name, firm.market, std::to_string(firm.count), words(firm.quantity), words(firm.share),
                    words(firm.utilisation), words(firm.marginal_cost), words(firm.lerner)});
  return columns(rows);
}

std::string segments_text(const ClearedMarkets& cleared) {
  if (cleared.segments.empty()) return "";
  std::vector<Row> rows = {{"segment", "quantity", "price index", "expenditure"}};
  for (const ClearedSegment& segment : cleared.segments)
    rows.push_back({segment.name, words(segment.quantity), words(segment.price_index), words(segment.expenditure)});
  return columns(rows) + "\n";
}

Json number(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

Json to_json(const ClearedMarket& market) {
  Json ratios = Json::array();
  for (const double ratio : market.ratio) ratios.push_back(market.hhi ? Json(ratio) : Json(nullptr));
  return {{"name", market.name}, {"status", status_text(market.status)}, {"price", number(market.price)},
          {"quantity", market.quantity}, {"demand", market.demand}, {"shortage", market.shortage},
          {"capacity", number(market.capacity)}, {"utilisation", number(market.utilisation)},
          {"elasticity", number(market.elasticity)}, {"lerner", number(market.lerner)},
          {"hhi", number(market.hhi)}, {"cr", ratios}, {"expenditure", market.expenditure},
          {"residual", market.residual}};
}

Json to_json(const ClearedFirm& firm) {
  return {{"name", firm.name}, {"market", firm.market}, {"count", firm.count}, {"quantity", firm.quantity},
          {"share", firm.share}, {"utilisation", number(firm.utilisation)},
          {"marginal_cost", number(firm.marginal_cost)}, {"lerner", number(firm.lerner)}};
}

Json to_json(const ClearedSegment& segment) {
  return {{"name", segment.name}, {"quantity", segment.quantity}, {"price_index", number(segment.price_index)},
          {"expenditure", segment.expenditure}};
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
  for (const ClearedMarket& market : cleared.markets) text += market_text(market) + "\n";
  text += firms_text(cleared) + "\n" + segments_text(cleared);
  if (one_shot.segments.empty()) return text;
  return text + fmt::format("{} in {}, residual {:.1e}\n", cleared.solved ? "solved" : "NOT SOLVED",
                            count_text(static_cast<std::uint64_t>(cleared.iterations), "iteration"), cleared.residual);
}

std::string clear_json(const OneShot& one_shot, const ClearedMarkets& cleared, const std::string& path) {
  const Json answer = {{"config", path}, {"title", one_shot.title}, {"solved", cleared.solved},
                       {"iterations", cleared.iterations}, {"residual", cleared.residual},
                       {"markets", list(cleared.markets)}, {"firms", list(cleared.firms)},
                       {"segments", list(cleared.segments)}};
  return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chokepoint
