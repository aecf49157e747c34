#pragma once

#include <type_traits>

#include "chokepoint/market/exact_view.hpp"
#include "chokepoint/market/parameter_members.hpp"

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

/// Loops over units stay loops: there are many, and what they index lies in memory anyhow. Unrolled, they made four
/// times the code, spilled registers and compiled for minutes (docs/gpu.md).
template <class R, int Regions, int Classes, int Pools, int Units, int Segments, bool Unrolled>
CHOKEPOINT_INLINE auto units(
    const Parameters<R, ConstantShape<Regions, Classes, Pools, Units, Segments, Unrolled>>& p) {
  return index_range<UnitIndex>(0, [&p] { return p.sizes.units; });
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

/// A group of members into a block of other sizes.
template <class To, class From>
void copy_group(To& to, const From& from) {
  each_member([](const char*, auto& into, const auto& part) { copy_part(into, part); }, to, from);
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
