#include "scenario/keys.hpp"

#include <iterator>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/numeric/sources.hpp"

namespace chokepoint {

const Table& scenario_table() {
  static const Table table = describe<Scenario>(
      "what the scenario is called, when it starts and how long it runs", {},
      {
          field("name", &Scenario::name, "", name_rule, "short name, used for files"),
          field("title", &Scenario::title, "", {}, "one line for people"),
          field("description", &Scenario::description, "", {},
                "what the scenario is for and where its figures come from"),
          field("start", &Scenario::start, "", {}, "month 0"),
          field("months", &Scenario::months, "months", {.min = 1, .max = max_months}, "length of a path"),
          field("seed", &Scenario::seed, "", {}, "seed of all sources of shocks, unless the command line gives one"),
      });
  return table;
}

const Table& freeze_table() {
  static const Table table = describe<Scenario>("sources of shocks that are switched off", {},
                                                {
                                                    field("sources", &Scenario::frozen, "", {.choices = source_words()},
                                                          "sources held at their mean or start on every path"),
                                                });
  return table;
}

const Table& correlation_table() {
  static const Table table =
      describe<Scenario>("correlation of the common monthly factors", {},
                         {
                             field("matrix", &Scenario::correlation, "", {.min = -1, .max = 1},
                                   "correlations of the factors demand, efficiency, power and yield, in this order"),
                         });
  return table;
}

const Table& config_table() {
  static const Table table = describe<Scenario>(
      "a scenario", {},
      {
          group_field("scenario", scenario_table()),
          field("seeds", &Scenario::seeds, "", {.choices = source_words()},
                "seeds of single sources of shocks; a source left out takes the seed of the run"),
          group_field("freeze", freeze_table()),
          group_field("correlation", correlation_table()),
          list_field("region", &Scenario::regions, region_table(), LargestShape::regions, true),
          list_field("fab_pool", &Scenario::fab_pools, fab_pool_table(), LargestShape::pools, true),
          list_field("chip", &Scenario::chips, chip_table(), LargestShape::classes, true),
          list_field("outage", &Scenario::outages, outage_table(), max_outages),
          list_field("component_pool", &Scenario::component_pools, component_pool_table(), max_component_pools),
          list_field("export_class", &Scenario::export_classes, export_class_table(), max_export_classes),
          list_field("export", &Scenario::exports, export_table(), max_export_classes * LargestShape::regions),
          list_field("policy", &Scenario::policies, policy_table(), 256),
          list_field("shock", &Scenario::shocks, shock_table(), 256),
          table_field("sentiment", &Scenario::sentiment, sentiment_table()),
          table_field("efficiency", &Scenario::efficiency, efficiency_table()),
          table_field("market", &Scenario::market, market_table()),
          list_field("provider", &Scenario::providers, provider_table(), LargestShape::units, true),
          list_field("segment", &Scenario::segments, segment_table(), LargestShape::segments, true),
          table_field("finance", &Scenario::finance, finance_table()),
          table_field("application", &Scenario::application, application_table()),
          list_field("event", &Scenario::events, event_table(), max_events),
          table_field("claim", &Scenario::claim, claim_table()),
      });
  return table;
}

const config::Names& source_words() {
  static const config::Names words(std::begin(source_names), std::end(source_names));
  return words;
}

const config::Names& regime_words() {
  static const config::Names words = {"open", "window", "quota", "ban"};
  return words;
}

const config::Names& provider_kind_words() {
  static const config::Names words = {"commercial", "public", "captive", "community"};
  return words;
}

}  // namespace chokepoint
