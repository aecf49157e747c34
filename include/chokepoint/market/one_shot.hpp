#pragma once

#include "chokepoint/market/one_shot_firm.hpp"

/// One market, or a few coupled ones, cleared once: the System of `chokepoint clear`. It takes other curves than the
/// monthly model (rising marginal cost, linear demand), so that published equilibria can be reproduced, and goes to the
/// same solver (clearing.hpp).
namespace chokepoint {

inline constexpr int one_shot_markets = 16, one_shot_segments = 16, one_shot_firms = 64;

/// Demand of a segment: nested CES over the markets with a constant elasticity, or a straight line in one market.
template <class R>
struct DemandCurve {
  std::int32_t is_linear, market;       ///< market: of linear demand
  R choke, slope;                       ///< linear: p = choke - slope Q
  R log2_quantity, elasticity, sigma;   ///< isoelastic: demand at a price index of 1
  std::int32_t buys[one_shot_markets];  ///< 0 where barred
  R log2_taste[one_shot_markets];       ///< log2 of taste^sigma
  R log2_trade_cost[one_shot_markets];  ///< log2 of tau
  R log2_weight[one_shot_markets];      ///< log2 of a_sm = (taste / tau)^sigma, summing to 1: see weigh_markets
};

template <class R>
struct OneShotMarkets {
  std::int32_t markets, firms, segments;
  FirmCurve<R> firm[one_shot_firms];
  DemandCurve<R> segment[one_shot_segments];
  R log2_ceiling[one_shot_markets];  ///< the lower of price ceiling and choke price; large where there is neither
  R active[one_shot_markets];        ///< 1 with buyers and sellers, else 0: such a market has no price
  R kink;                            ///< half-width over which idleness and full capacity are rounded
};

inline namespace CHOKEPOINT_TARGET {

/// Fills the CES weights of isoelastic demand from tastes, trade costs and sigma.
template <class R>
CHOKEPOINT_HD void weigh_markets(DemandCurve<R>& demand, int markets) {
  R top = R(-1e300), sum = R(0);
  for (int m = 0; m < markets; ++m) {
    demand.log2_weight[m] = fma(-demand.sigma, demand.log2_trade_cost[m], demand.log2_taste[m]);
    if (demand.buys[m]) top = maximum(top, demand.log2_weight[m]);
  }
  for (int m = 0; m < markets; ++m) {
    if (demand.buys[m]) sum += exp2(demand.log2_weight[m] - top);
  }
  for (int m = 0; m < markets; ++m) demand.log2_weight[m] -= top + log2(sum);
}

/// Demand of one market in one market's prices: level, own elasticity and how that elasticity moves.
template <class N>
struct DemandResponse {
  N quantity;
  N own;         ///< -d ln D / d ln p, other prices fixed
  N own_change;  ///< d own / d ln p, other prices fixed
};

/// Clearing system of a one-shot market. Holds a reference to its curves.
template <class N>
class OneShotSystem {
 public:
  static constexpr int max_markets = one_shot_markets;
  static constexpr int max_groups = one_shot_markets;
  using Response = MarketResponse<N, max_markets, max_groups>;
  static_assert(lane_count<N> == 1, "one path at a time");

  CHOKEPOINT_HD explicit OneShotSystem(const OneShotMarkets<N>& curves) : c_(curves) {}

  CHOKEPOINT_INLINE int markets() const { return c_.markets; }
  // Every market is a group of its own, and the levers are in the pulls: steps are those of a full Newton.
  CHOKEPOINT_INLINE int groups() const { return c_.markets; }
  CHOKEPOINT_INLINE int group_begin(int g) const { return g; }
  CHOKEPOINT_INLINE bool active(int m) const { return has_price(m); }
  CHOKEPOINT_INLINE N log2_ceiling(int m) const { return c_.log2_ceiling[m]; }
  CHOKEPOINT_INLINE const DemandResponse<N>& demand(int m) const { return demand_[m]; }
  /// Purchases of a segment in a market, and its price index and total, at the prices last evaluated.
  CHOKEPOINT_INLINE N bought(int s, int m) const { return bought_[s][m]; }
  CHOKEPOINT_INLINE N log2_index(int s) const { return log2_index_[s]; }

  CHOKEPOINT_HD void evaluate(const N* log2_price, Response& response) {
    for (int m = 0; m < c_.markets; ++m) {
      demand_[m] = {N(0), N(0), N(0)};
      for (int k = 0; k < c_.markets; ++k) response.pull[m][k] = cross_change_[m][k] = N(0);
    }
    for (int s = 0; s < c_.segments; ++s) {
      if (c_.segment[s].is_linear)
        add_linear_demand(s, log2_price);
      else
        add_nested_demand(s, log2_price, response);
    }
    for (int m = 0; m < c_.markets; ++m) {
      if (!has_price(m)) {
        response.residual[m] = response.lever[m] = response.weight[m] = N(0);
        response.slope[m] = N(1);
        continue;
      }
      finish_demand(m);
      balance(m, exp2(log2_price[m]), response);
    }
  }

  CHOKEPOINT_HD N whole_row(const Response& response, int m, N* row) const {
    for (int k = 0; k < c_.markets; ++k) row[k] = response.pull[m][k];
    return response.slope[m];
  }

  /// Output of a firm at the given prices; `evaluate` must have seen them last.
  CHOKEPOINT_HD N output(int i, const N* log2_price) const {
    const FirmCurve<N>& firm = c_.firm[i];
    if (!has_price(firm.market)) return N(0);
    return output_and_response(firm, exp2(log2_price[firm.market])).share;
  }

 private:
  CHOKEPOINT_INLINE bool has_price(int m) const { return c_.active[m] > N(0.5); }

  CHOKEPOINT_HD void add_linear_demand(int s, const N* log2_price) {
    const DemandCurve<N>& d = c_.segment[s];
    const N price = exp2(log2_price[d.market]);
    const N gap = maximum(d.choke - price, d.choke * N(1e-15));
    log2_index_[s] = log2_price[d.market];
    bought_[s][d.market] = gap / d.slope;
    const N own = price / gap;
    add_purchases(s, d.market, own, own * (N(1) + own));
  }

  /// With w the weight of a market in the segment's price index, its purchases there have the own elasticity
  /// sigma - (sigma - eps) w. Powers are taken relative to the market that weighs most: p^-sigma alone would overflow.
  CHOKEPOINT_HD void add_nested_demand(int s, const N* log2_price, Response& response) {
    const DemandCurve<N>& d = c_.segment[s];
    N log2_pull[max_markets], top = N(-1e300);
    for (int m = 0; m < c_.markets; ++m) {
      if (!buys(s, m)) continue;
      log2_pull[m] = fma(-d.sigma, log2_price[m], d.log2_weight[m]);
      top = maximum(top, log2_pull[m]);
    }
    N sum = N(0);
    for (int m = 0; m < c_.markets; ++m) {
      if (buys(s, m)) sum += exp2(log2_pull[m] - top);
    }
    if (!(sum > N(0))) return;  // every market it could buy in is empty
    log2_index_[s] = -(top + log2(sum)) / d.sigma;
    const N total = exp2(fma(-d.elasticity, log2_index_[s], d.log2_quantity));
    const N switching = d.sigma - d.elasticity;
    for (int m = 0; m < c_.markets; ++m) {
      if (!buys(s, m)) continue;
      const N weight = exp2(log2_pull[m] - top) / sum;
      bought_[s][m] = total * weight;
      add_purchases(s, m, fma(-switching, weight, d.sigma), switching * d.sigma * weight * (N(1) - weight));
      for (int k = 0; k < c_.markets; ++k) {
        if (k != m && buys(s, k)) add_switching(s, m, k, weight, exp2(log2_pull[k] - top) / sum, response);
      }
    }
  }

  /// What the price of market k does to a segment's purchases in m and to their elasticity, by the weights of both.
  CHOKEPOINT_INLINE void add_switching(int s, int m, int k, const N& weight, const N& other, Response& response) {
    const DemandCurve<N>& d = c_.segment[s];
    const N gain = (d.sigma - d.elasticity) * other, own = fma(d.elasticity - d.sigma, weight, d.sigma);
    response.pull[m][k] = fma(bought_[s][m], gain, response.pull[m][k]);
    cross_change_[m][k] = fma(bought_[s][m], gain * (own - d.sigma * weight), cross_change_[m][k]);
  }

  CHOKEPOINT_INLINE bool buys(int s, int m) const { return c_.segment[s].buys[m] && has_price(m); }

  /// Sums over segments, from which finish_demand makes elasticities: with shares f_s of the market's demand,
  /// own = sum f own_s and d own / d ln p = own^2 + sum f (d own_s / d ln p - own_s^2), as f_s falls by own_s - own.
  CHOKEPOINT_INLINE void add_purchases(int s, int m, const N& own, const N& own_change) {
    DemandResponse<N>& d = demand_[m];
    const N part = bought_[s][m];
    d.quantity += part;
    d.own = fma(part, own, d.own);
    d.own_change = fma(part, own_change - own * own, d.own_change);
  }

  CHOKEPOINT_INLINE void finish_demand(int m) {
    DemandResponse<N>& d = demand_[m];
    d.quantity = maximum(d.quantity, N(1e-300));
    const N inverse = N(1) / d.quantity;
    d.own *= inverse;
    d.own_change = fma(d.own_change, inverse, d.own * d.own);
  }

  /// Output and its responses in quantities.
  CHOKEPOINT_HD FleetResponse<N> output_and_response(const FirmCurve<N>& firm, const N& price) const {
    if (firm.fixed_quantity >= N(0)) return {firm.fixed_quantity, N(0), N(0)};
    const N unit = output_unit(firm);
    if (!(unit > N(0))) return {N(0), N(0), N(0)};
    const DemandResponse<N>& d = demand_[firm.market];
    const FleetResponse<N> f = firm_response<N>(firm, price, N(1) / (d.own * d.quantity), c_.kink);
    return {f.share * unit, f.price_part * unit, f.demand_part * unit};
  }

  /// Firms see the product e D, so a price moves them directly, through demand and through its elasticity.
  CHOKEPOINT_HD void balance(int m, const N& price, Response& response) const {
    const DemandResponse<N>& d = demand_[m];
    N supply = N(0), price_part = N(0), demand_part = N(0);
    for (int i = 0; i < c_.firms; ++i) {
      if (c_.firm[i].market != m) continue;
      const FleetResponse<N> f = output_and_response(c_.firm[i], price);
      supply += f.share;
      price_part += f.price_part;
      demand_part += f.demand_part;
    }
    const N inverse = N(1) / d.quantity, lever = (supply - demand_part) * inverse;
    const N through_elasticity = demand_part * inverse / d.own;
    response.residual[m] = fma(supply, inverse, N(-1));
    response.slope[m] = price_part * inverse + lever * d.own + through_elasticity * d.own_change;
    response.lever[m] = N(1);
    response.weight[m] = d.quantity;
    for (int k = 0; k < c_.markets; ++k) {
      const N gain = response.pull[m][k] * inverse;
      const N elasticity_change = fma(cross_change_[m][k], inverse, -d.own * gain);
      response.pull[m][k] = maximum(lever * gain - through_elasticity * elasticity_change, N(0));
    }
  }

  const OneShotMarkets<N>& c_;
  DemandResponse<N> demand_[max_markets];
  N cross_change_[max_markets][max_markets];  ///< d own elasticity / d ln other price, times demand
  N bought_[one_shot_segments][max_markets] = {};
  N log2_index_[one_shot_segments] = {};
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
