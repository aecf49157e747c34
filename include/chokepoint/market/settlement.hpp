#pragma once

#include "chokepoint/market/rental_system.hpp"

/// Step 5, second part: from the prices that clear to quantities, revenue and utilisation.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
CHOKEPOINT_INLINE N missing() {
  return N(scalar_t<N>(missing_value));
}

/// Prices stay between this power of two of a USD and its inverse. A price that would have to go beyond (for example
/// because no buyer is left to ration) is reported as unsolved.
inline constexpr int largest_log2_price = 20;

inline constexpr float unsolved_residual = 1e30f;  ///< of a month whose figures must not be trusted

/// Share of the tolerance that prices may be off in ln: in float by default two roundings.
inline constexpr float price_tolerance_share = 1.0f / 128;

/// Prices, and what each segment pays: the market's price index, and cost for the part that public units serve.
template <class N, class P, class System, class St, class F>
CHOKEPOINT_HD void price_compute(const P& p, const System& system, const St& state, F& flows) {
  flows.world_demand = N(0);
  for (const MarketIndex m : markets(p)) flows.price[m] = exp2(system.ceilings().log2_paid(m, state.log2_price[m]));
  for (const SegmentIndex s : segments(p)) {
    const N market_price = exp2(state.segment_log2_price[s]);
    flows.compute_price[s] = fma(N(1) - flows.public_share[s], market_price, flows.public_cost[s]);
    flows.segment_demand[s] = demand_at<N>(p, state, s, state.segment_log2_price[s]);
    flows.world_demand += flows.segment_demand[s];
  }
}

/// Quantities that one unit rents out and serves, kH100e, and their revenue and cost, million USD a month over 730
/// hours.
template <class N>
struct UnitAccount {
  N used, revenue, energy;
  N capital;  ///< in the offers of what is used, at a cost multiple of 1

  CHOKEPOINT_INLINE void book(const N& quantity, const N& price, const N& energy_cost, const N& capital_cost) {
    used += quantity;
    revenue = fma(price, quantity, revenue);
    energy = fma(energy_cost, quantity, energy);
    capital = fma(capital_cost, quantity, capital);
  }
};

/// Rent at the market price; own service at the market price too, at cost for a public unit. Leaves the totals of the
/// markets and of the whole region, by class.
template <class N, class P, class System, class St, class F>
CHOKEPOINT_HD void settle_units(const P& p, const System& system, const St& state, RegionIndex r, F& flows, N* supply,
                                N* quantity) {
  using R = scalar_t<N>;
  const N zero = N(0);
  const auto at = system.region_prices(r, state.log2_price);
  N bought[P::ShapeType::classes], energy[P::ShapeType::classes], capital[P::ShapeType::classes];
  for (const ClassIndex c : classes(p)) {
    bought[c] = system.bought_share(at, r, c);
    energy[c] = energy_cost<N>(p, flows, r, c);
    capital[c] = capital_cost<N>(p, state, flows, r, c);
    supply[c] = quantity[c] = zero;
  }
  for (const UnitIndex i : units_of(p, r)) {
    UnitAccount<N> account{zero, zero, zero, zero};
    for (const ClassIndex c : classes(p)) {
      if (p.regions.barred[r][c]) continue;
      const N rented = system.supplied(at, i, c) * bought[c];
      supply[c] += rented;
      account.book(rented, flows.price[market_index(p, r, c)], energy[c], capital[c]);
    }
    if (p.providers.reserved_share[i] > R(0)) {
      const bool at_cost = p.providers.kind[i] == provider_public;
      for (const ClassIndex c : classes(p)) {
        const N reserved = reserved_capacity<N>(p, state, flows, i, r, c);
        quantity[c] += reserved;
        const N own_price = at_cost ? offer_cost<N>(p, state, flows, i, r, c) : flows.price[market_index(p, r, c)];
        account.book(reserved, own_price, energy[c], capital[c]);
      }
    }
    flows.revenue[i] = account.revenue * monthly_million_usd<N>();
    const N running = fma(N(p.providers.operations[i]), account.used, account.energy);
    flows.running_offered += running;
    flows.capital_offered = fma(N(p.providers.capital_multiple[i]), account.capital, flows.capital_offered);
    flows.costs[i] = fma(running, monthly_million_usd<N>(), flows.costs[i]);
  }
  for (const ClassIndex c : classes(p)) quantity[c] += supply[c];
}

