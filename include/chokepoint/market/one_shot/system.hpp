#pragma once

#include "chokepoint/market/one_shot/curves.hpp"

/// One market, or a few coupled ones, cleared once: the System of `chokepoint clear` (docs/model.md, section 5g). It
/// takes other curves than the monthly model (rising marginal cost, linear demand), so that published equilibria can be
/// reproduced, and goes to the same solver (clearing.hpp), which moves the markets' positions (ladder.hpp).
namespace chokepoint {

inline namespace CHOKEPOINT_TARGET {

/// Demand of one market at its buyers' price: level, own elasticity, and how that elasticity changes.
template <class N>
struct DemandResponse {
  N log2_quantity;
  N own;         ///< -d ln D / d ln p, other prices fixed
  N own_change;  ///< d own / d ln p, other prices fixed
};

/// Clearing system of a one-shot market: residuals by positions. Holds a reference to its curves.
template <class N>
class OneShotSystem {
 public:
  static constexpr int max_markets = one_shot_markets;
  static constexpr int max_groups = one_shot_markets;
  using Response = MarketResponse<N, max_markets, max_groups>;
  static_assert(lane_count<N> == 1, "one path at a time");

  CHOKEPOINT_HD explicit OneShotSystem(const OneShotMarkets<N>& curves) : c_(curves) {}

  /// Adds this to every position, with more digits than a sum would keep (place_of).
  CHOKEPOINT_HD void refine(const N* fine) {
    for (int m = 0; m < max_markets; ++m) fine_[m] = fine[m];
  }

  CHOKEPOINT_INLINE int markets() const { return c_.markets; }
  // Every market is a group of its own, and the levers are in the pulls: steps are those of a full Newton.
  CHOKEPOINT_INLINE int groups() const { return c_.markets; }
  CHOKEPOINT_INLINE int group_begin(int g) const { return g; }
  CHOKEPOINT_INLINE bool active(int m) const { return has_price(m); }
  /// None: a ceiling is a part of the position.
  CHOKEPOINT_INLINE N log2_ceiling(int) const { return N(no_position); }

  // The functions below refer to the positions evaluated last.
  CHOKEPOINT_INLINE const MarketPlace<N>& place(int m) const { return place_[m]; }
  CHOKEPOINT_INLINE N price(int m) const { return fma(place_[m].price, place_[m].correction, place_[m].price); }
  CHOKEPOINT_INLINE const DemandResponse<N>& demand(int m) const { return demand_[m]; }
  /// Purchases of a segment in a market, as log2, where it buys there.
  CHOKEPOINT_INLINE N log2_bought(int s, int m) const { return log2_total_[s] + log2_weight_[s][m]; }
  /// Part of its purchases that a segment makes in a market, as log2.
  CHOKEPOINT_INLINE N log2_weight(int s, int m) const { return log2_weight_[s][m]; }
  CHOKEPOINT_INLINE N log2_index(int s) const { return log2_index_[s]; }
  CHOKEPOINT_INLINE bool buys(int s, int m) const { return s < c_.segments && c_.segment[s].buys[m] && has_price(m); }
  CHOKEPOINT_INLINE N margin(int i) const {
    const int m = c_.firm[i].market;
    return margin_over<N>(c_.ladder[m], place_[m], c_.firm[i].cost);
  }
  /// Output of a firm as a part of its market's demand.
  CHOKEPOINT_INLINE N share(int i) const {
    const int m = c_.firm[i].market;
    return has_price(m) ? respond(i, demand_[m]).share : N(0);
  }
  /// Supply of a market over its demand, if the own elasticity of demand were this.
  CHOKEPOINT_HD N supply_at(int m, const N& own) const {
    DemandResponse<N> demand = demand_[m];
    demand.own = own;
    N sum = N(0);
    for (int i = 0; i < c_.firms; ++i) {
      if (c_.firm[i].market == m) sum += respond(i, demand).share;
    }
    return sum;
  }

  /// Residuals at these positions, and their derivatives by the positions, in natural logarithms.
  CHOKEPOINT_HD void evaluate(const N* position, Response& response) {
    for (int m = 0; m < c_.markets; ++m) {
      if (has_price(m)) place_[m] = place_of<N>(c_.ladder[m], c_.step, position[m], fine_[m]);
    }
    for (int s = 0; s < c_.segments; ++s) {
      if (c_.segment[s].is_linear)
        buy_linear(s);
      else
        buy_nested(s);
    }
    for (int m = 0; m < c_.markets; ++m) {
      for (int k = 0; k < c_.markets; ++k) response.pull[m][k] = jacobian_[m][k] = N(0);
      response.residual[m] = response.lever[m] = response.weight[m] = N(0);
      response.slope[m] = N(1);
      if (has_price(m)) balance(m, response);
    }
  }

  /// Row of the exact Jacobian; the pulls of the response leave out terms that would make markets complements.
  CHOKEPOINT_HD N whole_row(const Response& response, int m, N* row) const {
    for (int k = 0; k < c_.markets; ++k) row[k] = k == m ? N(0) : -jacobian_[m][k];
    return response.slope[m];
  }

 private:
  CHOKEPOINT_INLINE bool has_price(int m) const { return c_.active[m] > N(0.5); }

  CHOKEPOINT_INLINE void buy_linear(int s) {
    const int m = c_.segment[s].market;
    if (!has_price(m)) return;
    log2_index_[s] = place_[m].log2_buyers_price;
    log2_total_[s] = log2(place_[m].choke_gap) - c_.segment[s].log2_slope;
    weight_[s][m] = N(1);
    log2_weight_[s][m] = N(0);
  }

  /// Powers are taken relative to the market that weighs most: p^-sigma alone would overflow.
  CHOKEPOINT_HD void buy_nested(int s) {
    const DemandCurve<N>& d = c_.segment[s];
    N top = N(-1e300), sum = N(0);
    for (int m = 0; m < c_.markets; ++m) {
      if (!buys(s, m)) continue;
      log2_weight_[s][m] = fma(-d.sigma, place_[m].log2_buyers_price, d.log2_weight[m]);
      top = maximum(top, log2_weight_[s][m]);
    }
    for (int m = 0; m < c_.markets; ++m) {
      if (buys(s, m)) sum += exp2(log2_weight_[s][m] - top);
    }
    if (!(sum > N(0))) return;  // every market it could buy in is empty
    const N log2_sum = top + log2(sum);
    log2_index_[s] = -log2_sum / d.sigma;
    log2_total_[s] = fma(-d.elasticity, log2_index_[s], d.log2_quantity);
    for (int m = 0; m < c_.markets; ++m) {
      if (!buys(s, m)) continue;
      log2_weight_[s][m] -= log2_sum;
      weight_[s][m] = exp2(log2_weight_[s][m]);
    }
  }

  /// log2 of a market's demand, and from it the shares of the segments, for cases in which D itself is out of range.
  CHOKEPOINT_HD N add_purchases(int m, N* part) const {
    N top = N(-1e300), sum = N(0);
    for (int s = 0; s < c_.segments; ++s) {
      if (buys(s, m)) top = maximum(top, log2_bought(s, m));
    }
    for (int s = 0; s < c_.segments; ++s) {
      part[s] = buys(s, m) ? exp2(log2_bought(s, m) - top) : N(0);
      sum += part[s];
    }
    for (int s = 0; s < c_.segments; ++s) part[s] /= sum;
    return top + log2(sum);
  }

  /// Own elasticity of a market's demand, sum f e_s, and the effect of prices on demand and elasticity, with f the
  /// segments' shares. With w the weight of a market in the segment's index, its purchases there have the own
  /// elasticity sigma - (sigma - eps) w. pull: d ln D / d ln other price; change: d own / d ln other price.
  CHOKEPOINT_HD void respond_to_prices(int m, N* pull, N* change) {
    N part[one_shot_segments];
    DemandResponse<N>& d = demand_[m];
    d = {maximum(add_purchases(m, part), N(-1000)), N(0), N(0)};
    for (int k = 0; k < c_.markets; ++k) pull[k] = change[k] = N(0);
    for (int s = 0; s < c_.segments; ++s) {
      if (!buys(s, m)) continue;
      const DemandCurve<N>& curve = c_.segment[s];
      if (curve.is_linear) {
        d.own = exp2(place_[m].log2_buyers_price) / place_[m].choke_gap;
        d.own_change = d.own * (N(1) + d.own);
        return;
      }
      const N switching = curve.sigma - curve.elasticity, weight = weight_[s][m];
      const N own = fma(-switching, weight, curve.sigma);
      d.own = fma(part[s], own, d.own);
      d.own_change = fma(part[s], switching * curve.sigma * weight * (N(1) - weight) - own * own, d.own_change);
      for (int k = 0; k < c_.markets; ++k) {
        if (k == m || !buys(s, k)) continue;
        const N gain = part[s] * switching * weight_[s][k];
        pull[k] += gain;
        change[k] = fma(gain, own - curve.sigma * weight, change[k]);
      }
    }
    d.own_change = fma(d.own, d.own, d.own_change);
    for (int k = 0; k < c_.markets; ++k) change[k] = fma(-d.own, pull[k], change[k]);
  }

  CHOKEPOINT_HD FirmResponse<N> respond(int i, const DemandResponse<N>& d) const {
    const FirmCurve<N>& firm = c_.firm[i];
    const MarketPlace<N>& place = place_[firm.market];
    if (firm.fixed_quantity >= N(0)) return in_full(firm.fixed_quantity, log2(firm.fixed_quantity), d);
    if (firm.step >= 0) {
      FirmResponse<N> full = in_full(firm.capacity, firm.log2_capacity, d);
      const N fill = firm.step < place.step ? N(1) : firm.step == place.step ? place.fill : N(0);
      full.share *= fill;
      full.by_demand *= fill;
      return full;
    }
    if (fills_at_ceiling(firm, place)) {
      FirmResponse<N> full = at_ceiling(firm, d);
      full.share *= place.ceiling_fill;
      full.by_demand *= place.ceiling_fill;
      return full;
    }
    return firm_response<N>(firm, {place.price, margin(i), place.conduct_left, d.own, d.log2_quantity});
  }

  CHOKEPOINT_INLINE bool fills_at_ceiling(const FirmCurve<N>& firm, const MarketPlace<N>& place) const {
    return place.is_capped && firm.step < 0 && !(firm.slope > N(0)) && !(firm.fixed_quantity >= N(0)) &&
           firm.cost == place.price;
  }

  CHOKEPOINT_INLINE FirmResponse<N> at_ceiling(const FirmCurve<N>& firm, const DemandResponse<N>& d) const {
    if (firm.capacity < N(0)) return {N(2), N(0), N(0), N(0)};  // without limit: twice what is wanted counts as full
    return in_full(firm.capacity, firm.log2_capacity, d);
  }

  CHOKEPOINT_INLINE FirmResponse<N> in_full(const N& quantity, const N& log2_quantity,
                                            const DemandResponse<N>& d) const {
    const N share = part_of_demand<N>(quantity, log2_quantity, d.log2_quantity);
    return {share, N(0), -share, N(0)};
  }

  /// The effects of a position other than on the price: it fills the price-takers of a step, and takes conduct from
  /// firms.
  CHOKEPOINT_HD N direct_part(int i, const FirmResponse<N>& f) const {
    const FirmCurve<N>& firm = c_.firm[i];
    const MarketPlace<N>& place = place_[firm.market];
    const DemandResponse<N>& d = demand_[firm.market];
    if (firm.step >= 0)
      return firm.step == place.step ? in_full(firm.capacity, firm.log2_capacity, d).share * place.fill_pace : N(0);
    if (fills_at_ceiling(firm, place)) return at_ceiling(firm, d).share * place.ceiling_fill_pace;
    return -f.by_elasticity * place.conduct_pace;
  }

  CHOKEPOINT_HD void balance(int m, Response& response) {
    N pull[max_markets], change[max_markets];
    respond_to_prices(m, pull, change);
    const DemandResponse<N>& d = demand_[m];
    FirmResponse<N> sum{N(0), N(0), N(0), N(0)};
    N direct = N(0);
    for (int i = 0; i < c_.firms; ++i) {
      if (c_.firm[i].market != m) continue;
      const FirmResponse<N> f = respond(i, d);
      sum.share += f.share;
      sum.by_price += f.by_price;
      sum.by_demand += f.by_demand;
      sum.by_elasticity += f.by_elasticity;
      direct += direct_part(i, f);
    }
    const MarketPlace<N>& place = place_[m];
    const N by_elasticity = sum.by_elasticity / d.own;
    response.residual[m] = sum.share - N(1);
    response.slope[m] = sum.by_price * place.price_pace + direct +
                        place.buyers_pace * (by_elasticity * d.own_change - sum.by_demand * d.own);
    response.lever[m] = N(1);
    response.weight[m] = exp2(d.log2_quantity);
    for (int k = 0; k < c_.markets; ++k) {
      if (k == m || !has_price(k)) continue;
      jacobian_[m][k] = place_[k].buyers_pace * (sum.by_demand * pull[k] + by_elasticity * change[k]);
      response.pull[m][k] = maximum(-jacobian_[m][k], N(0));
    }
  }

  const OneShotMarkets<N>& c_;
  N fine_[max_markets] = {};
  MarketPlace<N> place_[max_markets];
  DemandResponse<N> demand_[max_markets];
  N jacobian_[max_markets][max_markets];  ///< d residual / d position of another market
  N weight_[one_shot_segments][max_markets] = {}, log2_weight_[one_shot_segments][max_markets] = {};
  N log2_total_[one_shot_segments] = {}, log2_index_[one_shot_segments] = {};
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
