#pragma once

#include "chokepoint/market/price_ceiling.hpp"
#include "chokepoint/market/solver/clearing_step.hpp"
#include "chokepoint/market/state.hpp"

/// What buyers want of the rental markets of one month at given prices, and how that responds (docs/model.md, section
/// 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Nested CES buyers: segments that choose among markets. Holds references: it lives for one month's solve.
template <class N, class P>
class RentalDemand {
 public:
  using S = typename P::ShapeType;
  using R = scalar_t<N>;
  using Response = MarketResponse<N, S::markets, S::regions>;
  using Ceilings = PriceCeilings<N, P>;

  /// All markets have to be opened or closed before the first evaluation.
  template <class St, class F>
  CHOKEPOINT_INLINE RentalDemand(const P& p, const Ceilings& ceilings, const St& state, const F& flows)
      : p_(p), ceilings_(ceilings), whole_sigma_(whole_part(p.demand.sigma)) {
    for (const SegmentIndex s : segments(p)) {
      level_[s] = fma(N(p.demand.efficiency_exponent[s]), state.efficiency_log2, state.demand_log2[s]) +
                  log2(flows.open_share[s]);
    }
  }

  CHOKEPOINT_INLINE void open_market(MarketIndex m, const mask_t<N>& is_open) {
    active_[m] = select(is_open, N(1), N(0));
  }
  CHOKEPOINT_INLINE mask_t<N> active(MarketIndex m) const { return active_[m] > N(0.5); }
  CHOKEPOINT_INLINE const Ceilings& ceilings() const { return ceilings_; }

  /// Demand (5.5), and the pull between regions (5.17a).
  /// @param place of each market on the scale of its price
  CHOKEPOINT_HD void evaluate(const N* place, Response& response) {
    evaluate_pulls(place);
    N switching[S::segments];
    evaluate_segments(switching, response);
    evaluate_markets(switching);
    take_pulls_by_demand(response);
  }

  // The functions below refer to the prices evaluated last.
  CHOKEPOINT_INLINE N demand(MarketIndex m) const { return demand_[m]; }
  CHOKEPOINT_INLINE N elasticity(MarketIndex m) const { return elasticity_[m]; }
  CHOKEPOINT_INLINE N inverse_price(MarketIndex m) const { return inverse_price_[m]; }
  /// Log2 of a segment's price index.
  CHOKEPOINT_INLINE N log2_price_index(SegmentIndex s) const {
    return fma(-N(p_.demand.inverse_sigma), log2(sum_[s]), cheapest_);
  }

  /// Log2 of the mean ratio of price to shadow price over what a segment buys (5.14b); 0 except where a ceiling leaves
  /// the segment short.
  CHOKEPOINT_HD N log2_paid_share(SegmentIndex s, const N* place) const {
    N paid = N(0), all = paid;
    for (const MarketIndex m : markets(p_)) {
      const N bought = N(p_.demand.weight[s][m]) * pull_[m];
      paid = fma(bought, exp2(ceilings_.log2_paid(m, place[m]) - ceilings_.log2_shadow(m, place[m])), paid);
      all += bought;
    }
    const N share = maximum(paid, N(least_sum)) * reciprocal(maximum(all, N(least_sum)));
    return select(paid < all, log2(share), N(0));
  }

  /// False if everything that a segment can buy costs so much more than the cheapest market that its demand is out of
  /// range.
  CHOKEPOINT_HD mask_t<N> in_range() const {
    mask_t<N> all_are(true);
    for (const SegmentIndex s : segments(p_)) {
      all_are = all_are & ((sum_[s] > N(sum_in_range)) | (quantity_[s] < N(1e-30)));
    }
    return all_are;
  }

  /// Purchases on a market as multiples of its pull.
  struct Purchases {
    N quantity;
    N own_change;  ///< of quantity times own elasticity, by the own price
  };

  /// Purchases on a market and how each price changes them, segment by segment: what the whole Jacobian takes (5.18a).
  /// @param cross d quantity / d ln price of each market
  /// @param change the same of quantity times own elasticity
  CHOKEPOINT_HD Purchases purchases(MarketIndex m, N* cross, N* change) const {
    const auto& d = p_.demand;
    Purchases out{N(0), N(0)};
    for (const MarketIndex k : markets(p_)) cross[k] = change[k] = N(0);
    for (const SegmentIndex s : segments(p_)) {
      if (!(d.weight[s][m] > R(0))) continue;
      const N gain = N(d.sigma_less_elasticity[s]), inverse_sum = reciprocal(sum_[s]);
      const N part = N(d.weight[s][m]) * quantity_[s];
      const N weight = N(d.weight[s][m]) * (pull_[m] * inverse_sum);
      const N own = fma(-gain, weight, N(d.sigma));
      out.quantity += part;
      out.own_change = fma(part, fma(gain * N(d.sigma), weight * (N(1) - weight), -own * own), out.own_change);
      for (const MarketIndex k : markets(p_)) {
        const N switched = part * gain * (N(d.weight[s][k]) * (pull_[k] * inverse_sum));
        cross[k] += switched;
        change[k] = fma(switched, own - N(d.sigma) * weight, change[k]);
      }
    }
    return out;
  }

