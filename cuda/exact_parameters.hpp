#pragma once

#include <type_traits>

#include "chokepoint/market/parameters.hpp"

/// Parameter blocks of exactly a scenario's sizes: what the specialised kernels take.
namespace chokepoint {

/// A shape whose parameters travel as constants of a kernel, which hold 32 KiB: the calendar is a pointer then. Arrays
/// have exactly these sizes. `Unrolled` makes the lengths of loops constants too: faster code, and far more of it.
template <int Regions, int Classes, int Pools, int Units, int Segments, bool Unrolled>
struct ConstantShape : Shape<Regions, Classes, Pools, Units, Segments, Unrolled> {};

template <class R, int Regions, int Classes, int Pools, int Units, int Segments, bool Unrolled>
struct Parameters<R, ConstantShape<Regions, Classes, Pools, Units, Segments, Unrolled>> {
  using Real = R;
  using ShapeType = ConstantShape<Regions, Classes, Pools, Units, Segments, Unrolled>;
  Sizes sizes;
  std::int32_t noise[source_count];
  SourceSeeds seeds;
  ShockParameters<R, ShapeType> shocks;
  ChipParameters<R, ShapeType> chips;
  TradeParameters<R, ShapeType> trade;
  RegionParameters<R, ShapeType> regions;
  ProviderParameters<R, ShapeType> providers;
  FinanceParameters<R> finance;
  DemandParameters<R, ShapeType> demand;
  DownstreamParameters<R, ShapeType> downstream;
  EventParameters<R> events;
  SolverParameters<R> solver;
  std::int32_t measure_offset[measure_count];
  const CalendarMonth<R, ShapeType>* calendar;  ///< [months]
};

inline namespace CHOKEPOINT_TARGET {

/// Loops over units stay loops: there are many, and what they index lies in memory anyhow. Unrolled, they made four times
/// the code, spilled registers and compiled for minutes (docs/gpu.md).
template <class R, int Regions, int Classes, int Pools, int Units, int Segments, bool Unrolled>
CHOKEPOINT_INLINE int units(const Parameters<R, ConstantShape<Regions, Classes, Pools, Units, Segments, Unrolled>>& p) {
  return p.sizes.units;
}

}  // namespace CHOKEPOINT_TARGET

namespace gpu {

/// Copies numbers, and of arrays the leading elements that both have.
template <class To, class From>
void copy_part(To& to, const From& from) {
  if constexpr (std::is_array_v<To>) {
    constexpr std::size_t size = std::extent_v<To> < std::extent_v<From> ? std::extent_v<To> : std::extent_v<From>;
    for (std::size_t k = 0; k < size; ++k) copy_part(to[k], from[k]);
  } else {
    static_assert(std::is_same_v<To, From>);
    to = from;
  }
}

// Every member, once. One that is forgotten shows in tests/cuda: a block of marked words must arrive without a hole.
#define COPY(member) copy_part(to.member, from.member)
template <class Real, class To, class From>
void copy_group(ShockParameters<Real, To>& to, const ShockParameters<Real, From>& from) {
  COPY(cholesky); COPY(demand_common); COPY(demand_own); COPY(efficiency_volatility); COPY(efficiency_jump_rate);
  COPY(efficiency_jump_min); COPY(efficiency_jump_span); COPY(sentiment_start); COPY(sentiment_to_reversal);
  COPY(sentiment_to_boom); COPY(reversal_demand_drift); COPY(reversal_capex); COPY(yield_volatility);
  COPY(outage_rate); COPY(outage_min); COPY(outage_span); COPY(outage_persistence); COPY(outage_exposure);
  COPY(regime_start); COPY(regime_moves); COPY(regime_cumulative); COPY(power_volatility); COPY(grid_rate);
  COPY(grid_min); COPY(grid_span); COPY(grid_persistence); COPY(grid_cut); COPY(grid_moratorium);
  COPY(grid_price_spike); COPY(component_rate); COPY(component_min); COPY(component_span);
  COPY(component_persistence);
}

template <class Real, class To, class From>
void copy_group(ChipParameters<Real, To>& to, const ChipParameters<Real, From>& from) {
  COPY(pool); COPY(export_class); COPY(home); COPY(perf); COPY(inverse_perf); COPY(power_kw); COPY(system_multiple);
  COPY(log2_price_floor); COPY(log2_price_cap); COPY(order_exponent); COPY(inverse_order_exponent); COPY(wafers);
  COPY(inverse_wafers); COPY(lead_rate); COPY(ageing_rate); COPY(failure_rate); COPY(capital_hours);
  COPY(log2_capacity); COPY(stock_limit); COPY(start_stock); COPY(pool_steer); COPY(index_weight);
}

template <class Real, class To, class From>
void copy_group(TradeParameters<Real, To>& to, const TradeParameters<Real, From>& from) {
  COPY(leak_share); COPY(grey_premium); COPY(surcharge); COPY(stockpile);
}

template <class Real, class To, class From>
void copy_group(RegionParameters<Real, To>& to, const RegionParameters<Real, From>& from) {
  COPY(start_power); COPY(start_queue); COPY(build_rate); COPY(war_trigger); COPY(war_start); COPY(war_end);
  COPY(conduct); COPY(war_conduct); COPY(capital_share); COPY(war_capital_share);
}

template <class Real, class To, class From>
void copy_group(ProviderParameters<Real, To>& to, const ProviderParameters<Real, From>& from) {
  COPY(owner); COPY(region); COPY(kind); COPY(deep_pockets); COPY(first); COPY(by_priority); COPY(priority);
  COPY(count); COPY(inverse_count); COPY(conduct_weight); COPY(occupancy_limit); COPY(dispersion); COPY(operations);
  COPY(cost_multiple); COPY(leverage); COPY(start_young); COPY(start_old); COPY(start_pipeline); COPY(budget);
  COPY(runway); COPY(reserved_share); COPY(serves); COPY(start_fleet);
}

template <class Real, class To, class From>
void copy_group(DemandParameters<Real, To>& to, const DemandParameters<Real, From>& from) {
  COPY(home); COPY(sigma); COPY(inverse_sigma); COPY(elasticity); COPY(log2_reference); COPY(efficiency_exponent);
  COPY(index_exponent); COPY(sigma_less_elasticity); COPY(weight);
}

template <class Real, class To, class From>
void copy_group(DownstreamParameters<Real, To>& to, const DownstreamParameters<Real, From>& from) {
  COPY(inverse_tokens); COPY(discount); COPY(cloud_conduct); COPY(application_conduct); COPY(tightness);
  COPY(fixed_cost); COPY(tokens_per_user); COPY(allowance); COPY(allowance_response); COPY(base_fee);
  COPY(log2_willingness); COPY(willingness_slope); COPY(application_segment); COPY(application_revenue);
  COPY(application_tokens); COPY(application_token_price);
}

template <class Real, class To, class From>
void copy_group(CalendarMonth<Real, To>& to, const CalendarMonth<Real, From>& from) {
  COPY(demand_drift); COPY(efficiency_drift); COPY(fab_growth); COPY(power_orders); COPY(component_capacity);
  COPY(list_price); COPY(electricity); COPY(log2_ceiling); COPY(domestic_floor); COPY(subsidy); COPY(quota);
  COPY(share_cap); COPY(scheduled_regime); COPY(outage_severity); COPY(grid_severity); COPY(component_severity);
  COPY(sentiment_turn); COPY(war_turn);
}
#undef COPY

/// Whether a scenario has exactly these sizes.
template <class ShapeType>
bool fits_exactly(const Sizes& sizes) {
  return sizes.regions == ShapeType::regions && sizes.classes == ShapeType::classes && sizes.pools == ShapeType::pools &&
         sizes.units == ShapeType::units && sizes.segments == ShapeType::segments;
}

/// All but the calendar.
template <class ShapeType, class From>
Parameters<float, ShapeType> exact_parameters(const Parameters<float, From>& from) {
  Parameters<float, ShapeType> to{};
  to.sizes = from.sizes;
  copy_part(to.noise, from.noise);
  to.seeds = from.seeds;
  copy_group(to.shocks, from.shocks);
  copy_group(to.chips, from.chips);
  copy_group(to.trade, from.trade);
  copy_group(to.regions, from.regions);
  copy_group(to.providers, from.providers);
  to.finance = from.finance;
  copy_group(to.demand, from.demand);
  copy_group(to.downstream, from.downstream);
  to.events = from.events;
  to.solver = from.solver;
  copy_part(to.measure_offset, from.measure_offset);
  return to;
}

}  // namespace gpu
}  // namespace chokepoint
