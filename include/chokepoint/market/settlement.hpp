#pragma once

#include "chokepoint/market/rental_system.hpp"

/// Step 5, second part: from the prices that clear to quantities, revenue and utilisation.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// a / b where b is more than nothing, else `otherwise`.
template <class N>
CHOKEPOINT_INLINE N ratio_or(const N& a, const N& b, const N& otherwise) {
  return select(b > tiny<N>(), a * reciprocal(maximum(b, tiny<N>())), otherwise);
}

template <class N>
CHOKEPOINT_INLINE N missing() {
  return N(scalar_t<N>(missing_value));
}

/// Prices stay between this power of two of a USD and its inverse. One that would have to go beyond (no buyer left to
/// ration, say) is reported as unsolved.
inline constexpr int largest_log2_price = 20;

inline constexpr float unsolved_residual = 1e30f;  ///< of a month whose figures are not to be trusted, whatever they are

/// Share of the tolerance that prices may be off in ln: in float by default two roundings.
inline constexpr float price_tolerance_share = 1.0f / 128;

/// What ceilings change once a month is solved: segments pay the ceiling, not the shadow price by which they choose, and
/// demand is what they would buy at the prices asked. An empty market keeps the price that it asked last.
template <class N, class P, class System, class Response, class St, class F>
CHOKEPOINT_HD void settle_ceilings(const P& p, System& system, Response& response, St& state, F& flows) {
  N paid[P::ShapeType::markets] = {};
  for (int s = 0; s < segments(p); ++s) state.segment_log2_price[s] += system.log2_paid_share(s, state.log2_price);
  for (int m = 0; m < markets(p); ++m) {
    paid[m] = system.log2_paid(m, state.log2_price[m]);
    state.log2_price[m] = select(system.active(m) > N(scalar_t<N>(0.5)), state.log2_price[m], paid[m]);
  }
  system.evaluate_wishes(paid, response);
  for (int m = 0; m < markets(p); ++m) flows.market_demand[m] = system.demand(m);
}

template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void clear_rental_markets(const P& p, const M& month, St& state, F& flows) {
  RentalSystem<N, P> system(p, month, state, flows);
  for (int r = 0; r < regions(p); ++r) {
    system.conduct[r] = blend(state.war[r], N(p.regions.conduct[r]), N(p.regions.war_conduct[r]));
  }
  MarketResponse<N, P::ShapeType::markets, P::ShapeType::regions> response;
  const ClearingLimits<N> limits{p.solver.tolerance, p.solver.newton_limit, p.solver.sweep_limit,
                                 scalar_t<N>(largest_log2_price), p.solver.tolerance * scalar_t<N>(price_tolerance_share)};
  N log2_price[P::ShapeType::markets];  // in registers on a GPU, where the state lies in memory
  for (int m = 0; m < markets(p); ++m) log2_price[m] = state.log2_price[m];
  const Solution<N> solution = clear_markets<N>(system, limits, log2_price, response);
  for (int m = 0; m < markets(p); ++m) state.log2_price[m] = log2_price[m];
  flows.iterations = solution.iterations;
  flows.residual = select(system.in_range(), solution.residual, N(scalar_t<N>(unsolved_residual)));
  // The last evaluation saw the answer of every lane: lanes that were done kept their prices.
  system.rent(flows.rented);
  for (int m = 0; m < markets(p); ++m) flows.market_demand[m] = system.demand(m);
  for (int s = 0; s < segments(p); ++s) {
    state.segment_log2_price[s] = system.log2_price_index(s);
  }
  for (int m = 0; m < markets(p); ++m) flows.price[m] = exp2(system.log2_paid(m, state.log2_price[m]));
  if (system.has_ceilings()) settle_ceilings<N>(p, system, response, state, flows);
}

/// Prices, and what each segment pays: the market's price index, and cost for the part that public units serve.
template <class N, class P, class St, class F>
CHOKEPOINT_HD void price_compute(const P& p, const St& state, F& flows) {
  using R = scalar_t<N>;
  flows.world_demand = N(R(0));
  for (int s = 0; s < segments(p); ++s) {
    const N market_price = exp2(state.segment_log2_price[s]);
    flows.compute_price[s] = fma(N(R(1)) - flows.public_share[s], market_price, flows.public_cost[s]);
    flows.segment_demand[s] = demand_at<N>(p, state, s, state.segment_log2_price[s]);
    flows.world_demand += flows.segment_demand[s];
  }
}

/// Revenue of one unit: rent at the market price; own service at the market price too, at cost for a public unit.
template <class N, class P, class F>
CHOKEPOINT_HD N unit_revenue(const P& p, const F& flows, int unit, int region) {
  N sum = N(scalar_t<N>(0));
  for (int c = 0; c < classes(p); ++c) {
    const int k = fleet_index(p, unit, c);
    const N price = flows.price[market_index(p, region, c)];
    const N own_price = p.providers.kind[unit] == provider_public ? flows.offer[k] : price;
    sum = fma(price, flows.rented[k], fma(own_price, flows.reserved[k], sum));
  }
  return sum * monthly_million_usd<N>();
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void settle_region(const P& p, const St& state, int r, F& flows) {
  using R = scalar_t<N>;
  N value = N(R(0)), quantity = value, fleet = value;
  for (int c = 0; c < classes(p); ++c) {
    const int m = market_index(p, r, c);
    N market_quantity = N(R(0));
    flows.market_supply[m] = N(R(0));
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      const int k = fleet_index(p, i, c);
      flows.market_supply[m] += flows.rented[k];
      market_quantity += flows.rented[k] + flows.reserved[k];
      fleet = fma(state.young[k] + state.old[k], N(p.chips.perf[c]), fleet);
    }
    value = fma(flows.price[m], market_quantity, value);
    quantity += market_quantity;
  }
  flows.region_fleet[r] = fleet;
  flows.region_rented[r] = quantity;
  flows.regional_price[r] = ratio_or(value, quantity, missing<N>());
  flows.utilisation[r] = ratio_or(quantity, fleet, missing<N>());
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void settle_units(const P& p, const St& state, F& flows) {
  for (int r = 0; r < regions(p); ++r) {
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      flows.revenue[i] = unit_revenue<N>(p, flows, i, r);
      flows.unit_orders[i] = committed_capacity<N>(p, state, i);
      flows.unit_fleet[i] = N(scalar_t<N>(0));
      for (int c = 0; c < classes(p); ++c) {
        const int k = fleet_index(p, i, c);
        flows.unit_fleet[i] = fma(state.young[k] + state.old[k], N(p.chips.perf[c]), flows.unit_fleet[i]);
      }
    }
  }
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void settle_rental_markets(const P& p, const St& state, F& flows) {
  using R = scalar_t<N>;
  const N zero = N(R(0));
  price_compute<N>(p, state, flows);
  N value = zero;
  flows.world_fleet = flows.world_rented = zero;
  for (int r = 0; r < regions(p); ++r) {
    settle_region<N>(p, state, r, flows);
    flows.world_fleet += flows.region_fleet[r];
    flows.world_rented += flows.region_rented[r];
    value += select(flows.regional_price[r] < missing<N>(), flows.regional_price[r] * flows.region_rented[r], zero);
  }
  flows.world_price = ratio_or(value, flows.world_rented, missing<N>());
  settle_units<N>(p, state, flows);
}

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
