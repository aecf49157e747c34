#pragma once

#include "chokepoint/market/solver/clearing.hpp"

/// Supply of a firm with rising marginal cost, for markets that are cleared once (docs/model.md, section 5g). Units
/// are the user's; quantities of a fringe of equal firms are totals. Nothing is smoothed: idleness and full capacity
/// are sharp.
namespace chokepoint {

/// Marginal cost, conduct and capacity of a firm or of a fringe of equal firms.
template <class R>
struct FirmCurve {
  std::int32_t market;
  std::int32_t step;  ///< of its market's ladder (ladder.hpp), for price-takers of constant cost; else -1
  R fixed_quantity;   ///< sold at any price; below 0: the firm decides
  R cost, slope;      ///< marginal cost: cost + slope (q / scale)^exponent
  R log2_scale, exponent;
  R capacity, log2_capacity;  ///< below 0: without limit
  R conduct;                  ///< theta / count: 1 is a Cournot player, 0 a price taker
  R count;                    ///< equal firms
};

/// What a firm takes into account of its market.
template <class N>
struct SellerView {
  N price;
  N margin;        ///< 1 - cost / price, to its last digits also where the price is next to the cost
  N conduct_left;  ///< part of its conduct that a price ceiling leaves: 1 without one
  N elasticity;    ///< of demand, in the own price
  N log2_demand;
};

/// Output of a firm as a share of its market's demand, and its derivatives by natural logarithms.
template <class N>
struct FirmResponse {
  N share, by_price, by_demand, by_elasticity;
};

inline namespace CHOKEPOINT_TARGET {

/// max(t, 0) with its kink rounded over [-width, width] by a parabola; exact outside.
template <class N>
CHOKEPOINT_INLINE N smooth_positive(const N& t, const N& width, const N& inverse_four_widths, N& slope) {
  const N u = clamp(t + width, N(0), width + width);
  slope = u * inverse_four_widths * N(2);
  return fma(u * inverse_four_widths, u, maximum(t - width, N(0)));
}

/// x^k for x >= 0.
template <class N>
CHOKEPOINT_INLINE N power_of(const N& x, const N& k) {
  return x > N(0) ? exp2(k * log2(x)) : N(0);
}

/// The root z of linear z + curved z^k = margin, for k >= 1 and margin > 0. On a convex function, Newton's method from
/// above the root descends to it and never passes it; the starting point is at most twice the root.
template <class N>
CHOKEPOINT_HD N convex_root(const N& linear, const N& curved, const N& k, const N& margin) {
  if (!(linear > N(0))) return power_of<N>(margin / curved, N(1) / k);
  N z = margin / linear;
  if (curved > N(0)) z = minimum(z, power_of<N>(margin / curved, N(1) / k));
  for (int iteration = 0; iteration < 64 && z > N(0); ++iteration) {
    const N bent = curved * power_of<N>(z, k);
    const N next = z - (fma(linear, z, bent) - margin) / (linear + k * bent / z);
    if (!(next < z)) break;  // down to rounding
    z = maximum(next, N(0));
  }
  return z;
}

/// Root y of linear y + curved y^exponent = margin for any exponent above 0: with an exponent under 1 the equation is
/// convex in y^exponent.
template <class N>
CHOKEPOINT_HD N wished_output(const N& linear, const N& curved, const N& exponent, const N& margin) {
  if (exponent >= N(1)) return convex_root<N>(linear, curved, exponent, margin);
  const N inverse = N(1) / exponent;
  return power_of<N>(convex_root<N>(curved, linear, inverse, margin), inverse);
}

/// A quantity as a part of the market's demand.
template <class N>
CHOKEPOINT_INLINE N part_of_demand(const N& quantity, const N& log2_quantity, const N& log2_demand) {
  return quantity > N(0) ? exp2(log2_quantity - log2_demand) : N(0);
}

/// Solves p (1 - theta q / (e D)) = cost + slope (q / scale)^exponent within the capacity (5.30).
template <class N>
CHOKEPOINT_HD FirmResponse<N> firm_response(const FirmCurve<N>& firm, const SellerView<N>& view) {
  if (!(view.margin > N(0))) return {N(0), N(0), N(0), N(0)};
  const N most =
      firm.capacity < N(0) ? N(1e300) : part_of_demand<N>(firm.capacity, firm.log2_capacity, view.log2_demand);
  const N market_power = firm.conduct * view.conduct_left / view.elasticity;
  N share, bent = N(0);
  if (firm.slope > N(0)) {
    const N unit = exp2(firm.log2_scale - view.log2_demand), curved = firm.slope / view.price;
    const N wish = wished_output<N>(market_power * unit, curved, firm.exponent, view.margin);
    bent = curved * power_of<N>(wish, firm.exponent);
    share = wish * unit;
  } else {
    share = market_power > N(0) ? view.margin / market_power : N(1e300);
  }
  if (!(share < most)) return {most, N(0), -most, N(0)};
  if (!(share > N(0))) return {N(0), N(0), N(0), N(0)};
  const N mark_up = market_power * share;
  const N per_steepness = share / fma(firm.exponent, bent, mark_up);
  return {share, per_steepness * (firm.cost / view.price + bent), -per_steepness * firm.exponent * bent,
          per_steepness * mark_up};
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
