#pragma once

#include "chokepoint/market/parameters.hpp"

/// The members of the parameter block by name, for code that treats them all alike: copies into blocks of other sizes
/// (cuda/exact_parameters.hpp) and the listing of `validate --parameters`.
namespace chokepoint {

// Every member of each group (that of shocks is in shock_parameters.hpp), once: visit("member", a.member, b.member).
// tests/cuda detects a forgotten one: a block of marked words must arrive in another block without a gap.
// clang-format off
#define EACH(member) visit(#member, a.member, b.member)
template <class Visit, class Real, class A, class B>
void each_member(Visit visit, ChipParameters<Real, A>& a, const ChipParameters<Real, B>& b) {
  EACH(pool); EACH(export_class); EACH(home); EACH(perf); EACH(inverse_perf); EACH(power_kw); EACH(system_multiple);
  EACH(log2_price_floor); EACH(log2_price_cap); EACH(order_exponent); EACH(inverse_order_exponent); EACH(wafers);
  EACH(inverse_wafers); EACH(lead_rate); EACH(ageing_rate); EACH(failure_rate); EACH(capital_hours);
  EACH(log2_capacity); EACH(stock_limit); EACH(start_stock); EACH(pool_steer); EACH(index_weight);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, TradeParameters<Real, A>& a, const TradeParameters<Real, B>& b) {
  EACH(leak_share); EACH(grey_premium); EACH(surcharge); EACH(stockpile);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, RegionParameters<Real, A>& a, const RegionParameters<Real, B>& b) {
  EACH(start_power); EACH(start_queue); EACH(build_rate); EACH(war_trigger); EACH(war_start); EACH(war_end);
  EACH(conduct); EACH(war_conduct); EACH(capital_share); EACH(war_capital_share); EACH(barred);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, ProviderParameters<Real, A>& a, const ProviderParameters<Real, B>& b) {
  EACH(owner); EACH(region); EACH(kind); EACH(deep_pockets); EACH(first); EACH(by_priority); EACH(priority);
  EACH(count); EACH(inverse_count); EACH(conduct_weight); EACH(occupancy_limit); EACH(dispersion); EACH(operations);
  EACH(cost_multiple); EACH(inverse_cost_multiple); EACH(leverage); EACH(low_cost); EACH(cost_spread);
  EACH(capital_multiple); EACH(start_young); EACH(start_old); EACH(start_pipeline); EACH(budget);
  EACH(runway); EACH(reserved_share); EACH(serves); EACH(start_fleet);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, DemandParameters<Real, A>& a, const DemandParameters<Real, B>& b) {
  EACH(home); EACH(sigma); EACH(inverse_sigma); EACH(elasticity); EACH(log2_reference); EACH(efficiency_exponent);
  EACH(index_exponent); EACH(sigma_less_elasticity); EACH(weight); EACH(weight_squared); EACH(has_buyers);
  EACH(least_elasticity);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, DownstreamParameters<Real, A>& a, const DownstreamParameters<Real, B>& b) {
  EACH(inverse_tokens); EACH(discount); EACH(cloud_conduct); EACH(application_conduct); EACH(tightness);
  EACH(fixed_cost); EACH(tokens_per_user); EACH(allowance); EACH(allowance_response); EACH(base_fee);
  EACH(log2_willingness); EACH(willingness_slope); EACH(application_segment); EACH(application_revenue);
  EACH(application_tokens); EACH(application_token_price);
}

template <class Visit, class Real, class A, class B>
void each_member(Visit visit, CalendarMonth<Real, A>& a, const CalendarMonth<Real, B>& b) {
  EACH(demand_drift); EACH(efficiency_drift); EACH(fab_growth); EACH(power_orders); EACH(component_capacity);
  EACH(list_price); EACH(electricity); EACH(log2_ceiling); EACH(domestic_floor); EACH(subsidy); EACH(quota);
  EACH(share_cap); EACH(scheduled_regime); EACH(outage_severity); EACH(grid_severity);
  EACH(component_severity); EACH(sentiment_turn); EACH(war_turn);
}

template <class Visit, class Real>
void each_member(Visit visit, FinanceParameters<Real>& a, const FinanceParameters<Real>& b) {
  EACH(fixed_capital_share); EACH(transfer_share); EACH(expected_decline); EACH(class_choice); EACH(q_exponent);
  EACH(q_min); EACH(q_max); EACH(demand_exponent); EACH(arms_race); EACH(arms_race_max);
}

template <class Visit, class Real>
void each_member(Visit visit, SolverParameters<Real>& a, const SolverParameters<Real>& b) {
  EACH(tolerance); EACH(kink); EACH(inverse_four_kinks); EACH(two_kinks); EACH(over_kink); EACH(under_kink);
  EACH(inverse_four_caps); EACH(log2_start_price); EACH(empty_capacity); EACH(newton_limit); EACH(sweep_limit);
}

template <class Visit>
void each_member(Visit visit, Sizes& a, const Sizes& b) {
  EACH(months); EACH(regions); EACH(classes); EACH(pools); EACH(units); EACH(segments); EACH(owners);
  EACH(export_classes); EACH(outages); EACH(component_pools); EACH(events); EACH(measures);
}
#undef EACH
// clang-format on

}  // namespace chokepoint
