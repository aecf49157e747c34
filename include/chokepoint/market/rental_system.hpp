#pragma once

#include "chokepoint/market/fleet_response.hpp"
#include "chokepoint/market/rental.hpp"
#include "chokepoint/market/rental_demand.hpp"
#include "chokepoint/market/solver/clearing.hpp"

/// The rental markets of one month as a system of equations: supply against demand (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Clearing system of a bundle of paths. Holds references: it lives for one month's solve.
template <class N, class P>
class RentalSystem {
 public:
  using S = typename P::ShapeType;
  using R = scalar_t<N>;
  using Response = typename RentalDemand<N, P>::Response;
  static constexpr int max_markets = S::markets;
  static constexpr int max_groups = S::regions;

  template <class M, class St, class F>
  CHOKEPOINT_HD RentalSystem(const P& p, const M& month, const St& state, F& flows)
      : p_(p),
        buyers_(p, PriceCeilings<N, P>(p, month.log2_ceiling), state, flows),
        capacity_(flows.capacity),
        whole_matrix_(&flows.whole_matrix),
        kinks_{p.solver.two_kinks, p.solver.inverse_four_kinks, p.solver.over_kink, p.solver.under_kink,
               p.solver.inverse_four_caps} {
    for (const RegionIndex r : regions(p)) {
      for (const ClassIndex c : classes(p)) {
        const MarketIndex m = market_index(p, r, c);
        energy_[m] = energy_cost<N>(p, flows, r, c);
        capital_[m] = capital_cost<N>(p, state, flows, r, c);
        if (ceilings().is_capped(r)) flows.market_capacity[m] = offered_at_ceiling(r, c);
        buyers_.open_market(m, is_open<N>(p, flows, m));
        least_demand_[m] = greatest(flows.market_capacity[m] * N(1e-6), N(1e-20));
      }
    }
  }

  // What the solver asks for; to it markets are numbers, and regions are groups of them.
  CHOKEPOINT_INLINE int markets() const { return chokepoint::markets(p_).size(); }
  CHOKEPOINT_INLINE int groups() const { return regions(p_).size(); }
  CHOKEPOINT_INLINE int group_begin(int g) const { return g * classes(p_).size(); }
  CHOKEPOINT_INLINE mask_t<N> active(int m) const { return buyers_.active(MarketIndex(m)); }
  /// For the solver there is no ceiling: its scale continues above it.
  CHOKEPOINT_INLINE R log2_ceiling(int) const { return R(no_ceiling_log2); }
  /// Memory for the last resort's matrix of a bundle of paths, [markets][markets]; too small for the matrix of one
  /// path.
  CHOKEPOINT_INLINE auto& whole_matrix() const { return *whole_matrix_; }

  CHOKEPOINT_HD void evaluate(const N* place, Response& response) {
    buyers_.evaluate(place, response);
    for (const RegionIndex r : regions(p_)) evaluate_region(r, place, response);
  }

  /// Row of the whole Jacobian: -d residual of market m / d ln price of each other market. Returns the derivative by
  /// its own price. Unlike the slopes and levers of the response, it includes how the own elasticity changes with
  /// prices (5.18a).
  CHOKEPOINT_HD N whole_row(const Response& response, int market, N* row) const {
    const MarketIndex m(market);
    N change[S::markets];
    const auto bought = buyers_.purchases(m, row, change);
    const N elasticity = buyers_.elasticity(m);
    const N inverse = reciprocal(maximum(bought.quantity, N(1e-30)));
    const N lever = response.lever[m];
    // A market without supply has no lever, and neither has one whose prices are fixed.
    const N through = select(lever > N(0), (N(1) + response.residual[m] - lever) * reciprocal(elasticity), N(0));
    for (const MarketIndex k : chokepoint::markets(p_)) {
      const N moved = inverse * fma(-elasticity, row[k], change[k]);
      row[k] = k == m ? N(0) : fma(lever * inverse, row[k], -through * moved);
      // While sellers give up conduct, buyers see no price change.
      if (ceilings().exist()) row[k] = select(response.weight[k] > N(0), row[k], N(0));
    }
    const N with_mix = fma(through, fma(bought.own_change, inverse, elasticity * elasticity), response.slope[m]);
    return ceilings().exist() ? select(response.weight[m] > N(0), with_mix, response.slope[m]) : with_mix;
  }