/// Quantities, mean price and utilisation (5.19) of a region.
template <class N, class P, class System, class St, class F>
CHOKEPOINT_HD void settle_region(const P& p, const System& system, const St& state, RegionIndex r, F& flows) {
  N supply[P::ShapeType::classes], quantity[P::ShapeType::classes];
  settle_units<N>(p, system, state, r, flows, supply, quantity);
  N value = N(0), rented = value, fleet = value;
  for (const ClassIndex c : classes(p)) {
    const MarketIndex m = market_index(p, r, c);
    flows.market_supply[m] = supply[c];
    value = fma(flows.price[m], quantity[c], value);
    rented += quantity[c];
  }
  for (const UnitIndex i : units_of(p, r)) fleet += flows.unit_fleet[i];
  flows.region_fleet[r] = fleet;
  flows.region_rented[r] = rented;
  flows.regional_price[r] = ratio_or(value, rented, missing<N>());
  flows.utilisation[r] = ratio_or(rented, fleet, missing<N>());
}

/// Works on a copy of the system, as the last resort does: on a GPU, data that a loop over regions indexes lie in
/// memory, and the data of Newton's steps should stay in registers.
template <class N, class P, class System, class St, class F>
CHOKEPOINT_HD void settle_rental_markets(const P& p, const System system, const St& state, F& flows) {
  const N zero = N(0);
  price_compute<N>(p, system, state, flows);
  N value = zero;
  flows.world_fleet = flows.world_rented = flows.running_offered = flows.capital_offered = zero;
  for (const RegionIndex r : regions(p)) {
    settle_region<N>(p, system, state, r, flows);
    flows.world_fleet += flows.region_fleet[r];
    flows.world_rented += flows.region_rented[r];
    value += select(flows.regional_price[r] < missing<N>(), flows.regional_price[r] * flows.region_rented[r], zero);
  }
  flows.world_price = ratio_or(value, flows.world_rented, missing<N>());
}

/// The changes due to ceilings once a month is settled: demand is what buyers would want at the prices asked. An empty
/// market keeps its last price.
template <class N, class P, class System, class Response, class St, class F>
CHOKEPOINT_HD void tell_wishes(const P& p, System& system, Response& response, St& state, F& flows) {
  N paid[P::ShapeType::markets] = {};
  for (const MarketIndex m : markets(p)) {
    paid[m] = system.ceilings().log2_paid(m, state.log2_price[m]);
    state.log2_price[m] = select(system.buyers().active(m), state.log2_price[m], paid[m]);
  }
  system.evaluate_wishes(paid, response);
  for (const MarketIndex m : markets(p)) flows.market_demand[m] = system.buyers().demand(m);
}

/// Step 5: the prices that clear the markets, and the quantities, revenue and utilisation at these prices.
/// Always inlined: nvcc's own choice hangs on trifles, and as a call it makes the path kernel an eighth longer.
template <class N, class P, class M, class St, class F>
CHOKEPOINT_INLINE void clear_rental_markets(const P& p, const M& month, St& state, F& flows) {
  RentalSystem<N, P> system(p, month, state, flows);
  for (const RegionIndex r : regions(p)) {
    system.conduct[r] = blend(state.war[r], N(p.regions.conduct[r]), N(p.regions.war_conduct[r]));
  }
  MarketResponse<N, P::ShapeType::markets, P::ShapeType::regions> response;
  const ClearingLimits<N> limits{p.solver.tolerance, p.solver.newton_limit, p.solver.sweep_limit,
                                 scalar_t<N>(largest_log2_price),
                                 p.solver.tolerance * scalar_t<N>(price_tolerance_share)};
  N log2_price[P::ShapeType::markets];  // in registers on a GPU, where the state lies in memory
  for (const MarketIndex m : markets(p)) log2_price[m] = state.log2_price[m];
  const Solution<N> solution = clear_markets<N>(system, limits, log2_price, response);
  for (const MarketIndex m : markets(p)) state.log2_price[m] = log2_price[m];
  flows.iterations = solution.iterations;
  flows.residual = select(system.buyers().in_range(), solution.residual, N(scalar_t<N>(unsolved_residual)));
  // The last evaluation used the solution of every lane: lanes that were done kept their prices.
  for (const MarketIndex m : markets(p)) flows.market_demand[m] = system.buyers().demand(m);
  for (const SegmentIndex s : segments(p)) {
    state.segment_log2_price[s] = system.buyers().log2_price_index(s);
    // Segments choose by shadow prices and pay no more than the ceiling.
    if (system.ceilings().exist()) state.segment_log2_price[s] += system.buyers().log2_paid_share(s, log2_price);
  }
  settle_rental_markets<N>(p, system, state, flows);
  if (system.ceilings().exist()) tell_wishes<N>(p, system, response, state, flows);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
