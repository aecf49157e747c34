#include "scenario/keys.hpp"

namespace chokepoint {

using namespace config;

namespace {

const Rule severity = {.max = 1, .above_min = true};
const Rule factor = {.min = 1e-3, .max = 1e3};
const Rule amount = {.max = 1e7, .above_min = true};
const Rule no_value = {.max = 0};

Names kind_words() {
  Names words;
  for (const ShockKind& kind : shock_kinds()) words.push_back(kind.word);
  return words;
}

std::string kinds_help() {
  std::string text = "what happens";
  for (const ShockKind& kind : shock_kinds()) text += "; " + kind.word + ": " + kind.help;
  return text;
}

}  // namespace

const std::vector<ShockKind>& shock_kinds() {
  static const std::vector<ShockKind> kinds = {
      {"fab_outage", Refers::outage, severity, "1", "a hazard strikes at this severity"},
      {"grid_shock", Refers::region, severity, "1", "the grid of a region is hit at this severity"},
      {"component_outage", Refers::component_pool, severity, "1", "a component pool loses this share"},
      {"fab_capacity_added", Refers::fab_pool, amount, "thousand pool units/month", "a pool makes so many more"},
      {"component_capacity_added", Refers::component_pool, amount, "MW/month", "a component pool equips so many more"},
      {"demand_factor", Refers::segment, factor, "1", "demand of a segment is multiplied"},
      {"efficiency_factor", Refers::nothing, factor, "1", "tokens per H100e-hour are multiplied"},
      {"reversal", Refers::nothing, no_value, "", "sentiment turns"},
      {"boom", Refers::nothing, no_value, "", "sentiment turns back"},
      {"price_war", Refers::region, no_value, "", "a price war breaks out"},
      {"price_peace", Refers::region, no_value, "", "a price war ends"},
  };
  return kinds;
}

const ShockKind* find_shock_kind(const std::string& word) {
  for (const ShockKind& kind : shock_kinds())
    if (kind.word == word) return &kind;
  return nullptr;
}

const Table& shock_table() {
  static const Table table = describe<Shock>(
      "something that happens at a date on every path, beside what happens at random", {"name"},
      {
          field("name", &Shock::name, "", name_rule, "how overrides refer to it"),
          field("title", &Shock::title, "", {}, "one line for people"),
          field("kind", &Shock::kind, "", {.required = true, .choices = kind_words()}, kinds_help()),
          field("target", &Shock::target, "", {.is_name = true},
                "the hazard, region, pool or segment that is hit; left out: all of them"),
          field("from", &Shock::from, "", {.required = true},
                "first month; at the start of a scenario, the month after"),
          field("until", &Shock::until, "", {},
                "first month in which it no longer holds; left out: capacity and factors last, everything else strikes "
                "once, then recovers or changes at random as usual"),
          field("value", &Shock::value, "as the kind", {.max = 1e7}, "severity, amount or factor, as the kind asks"),
      });
  return table;
}

}  // namespace chokepoint