  // What settlement asks for, at the places that `evaluate` saw last.
  CHOKEPOINT_INLINE const RentalDemand<N, P>& buyers() const { return buyers_; }
  CHOKEPOINT_INLINE const PriceCeilings<N, P>& ceilings() const { return buyers_.ceilings(); }

  /// Demand if every buyer got all that it wants at the prices asked, given as log2; changes what `buyers` returns.
  CHOKEPOINT_HD void evaluate_wishes(const N* log2_paid, Response& response) { buyers_.evaluate(log2_paid, response); }

  /// The figures that a region's fleets have in common, by class.
  struct RegionPrices {
    N inverse_price[S::classes], energy[S::classes];  ///< 1 / p; energy over p
    N capital[S::classes];                            ///< capital cost over p, at a multiple of 1
    N inverse_demand[S::classes], power[S::classes];  ///< 1 / D; theta_r / (e D)
  };

  CHOKEPOINT_INLINE RegionPrices region_prices(RegionIndex r, const N* place) const {
    RegionPrices at;
    for (const ClassIndex c : classes(p_)) {
      const MarketIndex m = market_index(p_, r, c);
      set_price(at, c, m, buyers_.inverse_price(m));
      at.inverse_demand[c] = reciprocal(greatest(buyers_.demand(m), least_demand_[m]));
      at.power[c] = conduct[r] * at.inverse_demand[c] * reciprocal(buyers_.elasticity(m));
      if (!ceilings().is_capped(r)) continue;
      const R ceiling = ceilings().log2_ceiling(r);
      set_price(at, c, m, select(place[m] > N(ceiling), exp2(-N(ceiling)), buyers_.inverse_price(m)));
      at.power[c] = at.power[c] * conduct_kept<N>(place[m], ceiling);
    }
    return at;
  }

  /// Demand as a share of the quantity with which a market is balanced: below 1 if demand is very small, 0 if there is
  /// no trade.
  CHOKEPOINT_INLINE N bought_share(const RegionPrices& at, RegionIndex r, ClassIndex c) const {
    const MarketIndex m = market_index(p_, r, c);
    const N demand = buyers_.demand(m);
    const N part = select(demand < least_demand_[m], demand * at.inverse_demand[c], N(1));
    return select(buyers_.active(m), part, N(0));
  }

  /// What a fleet would rent out of the quantity with which its market is balanced, kH100e.
  CHOKEPOINT_INLINE N supplied(const RegionPrices& at, UnitIndex i, ClassIndex c) const {
    const N capacity = capacity_[fleet_index(p_, i, c)];
    return fleet<false>(at, i, c, capacity).share * capacity;
  }

  /// Conduct of each region this month: normal, or that of a price war.
  N conduct[S::regions];

 private:
  CHOKEPOINT_INLINE void set_price(RegionPrices& at, ClassIndex c, MarketIndex m, const N& inverse_price) const {
    at.inverse_price[c] = inverse_price;
    at.energy[c] = energy_[m] * inverse_price;
    at.capital[c] = capital_[m] * inverse_price;
  }

  /// What price takers would offer of a class at a region's ceiling, kH100e: no price brings more onto its market.
  CHOKEPOINT_HD N offered_at_ceiling(RegionIndex r, ClassIndex c) const {
    RegionPrices at;
    set_price(at, c, market_index(p_, r, c), exp2(-N(ceilings().log2_ceiling(r))));
    at.power[c] = N(0);
    N total = N(0);
    for (const UnitIndex i : units_of(p_, r)) total += supplied(at, i, c);
    return total;
  }

