#pragma once

#include "chokepoint/market/fleet_response.hpp"
#include "chokepoint/market/price_ceiling.hpp"
#include "chokepoint/market/rental.hpp"
#include "chokepoint/market/solver/clearing.hpp"

/// The rental markets of one month as a system of equations (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Clearing system of a bundle of paths. Holds references: it lives for one month's solve.
template <class N, class P>
class RentalSystem {
 public:
  using S = typename P::ShapeType;
  using R = scalar_t<N>;
  static constexpr int max_markets = S::markets;
  static constexpr int max_groups = S::regions;

  template <class M, class St, class F>
  CHOKEPOINT_HD RentalSystem(const P& p, const M& month, const St& state, F& flows)
      : p_(p),
        capacity_(flows.capacity),
        log2_ceiling_(month.log2_ceiling),
        has_ceilings_(false),
        whole_matrix_(&flows.whole_matrix),
        kinks_{p.solver.two_kinks, p.solver.inverse_four_kinks, p.solver.over_kink, p.solver.under_kink,
               p.solver.inverse_four_caps},
        whole_sigma_(whole_part(p.demand.sigma)) {
    for (int s = 0; s < segments(p); ++s) {
      level_[s] = fma(N(p.demand.efficiency_exponent[s]), state.efficiency_log2, state.demand_log2[s]) +
                  log2(flows.open_share[s]);
    }
    for (int r = 0; r < regions(p); ++r) {
      has_ceilings_ = has_ceilings_ || is_capped(r);
      for (int c = 0; c < classes(p); ++c) {
        const int m = market_index(p, r, c);
        energy_[m] = energy_cost<N>(p, flows, r, c);
        capital_[m] = capital_cost<N>(p, state, flows, r, c);
        if (is_capped(r)) flows.market_capacity[m] = offered_at_ceiling(r, c);
        active_[m] = select(is_open<N>(p, flows, m), N(1), N(0));
        least_demand_[m] = greatest(flows.market_capacity[m] * N(1e-6), N(1e-20));
      }
    }
  }

  CHOKEPOINT_INLINE int markets() const { return chokepoint::markets(p_); }
  CHOKEPOINT_INLINE int groups() const { return regions(p_); }
  CHOKEPOINT_INLINE int group_begin(int g) const { return g * classes(p_); }
  CHOKEPOINT_INLINE mask_t<N> active(int m) const { return active_[m] > N(0.5); }
  /// For the solver there is no ceiling: its scale continues above it.
  CHOKEPOINT_INLINE R log2_ceiling(int) const { return R(no_ceiling_log2); }
  CHOKEPOINT_INLINE bool has_ceilings() const { return has_ceilings_; }
  /// Log2 of the price that a market's buyers pay.
  CHOKEPOINT_INLINE N log2_paid(int m, const N& place) const {
    return has_ceilings_ ? minimum(place, N(log2_ceiling_[m / classes(p_)])) : place;
  }
  CHOKEPOINT_INLINE N demand(int m) const { return demand_[m]; }
  /// Memory for the last resort's matrix of a bundle of paths, [markets][markets]; too small for the matrix of one
  /// path.
  CHOKEPOINT_INLINE auto& whole_matrix() const { return *whole_matrix_; }
  /// Log2 of a segment's price index at the prices last evaluated.
  CHOKEPOINT_INLINE N log2_price_index(int s) const {
    return fma(-N(p_.demand.inverse_sigma), log2(sum_[s]), cheapest_);
  }

  CHOKEPOINT_HD void evaluate(const N* log2_price, MarketResponse<N, max_markets, max_groups>& response) {
    evaluate_demand(log2_price, response);
    for (int r = 0; r < regions(p_); ++r) evaluate_region(r, log2_price, response);
  }

  /// Log2 of the mean ratio of price to shadow price over what a segment buys (5.14b), at the places evaluated last; 0
  /// except where a ceiling leaves the segment short.
  CHOKEPOINT_HD N log2_paid_share(int s, const N* place) const {
    N paid = N(0), all = paid;
    for (int m = 0; m < markets(); ++m) {
      const N bought = N(p_.demand.weight[s][m]) * pull_[m];
      paid = fma(bought, exp2(log2_paid(m, place[m]) - log2_shadow(m, place[m])), paid);
      all += bought;
    }
    const N share = maximum(paid, N(least_sum)) * reciprocal(maximum(all, N(least_sum)));
    return select(paid < all, log2(share), N(0));
  }

