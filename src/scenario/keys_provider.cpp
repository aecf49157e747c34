#include "scenario/keys.hpp"

#include "chokepoint/market/limits.hpp"

namespace chokepoint {

using namespace config;

const Table& provider_table() {
  static const Table table = describe<Provider>(
      "the fleet of one owner in one region, or a fringe of equal small firms", {"name"},
      {
          field("name", &Provider::name, "", name_rule, "how other tables refer to it"),
          field("title", &Provider::title, "", {}, "one line for people"),
          field("owner", &Provider::owner, "", {.is_name = true},
                "owner, who may have one fleet in each region; left out: the name"),
          field("region", &Provider::region, "", {.required = true, .refers = Refers::region},
                "where the fleet stands"),
          field("kind", &Provider::kind, "", {.choices = provider_kind_words()},
                "commercial; public: serves chosen segments first, at cost; captive: serves its own first; "
                "community: idle machines offered at running cost"),
          field("count", &Provider::count, "firms", {.min = 1, .max = 10000},
                "equal firms in the fringe; figures below are for all together"),
          field("fleet_thousand", &Provider::fleet_thousand, "thousand chips", {.max = 1e6, .refers = Refers::chip},
                "installed chips at the start, by class"),
          field("old_share", &Provider::old_share, "1", share_rule,
                "share of that fleet in the second half of its life"),
          field("pipeline_thousand", &Provider::pipeline_thousand, "thousand chips",
                {.max = 1e6, .refers = Refers::chip}, "chips on order at the start, by class"),
          field("capex_usd_per_year", &Provider::capex_usd_per_year, "USD/year", {.max = 1e13},
                "capital spending on AI at the start"),
          field("cost_multiple", &Provider::cost_multiple, "1", {.min = 0.1, .max = 10},
                "delivered cost against others: bulk 0.9, small 1.3"),
          field("leverage", &Provider::leverage, "1", share_rule, "how much deeper a reversal cuts its spending"),
          field("deep_pockets", &Provider::deep_pockets, "", {}, "whether it stays when its cash has run out"),
          field("priority", &Provider::priority, "1", {.max = 1000, .above_min = true},
                "claim on scarce chips, as a multiple of the order; higher is served first"),
          field("conduct_weight", &Provider::conduct_weight, "1", {.max = 10}, "multiplies the region's conduct theta"),
          field("runway_months", &Provider::runway_months, "months", {.max = 600},
                "months of fixed cost held in cash at the start"),
          field("frictional_vacancy", &Provider::frictional_vacancy, "1", {.max = 0.9},
                "share of the fleet that can't be rented at once"),
          field("cost_dispersion", &Provider::cost_dispersion, "1", {.min = 1e-3, .max = 0.5},
                "half-width of the spread of costs within the fleet, relative"),
          field("operations_usd_per_h100e_hour", &Provider::operations_usd_per_h100e_hour, "USD per H100e-hour",
                {.max = 100}, "running cost without energy"),
          field("serves", &Provider::serves, "", {.refers = Refers::segment, .most = LargestShape::segments},
                "segments that it serves before the market"),
          field("reserved_share", &Provider::reserved_share, "1", {.max = 0.95}, "share of the fleet held for them"),
      });
  return table;
}

}  // namespace chokepoint