  /// The response of one fleet. Its offer cost (5.2) over the price is computed here, so that none needs to be stored.
  template <bool Slopes>
  CHOKEPOINT_INLINE FleetResponse<N> fleet(const RegionPrices& at, UnitIndex i, ClassIndex c, const N& capacity) const {
    const auto& q = p_.providers;
    const N running = fma(N(q.operations[i]), at.inverse_price[c], at.energy[c]);
    const N cost = fma(N(q.capital_multiple[i]), at.capital[c], running);
    const N market_power = N(q.conduct_weight[i]) * at.power[c] * capacity;
    return fleet_response<N, Slopes>(cost, N(q.low_cost[i]), N(q.cost_spread[i]), market_power, kinks_);
  }

  /// Supply of a region's units on its markets: residuals (5.14), levers (5.15) and slopes (5.16). All classes of a
  /// unit at once, which share what the unit has in common.
  CHOKEPOINT_HD void evaluate_region(RegionIndex r, const N* place, Response& response) const {
    const N zero = N(0);
    const RegionPrices at = region_prices(r, place);
    N supply[S::classes], price_part[S::classes], demand_part[S::classes];
    for (const ClassIndex c : classes(p_)) supply[c] = price_part[c] = demand_part[c] = zero;
    for (const UnitIndex i : units_of(p_, r)) {
      N capacity[S::classes];
      for (const ClassIndex c : classes(p_)) capacity[c] = capacity_[fleet_index(p_, i, c)];
      for (const ClassIndex c : classes(p_)) {
        if (p_.regions.barred[r][c]) continue;
        const auto answer = fleet<true>(at, i, c, capacity[c]);
        supply[c] = fma(capacity[c], answer.share, supply[c]);
        price_part[c] = fma(capacity[c], answer.price_part, price_part[c]);
        demand_part[c] = fma(capacity[c], answer.demand_part, demand_part[c]);
      }
    }
    for (const ClassIndex c : classes(p_)) {
      const MarketIndex m = market_index(p_, r, c);
      const N demand = buyers_.demand(m);
      response.residual[m] = fma(supply[c], at.inverse_demand[c], N(-1));
      // -d residual / d ln D; 0 where supply is balanced with something other than demand.
      const N lever = select(demand < least_demand_[m], zero, (supply[c] - demand_part[c]) * at.inverse_demand[c]);
      response.slope[m] = fma(lever, buyers_.elasticity(m), price_part[c] * at.inverse_demand[c]);
      response.lever[m] = lever;
      response.weight[m] = demand;
      if (ceilings().is_capped(r)) bend_response(r, m, place[m], demand_part[c] * at.inverse_demand[c], response);
    }
  }

  /// The slope of a market that may be above its ceiling: there supply responds through conduct, then not at all, and
  /// demand only to the shadow price. A market in which no price moves has no weight in its group's mean price.
  CHOKEPOINT_HD void bend_response(RegionIndex r, MarketIndex m, const N& place, const N& demand_part,
                                   Response& response) const {
    const R log2_ceiling = ceilings().log2_ceiling(r);
    const N zero = N(0), ceiling = N(log2_ceiling), by_demand = response.lever[m] * buyers_.elasticity(m);
    const auto above = place > ceiling, is_short = place > ceiling + N(conduct_width);
    const N by_conduct =
        demand_part * reciprocal(conduct_kept<N>(place, log2_ceiling)) * N(1.4426950408889634 / conduct_width);
    response.slope[m] = select(above, select(is_short, by_demand, by_conduct), response.slope[m]);
    response.weight[m] = select(above & !is_short, zero, response.weight[m]);
  }

  const P& p_;
  RentalDemand<N, P> buyers_;
  const N* capacity_;
  decltype(Flows<N, S>::whole_matrix)* whole_matrix_;
  Kinks<R> kinks_;
  N energy_[S::markets], capital_[S::markets];
  N least_demand_[S::markets];  ///< a millionth of what is offered: supply is balanced with it if demand is smaller
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