  /// Demand if every buyer got all that it wants at the prices asked, given as log2; changes what `demand` returns.
  CHOKEPOINT_HD void evaluate_wishes(const N* log2_paid, MarketResponse<N, max_markets, max_groups>& response) {
    evaluate_demand(log2_paid, response);
  }

  /// False if everything that a segment can buy costs so much more than the cheapest market that its demand is out of
  /// range.
  CHOKEPOINT_HD mask_t<N> in_range() const {
    mask_t<N> all_are(true);
    for (int s = 0; s < segments(p_); ++s) {
      all_are = all_are & ((sum_[s] > N(sum_in_range)) | (quantity_[s] < N(1e-30)));
    }
    return all_are;
  }

  /// Row of the whole Jacobian: -d residual of market m / d ln price of each other market. Returns the derivative by
  /// its own price. Unlike the slopes and levers of the response, it includes how the own elasticity changes with
  /// prices (5.18a).
  template <class Response>
  CHOKEPOINT_HD N whole_row(const Response& response, int m, N* row) const {
    const auto& d = p_.demand;
    N bought = N(0), own_change = bought, change[S::markets];
    for (int k = 0; k < markets(); ++k) row[k] = change[k] = bought;
    for (int s = 0; s < segments(p_); ++s) {
      if (!(d.weight[s][m] > R(0))) continue;
      const N gain = N(d.sigma_less_elasticity[s]), inverse_sum = reciprocal(sum_[s]);
      const N part = N(d.weight[s][m]) * quantity_[s];
      const N weight = N(d.weight[s][m]) * (pull_[m] * inverse_sum);
      const N own = fma(-gain, weight, N(d.sigma));
      bought += part;
      own_change = fma(part, fma(gain * N(d.sigma), weight * (N(1) - weight), -own * own), own_change);
      for (int k = 0; k < markets(); ++k) {
        const N cross = part * gain * (N(d.weight[s][k]) * (pull_[k] * inverse_sum));
        row[k] += cross;
        change[k] = fma(cross, own - N(d.sigma) * weight, change[k]);
      }
    }
    const N inverse = reciprocal(maximum(bought, N(1e-30)));
    const N lever = response.lever[m];
    // A market without supply has no lever, and neither has one whose prices are fixed.
    const N through = select(lever > N(0), (N(1) + response.residual[m] - lever) * reciprocal(elasticity_[m]), N(0));
    for (int k = 0; k < markets(); ++k) {
      const N moved = inverse * fma(-elasticity_[m], row[k], change[k]);
      row[k] = k == m ? N(0) : fma(lever * inverse, row[k], -through * moved);
      // While sellers give up conduct, buyers see no price change.
      if (has_ceilings_) row[k] = select(response.weight[k] > N(0), row[k], N(0));
    }
    const N with_mix = fma(through, fma(own_change, inverse, elasticity_[m] * elasticity_[m]), response.slope[m]);
    return has_ceilings_ ? select(response.weight[m] > N(0), with_mix, response.slope[m]) : with_mix;
  }

  /// The figures that a region's fleets have in common, by class.
  struct RegionPrices {
    N inverse_price[S::classes], energy[S::classes];  ///< 1 / p; energy over p
    N capital[S::classes];                            ///< capital cost over p, at a multiple of 1
    N inverse_demand[S::classes], power[S::classes];  ///< 1 / D; theta_r / (e D)
  };

  /// At the places that `evaluate` saw last.
  CHOKEPOINT_INLINE RegionPrices region_prices(int r, const N* place) const {
    RegionPrices at;
    for (int c = 0; c < classes(p_); ++c) {
      const int m = market_index(p_, r, c);
      set_price(at, c, m, inverse_price_[m]);
      at.inverse_demand[c] = reciprocal(greatest(demand_[m], least_demand_[m]));
      at.power[c] = conduct[r] * at.inverse_demand[c] * reciprocal(elasticity_[m]);
      if (!is_capped(r)) continue;
      const R ceiling = log2_ceiling_[r];
      set_price(at, c, m, select(place[m] > N(ceiling), exp2(-N(ceiling)), inverse_price_[m]));
      at.power[c] = at.power[c] * conduct_kept<N>(place[m], ceiling);
    }
    return at;
  }

