#include <cmath>

#include "chokepoint/market/one_shot/system.hpp"
#include "config/reader.hpp"
#include "one_shot/parts.hpp"

namespace chokepoint {

namespace {

std::optional<double> amount(const toml::node& node) {
  const std::optional<double> value = node.is_number() ? node.value<double>() : std::nullopt;
  return value && std::isfinite(*value) && *value >= 0 && *value < no_limit ? value : std::nullopt;
}

}  // namespace

void take_shares(toml::table& root, OneShot& one_shot, Diagnostics& diagnostics) {
  const toml::node* node = root.get("shares");
  if (!node) return;
  const toml::array* list = node->as_array();
  const Position position = position_of(node->source(), diagnostics.file());
  if (!list || list->empty() || list->size() > one_shot_firms)
    diagnostics.fault_at(position, "shares", "is no list of amounts (" + value_text(*node) + ")",
                         "allowed: 1 to " + std::to_string(one_shot_firms) + " numbers");
  for (std::size_t i = 0; list && i < list->size() && i < one_shot_firms; ++i) {
    const toml::node& item = *list->get(i);
    config::OneShotFirm firm;
    firm.quantity = amount(item).value_or(0);  // a stand-in, lest the firm seem to have no quantity
    if (!amount(item))
      diagnostics.fault_at(position_of(item.source(), diagnostics.file()), "shares[" + std::to_string(i) + "]",
                           "is no amount (" + value_text(item) + ")", "allowed: 0 or more");
    one_shot.firms.push_back(firm);
  }
  root.erase("shares");
}

}  // namespace chokepoint
