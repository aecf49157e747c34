#pragma once

#include <cstdint>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/numeric/lanes.hpp"

/// The exogenous processes (docs/model.md, section 3): their parameters, and the state that a path keeps of them.
namespace chokepoint {

/// Shocks that arrive at random, jump to a severity and fade (3.6), one of each element of an index set.
template <class Real, int size>
struct Hazards {
  Real rate[size];         ///< chance of an arrival in a month
  Real minimum[size];      ///< least severity
  Real span[size];         ///< of severities above that
  Real persistence[size];  ///< share that is left after a month
};

template <class Real, class S = LargestShape>
struct ShockParameters {
  Real cholesky[4][4];  ///< common factors of demand, efficiency, power, yield (lower triangle)
  Real demand_common[S::segments], demand_own[S::segments];  ///< monthly volatility of log2 demand, common and own part
  Real efficiency_volatility, efficiency_jump_rate, efficiency_jump_min, efficiency_jump_span;  ///< log2
  Real sentiment_start, sentiment_to_reversal, sentiment_to_boom;
  Real reversal_demand_drift, reversal_capex;
  Real yield_volatility[S::pools];
  Hazards<Real, max_outages> outage;
  Real outage_exposure[max_outages][S::pools];
  std::uint32_t regime_start[max_export_classes][S::regions];
  std::int32_t regime_moves[max_export_classes][S::regions];  ///< 0: the chain never leaves its state
  Real regime_cumulative[max_export_classes][S::regions][regime_count][regime_count - 1];
  Real power_volatility[S::regions];
  Hazards<Real, S::regions> grid;
  Real grid_cut[S::regions], grid_moratorium[S::regions], grid_price_spike[S::regions];
  Hazards<Real, max_component_pools> component;
};

// Every member, once: visit("member", a.member, b.member). See parameter_members.hpp.
// clang-format off
#define EACH(member) visit(#member, a.member, b.member)
#define EACH_HAZARD(kind) \
  visit(#kind "_rate", a.kind.rate, b.kind.rate); visit(#kind "_min", a.kind.minimum, b.kind.minimum); \
  visit(#kind "_span", a.kind.span, b.kind.span); visit(#kind "_persistence", a.kind.persistence, b.kind.persistence)
template <class Visit, class Real, class A, class B>
void each_member(Visit visit, ShockParameters<Real, A>& a, const ShockParameters<Real, B>& b) {
  EACH(cholesky); EACH(demand_common); EACH(demand_own); EACH(efficiency_volatility); EACH(efficiency_jump_rate);
  EACH(efficiency_jump_min); EACH(efficiency_jump_span); EACH(sentiment_start); EACH(sentiment_to_reversal);
  EACH(sentiment_to_boom); EACH(reversal_demand_drift); EACH(reversal_capex); EACH(yield_volatility);
  EACH_HAZARD(outage); EACH(outage_exposure); EACH(regime_start); EACH(regime_moves); EACH(regime_cumulative);
  EACH(power_volatility); EACH_HAZARD(grid); EACH(grid_cut); EACH(grid_moratorium); EACH(grid_price_spike);
  EACH_HAZARD(component);
}
#undef EACH_HAZARD
#undef EACH
// clang-format on

/// The exogenous part of the state.
template <class N, class S = LargestShape>
struct ShockState {
  N demand_log2[S::segments];
  N efficiency_log2;
  N reversal;  ///< 1 while sentiment has turned, else 0
  N fab_log2[S::pools];
  N outage[max_outages];
  uint_t<N> regime[max_export_classes][S::regions];
  uint_t<N> regime_at_order[max_export_classes][S::regions];  ///< when this month's orders were decided
  N power[S::regions], power_queue[S::regions], grid_shock[S::regions];
  N component_outage[max_component_pools];
};

}  // namespace chokepoint
