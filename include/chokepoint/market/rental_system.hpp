#pragma once

#include "chokepoint/market/clearing.hpp"
#include "chokepoint/market/rental.hpp"

/// The rental markets of one month as a system of equations (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// max(t, 0) with its kink rounded over [-width, width] by a parabola; exact outside.
template <class N>
CHOKEPOINT_INLINE N smooth_positive(const N& t, const N& width, const N& inverse_four_widths, N& slope) {
  using R = scalar_t<N>;
  const N u = clamp(t + width, N(R(0)), width + width);
  slope = u * inverse_four_widths * N(R(2));
  return fma(u * inverse_four_widths, u, maximum(t - width, N(R(0))));
}

/// Share of its capacity that a fleet rents out, and how that share responds.
template <class N>
struct FleetResponse {
  N share;        ///< q / K, in [0, 1]
  N price_part;   ///< d share / d ln p, demand held fixed
  N demand_part;  ///< d share / d ln D
};

/// Cournot output with conjectural variation of a fleet whose unit costs spread evenly over o (1 - delta) .. o (1 + delta):
/// marginal revenue p (1 - theta q / (e D)) equals the cost of the last unit rented, o (1 - delta + 2 delta q / K).
/// `cost` is o / p, `market_power` is theta K / (e D). As delta -> 0 this is clip((1 - o/p) e/theta D, 0, K).
template <class N>
CHOKEPOINT_INLINE FleetResponse<N> fleet_response(const N& cost, const N& market_power, const N& dispersion,
                                                  const N& kink, const N& inverse_four_kinks) {
  using R = scalar_t<N>;
  const N one = N(R(1));
  const N low_cost = cost * (one - dispersion);
  N margin_slope, cap_slope;
  const N margin = smooth_positive<N>(one - low_cost, kink, inverse_four_kinks, margin_slope);
  const N spread = cost * (dispersion + dispersion);
  const N inverse = reciprocal(maximum(N(R(1e-9)), market_power + spread));  // 0 for a fleet that costs nothing
  // Beyond twice the capacity nothing changes, but the difference below would lose its digits.
  const N wish = minimum(N(R(2)), margin * inverse);
  const N over = smooth_positive<N>(wish - one, kink, inverse_four_kinks, cap_slope);
  const N free = one - cap_slope;  // 0 at capacity
  const N per_wish = free * inverse;
  return {wish - over, per_wish * fma(margin_slope, low_cost, spread * wish), per_wish * wish * market_power};
}

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
        offer_(flows.offer),
        share_(flows.rented),
        log2_ceiling_(month.log2_ceiling),
        whole_matrix_(&flows.whole_matrix) {
    least_elasticity_ = p.demand.sigma;
    for (int s = 0; s < segments(p); ++s) {
      least_elasticity_ = minimum(least_elasticity_, p.demand.elasticity[s] * R(0.99));
      level_[s] = fma(N(p.demand.efficiency_exponent[s]), state.efficiency_log2, state.demand_log2[s]) +
                  log2(flows.open_share[s]);
    }
    for (int r = 0; r < regions(p); ++r) {
      for (int c = 0; c < classes(p); ++c) {
        N total = N(R(0));
        for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) total += capacity_[fleet_index(p, i, c)];
        const int m = market_index(p, r, c);
        active_[m] = select(total > N(p.solver.empty_capacity), N(R(has_buyers(m) ? 1 : 0)), N(R(0)));
        flows.active[m] = active_[m];
        least_demand_[m] = maximum(total * N(R(1e-6)), N(R(1e-20)));
      }
    }
  }

  CHOKEPOINT_INLINE int markets() const { return chokepoint::markets(p_); }
  CHOKEPOINT_INLINE int groups() const { return regions(p_); }
  CHOKEPOINT_INLINE int group_begin(int g) const { return g * classes(p_); }
  CHOKEPOINT_INLINE N active(int m) const { return active_[m]; }
  CHOKEPOINT_INLINE N log2_ceiling(int m) const { return N(log2_ceiling_[m / classes(p_)]); }
  CHOKEPOINT_INLINE N demand(int m) const { return demand_[m]; }
  /// Memory for the last resort's matrix of a bundle of paths, [markets][markets]; too little for that of one path.
  CHOKEPOINT_INLINE auto& whole_matrix() const { return *whole_matrix_; }
  /// Log2 of a segment's price index at the prices last evaluated.
  CHOKEPOINT_INLINE N log2_price_index(int s) const {
    return fma(-N(p_.demand.inverse_sigma), log2(sum_[s]), cheapest_);
  }

  CHOKEPOINT_HD void evaluate(const N* log2_price, MarketResponse<N, max_markets, max_groups>& response) {
    evaluate_demand(log2_price, response);
    for (int r = 0; r < regions(p_); ++r) evaluate_region(r, log2_price, response);
  }

  /// False where all that a segment can buy is so much dearer than the cheapest market that its demand cannot be told.
  CHOKEPOINT_HD mask_t<N> in_range() const {
    mask_t<N> all_are(true);
    for (int s = 0; s < segments(p_); ++s) {
      all_are = all_are & ((sum_[s] > N(R(told_sum))) | (quantity_[s] < N(R(1e-30))));
    }
    return all_are;
  }

  /// Row of the whole Jacobian: -d residual of market m / d ln price of each other. Returns that by its own price. Other
  /// than the slopes and levers of the response it has in it how the own elasticity moves with prices.
  template <class Response>
  CHOKEPOINT_HD N whole_row(const Response& response, int m, N* row) const {
    const auto& d = p_.demand;
    N bought = N(R(0)), own_change = bought, change[S::markets];
    for (int k = 0; k < markets(); ++k) row[k] = change[k] = bought;
    for (int s = 0; s < segments(p_); ++s) {
      if (!(d.weight[s][m] > R(0))) continue;
      const N gain = N(d.sigma_less_elasticity[s]), inverse_sum = reciprocal(sum_[s]);
      const N part = N(d.weight[s][m]) * quantity_[s];
      const N weight = N(d.weight[s][m]) * (pull_[m] * inverse_sum);
      const N own = fma(-gain, weight, N(d.sigma));
      bought += part;
      own_change = fma(part, fma(gain * N(d.sigma), weight * (N(R(1)) - weight), -own * own), own_change);
      for (int k = 0; k < markets(); ++k) {
        const N cross = part * gain * (N(d.weight[s][k]) * (pull_[k] * inverse_sum));
        row[k] += cross;
        change[k] = fma(cross, own - N(d.sigma) * weight, change[k]);
      }
    }
    const N inverse = reciprocal(maximum(bought, N(R(1e-30))));
    const N lever = response.lever[m];
    // A market without supply has no lever, nor has one that stands still.
    const N through =
        select(lever > N(R(0)), (N(R(1)) + response.residual[m] - lever) * reciprocal(elasticity_[m]), N(R(0)));
    for (int k = 0; k < markets(); ++k) {
      const N moved = inverse * fma(-elasticity_[m], row[k], change[k]);
      row[k] = k == m ? N(R(0)) : fma(lever * inverse, row[k], -through * moved);
    }
    return fma(through, fma(own_change, inverse, elasticity_[m] * elasticity_[m]), response.slope[m]);
  }

  /// What of each fleet is rented at the prices that `evaluate` saw last: of what a market is balanced with, no more than
  /// its demand.
  CHOKEPOINT_HD void rent(N* rented) const {
    for (int r = 0; r < regions(p_); ++r) {
      for (int c = 0; c < classes(p_); ++c) {
        const int m = market_index(p_, r, c);
        const N bought = select(demand_[m] < least_demand_[m], demand_[m] * reciprocal(least_demand_[m]), N(R(1)));
        for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i) {
          const int k = fleet_index(p_, i, c);
          const auto some = (active_[m] > N(R(0.5))) & !(capacity_[k] == N(R(0)));
          rented[k] = select(some, share_[k] * capacity_[k] * bought, N(R(0)));
        }
      }
    }
  }

  /// Conduct of each region this month: normal, or that of a price war.
  N conduct[S::regions];

 private:
  CHOKEPOINT_INLINE N theta(int unit, int region) const {
    return conduct[region] * N(p_.providers.conduct_weight[unit]);
  }

  CHOKEPOINT_INLINE bool has_buyers(int m) const {
    for (int s = 0; s < segments(p_); ++s) {
      if (p_.demand.weight[s][m] > R(0)) return true;
    }
    return false;
  }

  /// Demand of nested CES buyers: D_m, its own elasticity e_m with the buyers' switching in it, and e_bar_m, the
  /// elasticity if all prices moved together.
  CHOKEPOINT_HD void evaluate_demand(const N* log2_price, MarketResponse<N, max_markets, max_groups>& response) {
    const auto& d = p_.demand;
    const int count = markets();
    // Powers are taken relative to the cheapest market: p^-sigma alone would leave the range of a float.
    N cheapest = N(R(1e6));
    for (int m = 0; m < count; ++m) {
      cheapest = minimum(cheapest, select(active_[m] > N(R(0.5)), log2_price[m], cheapest));
    }
    cheapest_ = select(cheapest < N(R(1e6)), cheapest, N(R(0)));
    for (int m = 0; m < count; ++m) {
      pull_[m] = select(active_[m] > N(R(0.5)), exp2(N(d.sigma) * (cheapest_ - log2_price[m])), N(R(0)));
    }
    // Where a segment's markets are all far dearer than the cheapest, quantity / sum leaves the range of a float; scaled by
    // a power of two, which rounds nothing, it stays within.
    const N small = N(R(0x1p-80)), large = N(R(0x1p+80));
    N switching[S::segments];  // times 2^-80
    for (int r = 0; r < regions(p_); ++r) {
      for (int k = 0; k <= r; ++k) response.pull[r][k] = N(R(0));
    }
    for (int s = 0; s < segments(p_); ++s) {
      N sum = N(R(0)), part[S::regions];
      for (int r = 0; r < regions(p_); ++r) {
        part[r] = N(R(0));
        for (int m = group_begin(r); m < group_begin(r + 1); ++m) {
          part[r] = fma(N(d.weight[s][m]), pull_[m], part[r]);
        }
        sum += part[r];
      }
      sum_[s] = maximum(sum, N(R(least_sum)));
      const N level = fma(-N(d.elasticity[s]), cheapest_, level_[s]);
      // Users whom no market reaches buy nothing; the index of their prices would be infinite.
      quantity_[s] = select(sum > N(R(0)), exp2(fma(N(d.index_exponent[s]), log2(sum_[s]), level)), N(R(0)));
      switching[s] = N(d.sigma_less_elasticity[s]) * (quantity_[s] * small) * reciprocal(sum_[s]);
      for (int r = 0; r < regions(p_); ++r) {
        const N row = switching[s] * (part[r] * large);
        for (int k = 0; k <= r; ++k) response.pull[r][k] = fma(row, part[k], response.pull[r][k]);
      }
    }
    for (int m = 0; m < count; ++m) {
      N bought = N(R(0)), own = N(R(0));
      for (int s = 0; s < segments(p_); ++s) {
        bought += N(d.weight[s][m]) * quantity_[s];
        // Where a segment is priced out its switching may be infinite, which times nothing is no number.
        own = d.weight[s][m] > R(0) ? fma(N(d.weight[s][m] * d.weight[s][m]), switching[s], own) : own;
      }
      const N inverse = reciprocal(maximum(bought, N(R(1e-30))));
      demand_[m] = bought * pull_[m];
      elasticity_[m] = maximum(fma(-(pull_[m] * large) * own, inverse, N(d.sigma)), N(least_elasticity_));
    }
    for (int r = 0; r < regions(p_); ++r) {
      N total = N(R(0));
      for (int m = group_begin(r); m < group_begin(r + 1); ++m) total += demand_[m];
      inverse_total_[r] = reciprocal(maximum(total, N(R(1e-20))));
    }
    for (int r = 0; r < regions(p_); ++r) {
      for (int k = 0; k < r; ++k) {
        response.pull[k][r] = response.pull[r][k] * inverse_total_[k];
        response.pull[r][k] = response.pull[r][k] * inverse_total_[r];
      }
      response.pull[r][r] = response.pull[r][r] * inverse_total_[r];
    }
  }

  /// Supply of a region's units on its markets. All classes of a unit at once, which share what the unit has in common.
  CHOKEPOINT_HD void evaluate_region(int r, const N* log2_price, MarketResponse<N, max_markets, max_groups>& response) {
    const N kink = N(p_.solver.kink), inverse_kinks = N(p_.solver.inverse_four_kinks), zero = N(R(0));
    N inverse_price[S::classes], inverse_demand[S::classes], inverse_power[S::classes];
    N supply[S::classes], price_part[S::classes], demand_part[S::classes];
    for (int c = 0; c < classes(p_); ++c) {
      const int m = market_index(p_, r, c);
      inverse_price[c] = exp2(-log2_price[m]);
      inverse_demand[c] = reciprocal(maximum(demand_[m], least_demand_[m]));
      inverse_power[c] = inverse_demand[c] * reciprocal(elasticity_[m]);
      supply[c] = price_part[c] = demand_part[c] = zero;
    }
    for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i) {
      const N conduct_of_unit = theta(i, r), dispersion = N(p_.providers.dispersion[i]);
      const int first = fleet_index(p_, i, 0);
      N capacity[S::classes], offer[S::classes];
      for (int c = 0; c < classes(p_); ++c) {
        capacity[c] = capacity_[first + c];
        offer[c] = offer_[first + c];
      }
      for (int c = 0; c < classes(p_); ++c) {
        if (all(capacity[c] == zero)) continue;  // a class that a unit does not have yet, or no more
        const auto fleet = fleet_response<N>(offer[c] * inverse_price[c], conduct_of_unit * capacity[c] * inverse_power[c],
                                             dispersion, kink, inverse_kinks);
        share_[first + c] = fleet.share;
        supply[c] = fma(capacity[c], fleet.share, supply[c]);
        price_part[c] = fma(capacity[c], fleet.price_part, price_part[c]);
        demand_part[c] = fma(capacity[c], fleet.demand_part, demand_part[c]);
      }
    }
    for (int c = 0; c < classes(p_); ++c) {
      const int m = market_index(p_, r, c);
      response.residual[m] = fma(supply[c], inverse_demand[c], N(R(-1)));
      // -d residual / d ln D; 0 where it is not demand that supply is balanced with.
      const N lever = select(demand_[m] < least_demand_[m], zero, (supply[c] - demand_part[c]) * inverse_demand[c]);
      response.slope[m] = fma(lever, elasticity_[m], price_part[c] * inverse_demand[c]);
      response.lever[m] = lever;
      response.weight[m] = demand_[m];
    }
  }

  /// Of a segment's pulls, (price / cheapest)^-sigma: what prices out one that reaches no capacity, and from where on
  /// quantity / sum^2, in its own elasticity, stays in the range of float.
  static constexpr double least_sum = 1e-30, told_sum = 1e-28;

  const P& p_;
  const N* capacity_;
  const N* offer_;
  N* share_;  ///< of each fleet that is rented, at the prices last evaluated; not told where there is no capacity
  const R* log2_ceiling_;
  decltype(Flows<N, S>::whole_matrix)* whole_matrix_;
  N level_[S::segments], sum_[S::segments];  ///< log2 of open demand at a price of 1; sum of a_sm pull_m
  N quantity_[S::segments];                  ///< bought by a segment, in units of its index
  N cheapest_;                               ///< log2 price
  N active_[S::markets], pull_[S::markets], demand_[S::markets], elasticity_[S::markets];
  N inverse_total_[S::regions];
  R least_elasticity_;          ///< below that of every segment: what rounding far from the answer must not pass
  N least_demand_[S::markets];  ///< a millionth of the capacity: what supply is balanced with where nobody comes
};

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
