#pragma once

#include "config/field.hpp"

namespace chokepoint {

/// Keys of the whole config; the object is a Scenario.
const Table& config_table();

// Tables of the config, by file of definition.
const Table& region_table();  // keys_region.cpp
const Table& policy_table();
const Table& chip_table();  // keys_supply.cpp
const Table& fab_pool_table();
const Table& outage_table();
const Table& component_pool_table();
const Table& export_class_table();  // keys_export.cpp
const Table& export_table();
const Table& provider_table();  // keys_provider.cpp
const Table& segment_table();   // keys_segment.cpp
const Table& application_table();
const Table& shock_table();     // keys_shock.cpp
const Table& scenario_table();  // keys_general.cpp; the object is a Scenario
const Table& freeze_table();
const Table& correlation_table();
const Table& sentiment_table();  // keys_market.cpp
const Table& efficiency_table();
const Table& market_table();
const Table& finance_table();
const Table& event_table();
const Table& claim_table();  // keys_claim.cpp

// Words of the config in the order of their numbers in the block.
const config::Names& regime_words();         ///< as Regime
const config::Names& provider_kind_words();  ///< as ProviderKind
const config::Names& source_words();         ///< as Source
const config::Names& policy_words();

/// One kind of dated shock.
struct ShockKind {
  std::string word;
  Refers target;  ///< what its target names; left out, all of them are hit
  Rule value;     ///< `max` 0 where it takes none
  std::string value_unit, help;
};
const std::vector<ShockKind>& shock_kinds();  // keys_shock.cpp
const ShockKind* find_shock_kind(const std::string& word);

// Rules that many keys share.
inline const Rule name_rule = {.required = true, .is_name = true};
inline const Rule share_rule = {.max = 1};
inline const Rule growth_rule = {.min = -0.9, .max = 10};  ///< growth a year, as a share
inline const Rule volatility_rule = {.max = 1};            ///< standard deviation of a monthly log
inline const Rule arrival_rule = {.max = 50};              ///< arrivals a year
inline const Rule half_life_rule = {.max = 1200};

}  // namespace chokepoint
