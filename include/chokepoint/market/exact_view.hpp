#pragma once

#include "chokepoint/market/parameters.hpp"

/// A view of a block of the largest size as a block with exactly a scenario's sizes: loops have constant lengths, and
/// state and flows are no larger than necessary. Nothing is copied, and no bit of a result changes.
namespace chokepoint {

template <class R, class S>
struct ExactView {
  using Real = R;
  using ShapeType = S;
  static_assert(S::exact);

  const Sizes& sizes;
  const std::int32_t* noise;
  const SourceSeeds& seeds;
  const ShockParameters<R>& shocks;
  const ChipParameters<R>& chips;
  const TradeParameters<R>& trade;
  const RegionParameters<R>& regions;
  const ProviderParameters<R>& providers;
  const FinanceParameters<R>& finance;
  const DemandParameters<R>& demand;
  const DownstreamParameters<R>& downstream;
  const SolverParameters<R>& solver;
  const std::int32_t* measure_offset;
  const CalendarMonth<R>* calendar;
};

inline namespace CHOKEPOINT_TARGET {

/// Whether a scenario has exactly these sizes.
template <class S>
bool fits_exactly(const Sizes& sizes) {
  return sizes.regions == S::regions && sizes.classes == S::classes && sizes.pools == S::pools &&
         sizes.units == S::units && sizes.segments == S::segments;
}

template <class S, class R>
CHOKEPOINT_INLINE ExactView<R, S> exact_view(const Parameters<R>& p) {
  return {p.sizes,     p.noise,   p.seeds,  p.shocks,     p.chips,  p.trade,          p.regions,
          p.providers, p.finance, p.demand, p.downstream, p.solver, p.measure_offset, p.calendar};
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