 private:
  /// The exponent if it is a whole number that `whole_power` takes, else 0.
  static CHOKEPOINT_INLINE int whole_part(R exponent) {
    const int whole = static_cast<int>(exponent);
    return R(whole) == exponent && whole < 16 ? whole : 0;
  }

  /// (price / cheapest)^-sigma of each market. Relative to the cheapest, as p^-sigma alone would leave the range of a
  /// float.
  CHOKEPOINT_INLINE void evaluate_pulls(const N* place) {
    N cheapest = N(1e6);
    for (const MarketIndex m : markets(p_)) {
      cheapest = least(cheapest, select(active(m), ceilings_.log2_shadow(m, place[m]), cheapest));
    }
    cheapest_ = select(cheapest < N(1e6), cheapest, N(0));
    const N lowest_price = exp2(cheapest_);
    for (const MarketIndex m : markets(p_)) {
      // Supply is far steeper in its price than demand is: the price needs full precision, the ratio does not.
      const N shadow = ceilings_.log2_shadow(m, place[m]);
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
  CHOKEPOINT_INLINE void evaluate_segments(N* switching, Response& response) {
    const auto& d = p_.demand;
    // Where a segment's markets all cost far more than the cheapest, quantity / sum leaves the range of a float; scaled
    // by a power of two, which rounds nothing, it stays within.
    const N small = N(0x1p-80), large = N(0x1p+80);
    for (const RegionIndex r : regions(p_)) {
      for (int k = 0; k <= r; ++k) response.pull[r][k] = N(0);
    }
    for (const SegmentIndex s : segments(p_)) {
      N sum = N(0), part[S::regions];
      for (const RegionIndex r : regions(p_)) {
        part[r] = N(0);
        for (const MarketIndex m : markets_of(p_, r)) part[r] = fma(N(d.weight[s][m]), pull_[m], part[r]);
        sum += part[r];
      }
      sum_[s] = greatest(sum, N(least_sum));
      const N level = fma(-N(d.elasticity[s]), cheapest_, level_[s]);
      // Users whom no market reaches buy nothing; the index of their prices would be infinite.
      quantity_[s] = select(sum > N(0), exp2(fma(N(d.index_exponent[s]), log2(sum_[s]), level)), N(0));
      // For a segment that is priced out this would be infinite, and times a weight of 0 it would be NaN.
      switching[s] = least(N(d.sigma_less_elasticity[s]) * (quantity_[s] * small) * reciprocal(sum_[s]), N(1e37));
      for (const RegionIndex r : regions(p_)) {
        const N row = switching[s] * (part[r] * large);
        for (int k = 0; k <= r; ++k) response.pull[r][k] = fma(row, part[k], response.pull[r][k]);
      }
    }
  }

  /// D_m (5.8), and its own elasticity e_m, which includes the switching of buyers (5.9).
  CHOKEPOINT_INLINE void evaluate_markets(const N* switching) {
    const auto& d = p_.demand;
    const N large = N(0x1p+80);
    for (const MarketIndex m : markets(p_)) {
      N bought = N(0), own = N(0);
      for (const SegmentIndex s : segments(p_)) {
        bought = fma(N(d.weight[s][m]), quantity_[s], bought);
        own = fma(N(d.weight_squared[s][m]), switching[s], own);
      }
      const N inverse = reciprocal(greatest(bought, N(1e-30)));
      demand_[m] = bought * pull_[m];
      elasticity_[m] = greatest(fma(-(pull_[m] * large) * own, inverse, N(d.sigma)), N(d.least_elasticity));
    }
  }

  /// The pull between regions as a share of the demand of the one that is pulled.
  CHOKEPOINT_INLINE void take_pulls_by_demand(Response& response) {
    N inverse_total[S::regions];
    for (const RegionIndex r : regions(p_)) {
      N total = N(0);
      for (const MarketIndex m : markets_of(p_, r)) total += demand_[m];
      inverse_total[r] = reciprocal(greatest(total, N(1e-20)));
    }
    for (const RegionIndex r : regions(p_)) {
      for (int k = 0; k < r; ++k) {
        response.pull[k][r] = response.pull[r][k] * inverse_total[k];
        response.pull[r][k] = response.pull[r][k] * inverse_total[r];
      }
      response.pull[r][r] = response.pull[r][r] * inverse_total[r];
    }
  }

  /// Bounds for a segment's pulls, (price / cheapest)^-sigma: one prices out a segment that reaches no capacity; from
  /// the other on, quantity / sum^2, in its own elasticity, stays in the range of float.
  static constexpr double least_sum = 1e-30, sum_in_range = 1e-28;

  const P& p_;
  Ceilings ceilings_;
  int whole_sigma_;                          ///< sigma where it is a small whole number, else 0
  N level_[S::segments], sum_[S::segments];  ///< log2 of open demand at a price of 1; sum of a_sm pull_m
  N quantity_[S::segments];                  ///< bought by a segment, in units of its index
  N cheapest_;                               ///< log2 price
  N inverse_price_[S::markets];
  N active_[S::markets];  ///< 1 or 0: a GPU would pack masks
  N pull_[S::markets], demand_[S::markets], elasticity_[S::markets];
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