  /// Demand as a share of the quantity with which a market is balanced: below 1 if demand is very small, 0 if there is
  /// no trade.
  CHOKEPOINT_INLINE N bought_share(const RegionPrices& at, int r, int c) const {
    const int m = market_index(p_, r, c);
    const N part = select(demand_[m] < least_demand_[m], demand_[m] * at.inverse_demand[c], N(1));
    return select(active(m), part, N(0));
  }

  /// What a fleet would rent out of the quantity with which its market is balanced, kH100e.
  CHOKEPOINT_INLINE N supplied(const RegionPrices& at, int i, int c) const {
    const N capacity = capacity_[fleet_index(p_, i, c)];
    return fleet<false>(at, i, c, capacity).share * capacity;
  }

  /// Conduct of each region this month: normal, or that of a price war.
  N conduct[S::regions];

 private:
  CHOKEPOINT_INLINE bool is_capped(int r) const { return log2_ceiling_[r] < R(no_ceiling_log2); }
  CHOKEPOINT_INLINE N log2_shadow(int m, const N& place) const {
    return has_ceilings_ ? shadow_price<N>(place, log2_ceiling_[m / classes(p_)]) : place;
  }

  CHOKEPOINT_INLINE void set_price(RegionPrices& at, int c, int m, const N& inverse_price) const {
    at.inverse_price[c] = inverse_price;
    at.energy[c] = energy_[m] * inverse_price;
    at.capital[c] = capital_[m] * inverse_price;
  }

