#pragma once

#include "parameters.hpp"

namespace peer {

enum Regime { open, window, quota, ban };
enum Kind { commercial, public_, captive, community };

constexpr float tiny = 1e-9f;         ///< keeps quotients defined
constexpr float million_usd = 0.73f;  ///< a month, of 1 kH100e at 1 USD per H100e-hour
constexpr float missing = 3.0e38f;    ///< "no value here" in a row of measures

using Fleets = float[units][classes];

/// What a path remembers from one month to the next.
struct State {
  float demand[segments], efficiency, reversal, fab[pools], outage[room(outages)];
  int regime[room(export_classes)][regions], regime_at_order[room(export_classes)][regions];
  float power[regions], queue[regions], grid[regions], component[room(component_pools)];

  float chip_price[classes], stock[classes];
  Fleets spending, pipeline[stages], waiting, young, old;

  float log2_price[markets], segment_price[segments];
  float war[regions], cash[units], alive[units];

  float start_demand, start_chip_index, start_cloud;
  float start_compute[segments], start_token[segments], start_markup[segments], start_bill[segments];
};

/// What happens within a month.
struct Flows {
  float multiple[units][classes];                    ///< delivered cost of a chip over its price (4.1)
  float delivered[units][classes], leaked[regions];  ///< thousand chips
  float capital_spending;
  float available[regions], electricity[regions], used[regions], powered[regions], installed_share[regions];
  float installs[regions], domestic_installs[regions], idle[regions], power_bound[regions];

  float running[units][classes], offer[units][classes], capacity[units][classes], reserved[units][classes];
  float rented[units][classes];
  float open_share[segments], public_share[segments], public_cost[segments];
  bool active[markets];
  float price[markets], compute_price[segments], segment_demand[segments], world_demand;
  float revenue[units], costs[units], fixed_charge[units], unit_fleet[units], unit_orders[units];
  float region_fleet[regions], region_rented[regions], regional_price[regions], utilisation[regions];
  float world_fleet, world_rented, world_price;
  float running_offered, capital_offered;

  float token_price[segments], user_bill[segments], priced_out[segments];
  float price_change[4], pass_through[3], application_margin;

  int iterations;
  bool solved;
};

inline float ratio_or(float a, float b, float otherwise) {
  return b > tiny ? a / b : otherwise;
}
inline float blend(float weight, float at_zero, float at_one) {
  return at_zero + weight * (at_one - at_zero);
}

}  // namespace peer
