#pragma once

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/numeric/lanes.hpp"

namespace chokepoint {

/// Alignment for the fleets of State and Flows: a unit's classes lie side by side, and a GPU moves four numbers at once
/// if it knows that they begin at a multiple of 16 bytes.
#define CHOKEPOINT_ROW alignas(N) alignas(16)

/// What a path remembers from one month to the next. N is a number or a bundle of lanes, one path a lane. Fleets are
/// indexed by fleet_index(unit, class), markets by market_index(region, class).
template <class N, class S = LargestShape>
struct State : ShockState<N, S> {
  // Chips on their way and at work, thousand.
  N chip_price[S::classes], stock[S::classes];
  CHOKEPOINT_ROW N spending[S::fleets];  ///< million USD, decided last month
  CHOKEPOINT_ROW N pipeline[pipeline_stages][S::fleets];
  CHOKEPOINT_ROW N waiting[S::fleets];
  CHOKEPOINT_ROW N young[S::fleets], old[S::fleets];

  // Rental markets and providers.
  N log2_price[S::markets];
  N segment_log2_price[S::segments];
  N war[S::regions];  ///< 1 in a price war, else 0
  N cash[S::units], alive[S::units];

  // Month 0, from which changes are counted.
  N start_demand, start_fleet, start_chip_index, start_cloud_price;
  N start_compute_price[S::segments], start_token_price[S::segments], start_markup[S::segments],
      start_user_bill[S::segments];
};

/// What happens within one month: flows, and quantities derived from the state that later stages share. They are sums
/// by market where no equation needs a fleet's own figure, as memory is scarce on a GPU.
template <class N, class S = LargestShape>
struct Flows {
  // Upstream and shipments, thousand chips.
  N produced[S::classes], returned[S::classes], scrapped[S::classes];
  N delivered[S::markets], leaked[S::markets];  ///< what enters pipelines, and the part of it that leaks
  N multiple[S::markets];  ///< delivered cost of a chip with its system over the chip price, at a cost multiple of 1
  N capital_spending;      ///< million USD a month

  // Power and installation.
  N power_available[S::regions], power_used[S::regions], power_bound[S::regions], electricity[S::regions];
  N powered[S::regions];          ///< share of the fleet that power in force can run
  N installed_share[S::regions];  ///< of the chips on site, in MW, those installed
  N installs[S::regions], domestic_installs[S::regions], idle[S::regions];  ///< kH100e

  // Rental markets.
  CHOKEPOINT_ROW N capacity[S::fleets];  ///< kH100e offered on the market
  N market_capacity[S::markets];         ///< sum of the capacity offered, kH100e
  N market_demand[S::markets], market_supply[S::markets], price[S::markets];
  N own_service[S::units];        ///< share of a unit's capacity that serves its own segments
  N open_share[S::segments];      ///< share of a segment's demand that goes to the market
  N public_share[S::segments];    ///< share served by public units at cost
  N public_cost[S::segments];     ///< sum over public units of share served times cost
  N compute_price[S::segments];   ///< USD per H100e-hour, market and public service together
  N segment_demand[S::segments];  ///< kH100e
  N revenue[S::units];            ///< million USD a month
  N costs[S::units];              ///< the fixed charge, to which settlement adds running costs; million USD a month
  N unit_fleet[S::units];         ///< kH100e installed
  N unit_orders[S::units];        ///< kH100e installed, waiting and in the pipeline
  N region_fleet[S::regions], region_rented[S::regions], world_fleet, world_rented, world_demand;
  N regional_price[S::regions], world_price, utilisation[S::regions];
  N running_offered,
      capital_offered;  ///< of what is used: running cost and capital in its offers, thousand USD an hour

  // Downstream.
  N token_price[S::segments], user_bill[S::segments], priced_out[S::segments];
  N price_change[layer_count], pass_through[link_count];
  N application_margin;

  // Solver.
  N iterations, residual;
  /// Matrix of the last resort (last_resort.hpp): for a bundle of paths it is too large for the stack of a thread, 256
  /// KiB for sixteen. The matrix of one path lies on the stack.
  static constexpr int kept_markets = lane_count<N> > 1 ? S::markets : 1;
  N whole_matrix[kept_markets][kept_markets];
};

#undef CHOKEPOINT_ROW

/// One million USD a month per kH100e at 1 USD per H100e-hour: 730 hours.
template <class N>
CHOKEPOINT_INLINE N monthly_million_usd() {
  return N(scalar_t<N>(0.73));
}

}  // namespace chokepoint