  /// What price takers would offer of a class at a region's ceiling, kH100e: no price brings more onto its market.
  CHOKEPOINT_HD N offered_at_ceiling(int r, int c) const {
    RegionPrices at;
    set_price(at, c, market_index(p_, r, c), exp2(-N(log2_ceiling_[r])));
    at.power[c] = N(0);
    N total = N(0);
    for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i) total += supplied(at, i, c);
    return total;
  }

  /// The exponent if it is a whole number that `whole_power` takes, else 0.
  static CHOKEPOINT_INLINE int whole_part(R exponent) {
    const int whole = static_cast<int>(exponent);
    return R(whole) == exponent && whole < 16 ? whole : 0;
  }

  /// Demand of nested CES buyers (5.5), and the pull between regions (5.17a).
  CHOKEPOINT_HD void evaluate_demand(const N* log2_price, MarketResponse<N, max_markets, max_groups>& response) {
    evaluate_pulls(log2_price);
    N switching[S::segments];
    evaluate_segments(switching, response);
    evaluate_markets(switching);
    take_pulls_by_demand(response);
  }

  /// (price / cheapest)^-sigma of each market. Relative to the cheapest, as p^-sigma alone would leave the range of a
  /// float.
  CHOKEPOINT_INLINE void evaluate_pulls(const N* log2_price) {
    N cheapest = N(1e6);
    for (int m = 0; m < markets(); ++m) {
      cheapest = least(cheapest, select(active(m), log2_shadow(m, log2_price[m]), cheapest));
    }
    cheapest_ = select(cheapest < N(1e6), cheapest, N(0));
    const N lowest_price = exp2(cheapest_);
    for (int m = 0; m < markets(); ++m) {
      // Supply is far steeper in its price than demand is: the price needs full precision, the ratio does not.
      const N shadow = log2_shadow(m, log2_price[m]);
      inverse_price_[m] = exp2(-shadow);
      // A whole-number power takes a few products; a value out of range must stay above 0.
      const N pull = whole_sigma_ > 0
                         ? greatest(whole_power(inverse_price_[m] * lowest_price, whole_sigma_), N(0x1p-126))
                         : exp2(N(p_.demand.sigma) * (cheapest_ - shadow));
      pull_[m] = select(active(m), pull, N(0));
    }
  }

  /// The purchases of each segment, and its contribution to the pull between regions (5.17a).
  /// @param switching how readily each switches between markets, times 2^-80
  CHOKEPOINT_INLINE void evaluate_segments(N* switching, MarketResponse<N, max_markets, max_groups>& response) {
    const auto& d = p_.demand;
    // Where a segment's markets all cost far more than the cheapest, quantity / sum leaves the range of a float; scaled
    // by a power of two, which rounds nothing, it stays within.
    const N small = N(0x1p-80), large = N(0x1p+80);
    for (int r = 0; r < regions(p_); ++r) {
      for (int k = 0; k <= r; ++k) response.pull[r][k] = N(0);
    }
    for (int s = 0; s < segments(p_); ++s) {
      N sum = N(0), part[S::regions];
      for (int r = 0; r < regions(p_); ++r) {
        part[r] = N(0);
        for (int m = group_begin(r); m < group_begin(r + 1); ++m) {
          part[r] = fma(N(d.weight[s][m]), pull_[m], part[r]);
        }
        sum += part[r];
      }
      sum_[s] = greatest(sum, N(least_sum));
      const N level = fma(-N(d.elasticity[s]), cheapest_, level_[s]);
      // Users whom no market reaches buy nothing; the index of their prices would be infinite.
      quantity_[s] = select(sum > N(0), exp2(fma(N(d.index_exponent[s]), log2(sum_[s]), level)), N(0));
      // For a segment that is priced out this would be infinite, and times a weight of 0 it would be NaN.
      switching[s] = least(N(d.sigma_less_elasticity[s]) * (quantity_[s] * small) * reciprocal(sum_[s]), N(1e37));
      for (int r = 0; r < regions(p_); ++r) {
        const N row = switching[s] * (part[r] * large);
        for (int k = 0; k <= r; ++k) response.pull[r][k] = fma(row, part[k], response.pull[r][k]);
      }
    }
  }

  /// D_m (5.8), and its own elasticity e_m, which includes the switching of buyers (5.9).
  CHOKEPOINT_INLINE void evaluate_markets(const N* switching) {
    const auto& d = p_.demand;
    const N large = N(0x1p+80);
    for (int m = 0; m < markets(); ++m) {
      N bought = N(0), own = N(0);
      for (int s = 0; s < segments(p_); ++s) {
        bought = fma(N(d.weight[s][m]), quantity_[s], bought);
        own = fma(N(d.weight_squared[s][m]), switching[s], own);
      }
      const N inverse = reciprocal(greatest(bought, N(1e-30)));
      demand_[m] = bought * pull_[m];
      elasticity_[m] = greatest(fma(-(pull_[m] * large) * own, inverse, N(d.sigma)), N(d.least_elasticity));
    }
  }

  /// The pull between regions as a share of the demand of the one that is pulled.
  CHOKEPOINT_INLINE void take_pulls_by_demand(MarketResponse<N, max_markets, max_groups>& response) {
    N inverse_total[S::regions];
    for (int r = 0; r < regions(p_); ++r) {
      N total = N(0);
      for (int m = group_begin(r); m < group_begin(r + 1); ++m) total += demand_[m];
      inverse_total[r] = reciprocal(greatest(total, N(1e-20)));
    }
    for (int r = 0; r < regions(p_); ++r) {
      for (int k = 0; k < r; ++k) {
        response.pull[k][r] = response.pull[r][k] * inverse_total[k];
        response.pull[r][k] = response.pull[r][k] * inverse_total[r];
      }
      response.pull[r][r] = response.pull[r][r] * inverse_total[r];
    }
  }

  /// The response of one fleet. Its offer cost (5.2) over the price is computed here, so that none needs to be stored.
  template <bool Slopes>
  CHOKEPOINT_INLINE FleetResponse<N> fleet(const RegionPrices& at, int i, int c, const N& capacity) const {
    const auto& q = p_.providers;
    const N running = fma(N(q.operations[i]), at.inverse_price[c], at.energy[c]);
    const N cost = fma(N(q.capital_multiple[i]), at.capital[c], running);
    const N market_power = N(q.conduct_weight[i]) * at.power[c] * capacity;
    return fleet_response<N, Slopes>(cost, N(q.low_cost[i]), N(q.cost_spread[i]), market_power, kinks_);
  }

  /// Supply of a region's units on its markets: residuals (5.14), levers (5.15) and slopes (5.16). All classes of a
  /// unit at once, which share what the unit has in common.
  CHOKEPOINT_HD void evaluate_region(int r, const N* place,
                                     MarketResponse<N, max_markets, max_groups>& response) const {
    const N zero = N(0);
    const RegionPrices at = region_prices(r, place);
    N supply[S::classes], price_part[S::classes], demand_part[S::classes];
    for (int c = 0; c < classes(p_); ++c) supply[c] = price_part[c] = demand_part[c] = zero;
    for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i) {
      const int first = fleet_index(p_, i, 0);
      N capacity[S::classes];
      for (int c = 0; c < classes(p_); ++c) capacity[c] = capacity_[first + c];
      for (int c = 0; c < classes(p_); ++c) {
        if (p_.regions.barred[r][c]) continue;
        const auto answer = fleet<true>(at, i, c, capacity[c]);
        supply[c] = fma(capacity[c], answer.share, supply[c]);
        price_part[c] = fma(capacity[c], answer.price_part, price_part[c]);
        demand_part[c] = fma(capacity[c], answer.demand_part, demand_part[c]);
      }
    }
    for (int c = 0; c < classes(p_); ++c) {
      const int m = market_index(p_, r, c);
      response.residual[m] = fma(supply[c], at.inverse_demand[c], N(-1));
      // -d residual / d ln D; 0 where supply is balanced with something other than demand.
      const N lever = select(demand_[m] < least_demand_[m], zero, (supply[c] - demand_part[c]) * at.inverse_demand[c]);
      response.slope[m] = fma(lever, elasticity_[m], price_part[c] * at.inverse_demand[c]);
      response.lever[m] = lever;
      response.weight[m] = demand_[m];
      if (is_capped(r)) {
        bend_response(r, m, place[m], demand_part[c] * at.inverse_demand[c], response);
      }
    }
  }

  /// The slope of a market that may be above its ceiling: there supply responds through conduct, then not at all, and
  /// demand only to the shadow price. A market in which no price moves has no weight in its group's mean price.
  CHOKEPOINT_HD void bend_response(int r, int m, const N& place, const N& demand_part,
                                   MarketResponse<N, max_markets, max_groups>& response) const {
    const N zero = N(0), ceiling = N(log2_ceiling_[r]), by_demand = response.lever[m] * elasticity_[m];
    const auto above = place > ceiling, is_short = place > ceiling + N(conduct_width);
    const N by_conduct =
        demand_part * reciprocal(conduct_kept<N>(place, log2_ceiling_[r])) * N(1.4426950408889634 / conduct_width);
    response.slope[m] = select(above, select(is_short, by_demand, by_conduct), response.slope[m]);
    response.weight[m] = select(above & !is_short, zero, response.weight[m]);
  }

  /// Bounds for a segment's pulls, (price / cheapest)^-sigma: one prices out a segment that reaches no capacity; from
  /// the other on, quantity / sum^2, in its own elasticity, stays in the range of float.
  static constexpr double least_sum = 1e-30, sum_in_range = 1e-28;

  const P& p_;
  const N* capacity_;
  const R* log2_ceiling_;  ///< by region
  bool has_ceilings_;      ///< in some region this month
  decltype(Flows<N, S>::whole_matrix)* whole_matrix_;
  Kinks<R> kinks_;
  int whole_sigma_;                          ///< sigma where it is a small whole number, else 0
  N level_[S::segments], sum_[S::segments];  ///< log2 of open demand at a price of 1; sum of a_sm pull_m
  N quantity_[S::segments];                  ///< bought by a segment, in units of its index
  N cheapest_;                               ///< log2 price
  N inverse_price_[S::markets], energy_[S::markets], capital_[S::markets];
  N active_[S::markets];  ///< 1 or 0: a GPU would pack masks
  N pull_[S::markets], demand_[S::markets], elasticity_[S::markets];
  N least_demand_[S::markets];  ///< a millionth of what is offered: supply is balanced with it if demand is smaller
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
