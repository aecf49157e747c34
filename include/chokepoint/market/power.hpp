#pragma once

#include "chokepoint/market/chips.hpp"

/// Pipeline, ageing and installation under power and parts (docs/model.md, section 4.4).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Erlang delay: chips pass three stages of equal rate, then wait for power.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void advance_pipeline(const P& p, St& state, const F& flows) {
  for (int i = 0; i < units(p); ++i) {
    for (int c = 0; c < classes(p); ++c) {
      const int k = fleet_index(p, i, c);
      const N rate = N(p.chips.lead_rate[c]);
      const N from_first = state.pipeline[0][k] * rate;
      const N from_second = state.pipeline[1][k] * rate;
      const N arrived = state.pipeline[2][k] * rate;
      state.pipeline[0][k] += flows.delivered[k] - from_first;
      state.pipeline[1][k] += from_first - from_second;
      state.pipeline[2][k] += from_second - arrived;
      state.waiting[k] += arrived;
    }
  }
}

/// Failures at any age; end of life after two stages, so that a young fleet hardly retires.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void age_fleets(const P& p, St& state, F& flows) {
  for (int i = 0; i < units(p); ++i) {
    for (int c = 0; c < classes(p); ++c) {
      const int k = fleet_index(p, i, c);
      const N failure = N(p.chips.failure_rate[c]), ageing = N(p.chips.ageing_rate[c]);
      const N failed_young = state.young[k] * failure;
      const N failed_old = state.old[k] * failure;
      const N matured = (state.young[k] - failed_young) * ageing;
      const N retired = (state.old[k] - failed_old) * ageing;
      state.young[k] -= failed_young + matured;
      state.old[k] += matured - (failed_old + retired);
      flows.failed[k] = failed_young + failed_old;
      flows.retired[k] = retired;
    }
  }
}

/// MW drawn by installed chips, and MW that those waiting would add.
template <class N, class P, class St>
CHOKEPOINT_HD void region_power(const P& p, const St& state, int region, N& used, N& wanted) {
  used = N(scalar_t<N>(0));
  wanted = used;
  for (int i = p.providers.first[region]; i < p.providers.first[region + 1]; ++i) {
    for (int c = 0; c < classes(p); ++c) {
      const int k = fleet_index(p, i, c);
      const N kilowatts = N(p.chips.power_kw[c]);
      used = fma(kilowatts, state.young[k] + state.old[k], used);
      wanted = fma(kilowatts, state.waiting[k], wanted);
    }
  }
}

/// Power and its price this month, after grid shocks.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void available_power(const P& p, const M& month, const St& state, F& flows) {
  const N one = N(scalar_t<N>(1));
  for (int r = 0; r < regions(p); ++r) {
    flows.power_available[r] = state.power[r] * fma(-N(p.shocks.grid_cut[r]), state.grid_shock[r], one);
    flows.electricity[r] =
        N(month.electricity[r]) * fma(N(p.shocks.grid_price_spike[r]), state.grid_shock[r], one);
  }
}

/// Step 4: chips move along, old ones go, and what waits is installed as far as each region's power and the world's
/// component pools allow.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void install_chips(const P& p, const M& month, St& state, F& flows) {
  using R = scalar_t<N>;
  const N zero = N(R(0)), one = N(R(1));
  advance_pipeline<N>(p, state, flows);
  age_fleets<N>(p, state, flows);
  N share[P::ShapeType::regions], wanted[P::ShapeType::regions];
  N requested = zero;
  for (int r = 0; r < regions(p); ++r) {
    region_power<N>(p, state, r, flows.power_used[r], wanted[r]);
    const N room = maximum(flows.power_available[r] - flows.power_used[r], zero);
    share[r] = minimum(room * reciprocal(maximum(wanted[r], tiny<N>())), one);
    requested = fma(share[r], wanted[r], requested);
  }
  N parts = one;
  for (int b = 0; b < p.sizes.component_pools; ++b) {
    const N capacity = N(month.component_capacity[b]) * (one - state.component_outage[b]);
    parts = minimum(parts, capacity * reciprocal(maximum(requested, tiny<N>())));
  }
  for (int r = 0; r < regions(p); ++r) {
    const N installs = share[r] * parts;
    const auto bound = (installs < N(R(0.999))) & (wanted[r] > N(R(1e-3)));
    flows.power_bound[r] = select(bound, one, zero);
    flows.power_used[r] = fma(installs, wanted[r], flows.power_used[r]);
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      for (int c = 0; c < classes(p); ++c) {
        const int k = fleet_index(p, i, c);
        flows.installed[k] = state.waiting[k] * installs;
        state.waiting[k] -= flows.installed[k];
        state.young[k] += flows.installed[k];
      }
    }
  }
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
