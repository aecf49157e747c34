#pragma once

#include "chokepoint/market/one_shot/firm.hpp"
#include "chokepoint/market/one_shot/ladder.hpp"

/// The curves of a one-shot market file (docs/model.md, section 5g): demand of its segments, supply of its firms.
namespace chokepoint {

inline constexpr int one_shot_markets = 16, one_shot_segments = 16;

/// Demand of a segment: nested CES over the markets with a constant elasticity, or a straight line in one market.
template <class R>
struct DemandCurve {
  std::int32_t is_linear, market;       ///< market: of linear demand
  R log2_slope;                         ///< linear: p = choke - slope Q, the choke price being the market's
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
  MarketLadder<R> ladder[one_shot_markets];
  LadderStep<R> step[one_shot_firms];  ///< of all markets, one after the other
  R active[one_shot_markets];          ///< 1 where a price has to be found
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

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
