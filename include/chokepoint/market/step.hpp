#pragma once

#include "chokepoint/market/measures.hpp"
#include "chokepoint/market/shocks.hpp"

/// A path, month by month. `advance_month`, read from top to bottom, is the model.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N, class P, class St>
CHOKEPOINT_HD void start_fleets(const P& p, St& state) {
  using R = scalar_t<N>;
  for (const UnitIndex i : units(p)) {
    for (const ClassIndex c : classes(p)) {
      const FleetIndex k = fleet_index(p, i, c);
      state.young[k] = N(p.providers.start_young[i][c]);
      state.old[k] = N(p.providers.start_old[i][c]);
      state.waiting[k] = state.spending[k] = N(0);
      for (auto& stage : state.pipeline) stage[k] = N(p.providers.start_pipeline[i][c] * R(1.0 / pipeline_stages));
    }
    state.cash[i] = N(0);
    state.alive[i] = N(1);
  }
}

/// The state before month 0.
template <class N, class P, class St>
CHOKEPOINT_HD void start_path(const P& p, St& state) {
  start_shocks<N>(p, state);
  for (const SegmentIndex s : segments(p)) state.segment_log2_price[s] = N(p.solver.log2_start_price);
  for (const ClassIndex c : classes(p)) {
    state.chip_price[c] = N(p.calendar[0].list_price[c]);
    state.stock[c] = N(p.chips.start_stock[c]);
  }
  for (const MarketIndex m : markets(p)) state.log2_price[m] = N(p.solver.log2_start_price);
  for (const RegionIndex r : regions(p)) state.war[r] = N(0);
  start_fleets<N>(p, state);
}

/// A path with a figure that is NaN or infinite counts as unsolved, whatever the solver reported.
template <class N, class F>
CHOKEPOINT_HD void expose_broken_paths(F& flows) {
  const N limit = N(scalar_t<N>(1e30));
  const auto sound = (absolute(flows.world_demand) < limit) & (absolute(flows.world_fleet) < limit) &
                     (absolute(flows.world_rented) < limit) & (flows.world_price <= missing<N>());
  flows.residual = select(sound, flows.residual, limit);
}

/// One month of a bundle of paths; `draws` carries the paths and this month's step. Inlined, as each engine calls it at
/// one place: nvcc would weigh that anew at every change.
template <class N, class P, class St, class F>
CHOKEPOINT_INLINE void advance_month(const P& p, int t, const Draws<N>& draws, St& state, F& flows) {
  using R = scalar_t<N>;
  const auto& month = p.calendar[t];
  const bool is_start = t == 0;
  Shipments<N, typename P::ShapeType> ships{};
  N installs[P::ShapeType::regions];
  if (!is_start) advance_shocks<N>(p, month, draws, state);
  price_deliveries<N>(p, month, state, flows);
  if (is_start) {
    ship_nothing<N>(p, flows);
  } else {
    clear_chip_market<N>(p, month, state, flows, ships);
    pass_export_gate<N>(p, month, state, flows, ships);
  }
  available_power<N>(p, month, state, flows);
  move_and_power_chips<N>(p, month, R(is_start ? 0 : 1), ships, state, flows, installs);
  open_rental_markets<N>(p, month, installs, state, flows);
  if (is_start) start_cash<N>(p, flows, state);
  clear_rental_markets<N>(p, month, state, flows);
  if (is_start) {
    state.start_demand = flows.world_demand;
  } else {
    update_price_wars<N>(p, month, draws, flows, state);
  }
  settle_cash<N>(p, flows, state);
  exit_providers<N>(p, state, flows);
  invest<N>(p, month, state, flows);
  price_downstream<N>(p, is_start, state, flows);
  expose_broken_paths<N>(flows);
}

/// Writes the measures of the month just advanced: `rows` as MeasureWriter takes it.
template <class N, class P>
CHOKEPOINT_HD void measure(const P& p, int t, const State<N, typename P::ShapeType>& state,
                           const Flows<N, typename P::ShapeType>& flows, float* rows, std::int64_t stride) {
  MeasureWriter<N, P> out(p, rows, stride);
  measure_month<N>(p, p.calendar[t], t == 0, state, flows, out);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
