#pragma once

#include <cstdint>

#include "chokepoint/base/host_device.hpp"
#include "chokepoint/market/indices.hpp"
#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/market/shock_parameters.hpp"
#include "chokepoint/numeric/sources.hpp"

/// The flat parameter block: everything a path needs, nothing it may change. Plain data, trivially copyable, the same
/// bytes on host and device. Lowered from a Scenario by `lower()`; units are stated here once and hold everywhere:
/// chips in thousands, capacity and demand in thousand H100-equivalents (kH100e), rental prices in USD per H100e-hour,
/// chip prices in thousand USD, other money in million USD, power in MW, rates per month, levels in log2.
namespace chokepoint {

/// What the calendar fixes for one month, the same on every path: decaying trends, schedules, policies, dated shocks.
template <class Real, class S = LargestShape>
struct CalendarMonth {
  Real demand_drift[S::segments];                ///< added to log2 demand this month
  Real efficiency_drift;                         ///< added to log2 efficiency this month
  Real fab_growth[S::pools];                     ///< added to log2 fab capacity this month
  Real power_orders[S::regions];                 ///< MW entering the build queue this month
  Real component_capacity[max_component_pools];  ///< MW that can be equipped this month, without outages
  Real list_price[S::classes];                   ///< thousand USD per chip
  Real electricity[S::regions];                  ///< USD per kWh
  Real log2_ceiling[S::regions];    ///< log2 of the rental price ceiling; no_ceiling_log2 where there is none
  Real domestic_floor[S::regions];  ///< least share of chip spending on the region's own classes
  Real subsidy[S::regions];         ///< share of the delivered chip cost that the state pays
  Real quota[max_export_classes][S::regions];                     ///< thousand chips a month under regime_quota
  Real share_cap[S::regions];                                     ///< largest share of the world fleet; 1 where none
  std::int32_t scheduled_regime[max_export_classes][S::regions];  ///< -1: the chain decides
  Real outage_severity[max_outages];             ///< least level of each hazard of fabs this month; 0: no dated one
  Real grid_severity[S::regions];                ///< the same of grid shocks
  Real component_severity[max_component_pools];  ///< the same of component pools
  std::int32_t sentiment_turn;                   ///< 1: reversal, -1: boom, 0: the chain decides
  std::int32_t war_turn[S::regions];             ///< 1: a price war starts, -1: it ends, 0: the chain decides
};

template <class Real, class S = LargestShape>
struct ChipParameters {
  std::int32_t pool[S::classes], export_class[S::classes];  ///< export_class -1: never restricted
  std::int32_t home[S::classes];                            ///< region whose domestic floor counts it; -1 none
  Real perf[S::classes], inverse_perf[S::classes], power_kw[S::classes];
  Real system_multiple[S::classes];
  Real log2_price_floor[S::classes], log2_price_cap[S::classes];  ///< band, log2 of multiples of the month's list price
  Real order_exponent[S::classes], inverse_order_exponent[S::classes];  ///< 1 + eta and its inverse
  Real wafers[S::classes], inverse_wafers[S::classes];                  ///< pool units per chip
  Real lead_rate[S::classes];      ///< share of a pipeline stage that moves on each month
  Real ageing_rate[S::classes];    ///< share of an age stage that moves on each month
  Real failure_rate[S::classes];   ///< per month
  Real capital_hours[S::classes];  ///< 1000 / (hours in the life of a chip * perf) (4.15): thousand USD -> USD per
                                   ///< H100e-hour
  Real log2_capacity[S::pools];    ///< start, thousand pool units a month
  Real stock_limit[S::classes];    ///< months of output in stock at which the vendor stops starting wafers
  Real start_stock[S::classes];
  Real pool_steer;                ///< exponent of revenue per wafer in the vendor's split of a pool
  Real index_weight[S::classes];  ///< weights of the chip price index, summing to 1
};

template <class Real, class S = LargestShape>
struct TradeParameters {
  Real leak_share[max_export_classes][S::regions];
  Real grey_premium[max_export_classes][S::regions];  ///< share of the chip price, on leaked chips
  Real surcharge[max_export_classes][S::regions]
                [regime_count];  ///< share of the chip price, by regime; under a ban the grey premium counts
  Real stockpile[max_export_classes][S::regions];  ///< order multiple while a window is open
};

template <class Real, class S = LargestShape>
struct RegionParameters {
  Real start_power[S::regions], start_queue[S::regions], build_rate[S::regions];
  Real war_trigger[S::regions];  ///< utilisation under which a price war may start
  Real war_start[S::regions], war_end[S::regions];
  Real conduct[S::regions], war_conduct[S::regions];              ///< theta
  Real capital_share[S::regions], war_capital_share[S::regions];  ///< kappa
  std::int32_t barred[S::regions][S::classes];  ///< 1 where no chip of the class can ever be (derived_parameters.hpp)
};

template <class Real, class S = LargestShape>
struct ProviderParameters {
  std::int32_t owner[S::units], region[S::units], kind[S::units], deep_pockets[S::units];
  std::int32_t first[S::regions + 1];  ///< units are sorted by region: those of r are first[r] .. first[r+1]-1
  std::int32_t by_priority[S::units];  ///< units in falling order of priority
  Real priority[S::units];
  Real count[S::units], inverse_count[S::units];
  Real conduct_weight[S::units];   ///< conduct_weight / count: multiplies theta
  Real occupancy_limit[S::units];  ///< 1 - frictional vacancy
  Real dispersion[S::units];       ///< half-width of the spread of costs within the fleet, relative
  Real operations[S::units];       ///< USD per H100e-hour
  Real cost_multiple[S::units], inverse_cost_multiple[S::units], leverage[S::units];
  Real low_cost[S::units], cost_spread[S::units];  ///< 1 - dispersion; 2 dispersion
  Real capital_multiple[S::units];  ///< cost multiple in offers: 0 for community units, who ask for no capital
  Real start_young[S::units][S::classes], start_old[S::units][S::classes];
  Real start_pipeline[S::units][S::classes];
  Real budget[S::units];               ///< million USD a month
  Real runway[S::units];               ///< months of fixed cost held in cash at the start
  Real reserved_share[S::units];       ///< share of the fleet that serves its own segments first
  Real serves[S::units][S::segments];  ///< 1 or 0
  Real start_fleet[S::units];          ///< kH100e, with what is in the pipeline
};

template <class Real>
struct FinanceParameters {
  Real fixed_capital_share;  ///< share of the capital charge that is paid whether chips are rented or not
  Real transfer_share;       ///< share of a leaver's fleet that goes to survivors
  Real expected_decline;     ///< factor on today's rental price in expected lifetime margins
  Real class_choice;         ///< lambda of the logit on log q
  Real q_exponent, q_min, q_max;
  Real demand_exponent;
  Real arms_race, arms_race_max;
};

template <class Real, class S = LargestShape>
struct DemandParameters {
  std::int32_t home[S::segments];
  Real sigma, inverse_sigma;
  Real elasticity[S::segments];
  Real log2_reference[S::segments];       ///< log2 of demand at a price of 1 USD
  Real efficiency_exponent[S::segments];  ///< elasticity - 1
  Real index_exponent[S::segments];       ///< elasticity / sigma - 1
  Real sigma_less_elasticity[S::segments];
  Real weight[S::segments][S::markets];  ///< a_sm: (taste / tau)^sigma, summing to 1 over m; 0 where barred
  Real weight_squared[S::segments][S::markets];
  std::int32_t has_buyers[S::markets];  ///< 1 where some segment may buy
  Real least_elasticity;  ///< below that of every segment: a bound that rounding far from the solution must not cross
};

template <class Real, class S = LargestShape>
struct DownstreamParameters {
  Real inverse_tokens[S::segments];  ///< H100e-hours per million tokens at the start
  Real discount[S::segments];        ///< factor on the list price that the segment pays
  Real cloud_conduct[S::segments], application_conduct[S::segments];  ///< theta / elasticity of each layer
  Real tightness[S::segments];                                        ///< how far scarcity raises the layers' conduct
  Real fixed_cost[S::segments];          ///< share of the application's cost that is not compute, at the start
  Real tokens_per_user[S::segments];     ///< million tokens a month
  Real allowance[S::segments];           ///< free million tokens a month, at the start
  Real allowance_response[S::segments];  ///< how fast the allowance shrinks as the token price rises
  Real base_fee[S::segments];            ///< USD a month
  Real log2_willingness[S::segments];    ///< log2 of the median highest token price accepted, as multiple of the start
  Real willingness_slope[S::segments];
  std::int32_t application_segment;
  Real application_revenue;      ///< USD per user and month: paid share * ARPU
  Real application_tokens;       ///< million tokens per user and month
  Real application_token_price;  ///< USD per million tokens at the start
};

/// A condition on one measure whose first month is a result.
template <class Real>
struct EventParameters {
  std::int32_t measure[max_events];      ///< flat index of the measure
  std::int32_t above[max_events];        ///< 1: value > threshold, 0: value < threshold
  std::int32_t relative[max_events];     ///< 1: threshold is a multiple of the value at month 0
  std::int32_t first_month[max_events];  ///< looked for from this month on: 1 for flows, which month 0 has none of
  Real threshold[max_events];
};

template <class Real>
struct SolverParameters {
  Real tolerance;                         ///< on |supply / demand - 1|
  Real kink, inverse_four_kinks;          ///< half-width over which the two kinks of supply are rounded; 1 / (4 kink)
  Real two_kinks, over_kink, under_kink;  ///< 2 kink, 1 + kink, 1 - kink
  Real inverse_four_caps;                 ///< 1 / (4 kink) as over_kink - under_kink has it: the upper kink ends flat
  Real log2_start_price;
  Real empty_capacity;  ///< kH100e under which a market counts as empty
  std::int32_t newton_limit, sweep_limit;
};

template <class R, class S>  // by default LargestShape: limits.hpp
struct Parameters {
  using Real = R;
  using ShapeType = S;
  Sizes sizes;
  std::int32_t noise[source_count];  ///< 0 freezes a source of shocks at its mean or start
  SourceSeeds seeds;
  ShockParameters<R, S> shocks;
  ChipParameters<R, S> chips;
  TradeParameters<R, S> trade;
  RegionParameters<R, S> regions;
  ProviderParameters<R, S> providers;
  FinanceParameters<R> finance;
  DemandParameters<R, S> demand;
  DownstreamParameters<R, S> downstream;
  EventParameters<R> events;
  SolverParameters<R> solver;
  std::int32_t measure_offset[measure_count];  ///< first flat index of each measure block (market/measures.hpp)
  CalendarMonth<R, S> calendar[max_months];
};

inline namespace CHOKEPOINT_TARGET {

/// Whether a source of shocks is random; a frozen one stays at its trend or its start.
template <class P>
CHOKEPOINT_INLINE bool is_random(const P& p, Source source) {
  return p.noise[static_cast<int>(source)] != 0;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
