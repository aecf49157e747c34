#pragma once

#include "chokepoint/market/rental_system.hpp"

/// Supply of a firm with rising marginal cost, for markets that are cleared once (one_shot.hpp). Units are the user's;
/// quantities of a fringe of equal firms are totals.
namespace chokepoint {

/// Marginal cost, conduct and capacity of a firm or of a fringe of equal firms.
template <class R>
struct FirmCurve {
  std::int32_t market;
  R fixed_quantity;  ///< sold at any price; below 0: the firm decides
  R cost, slope;     ///< marginal cost: cost + slope (q / scale)^exponent
  R scale, exponent;
  std::int32_t has_capacity;
  R capacity;
  R conduct;     ///< theta / count: 1 is a Cournot player, 0 a price taker
  R dispersion;  ///< half-width of the spread of a constant cost over the capacity, relative
};

inline namespace CHOKEPOINT_TARGET {

/// max(t, 0) with its kink rounded over [-width, width] by a parabola; exact outside.
template <class N>
CHOKEPOINT_INLINE N smooth_positive(const N& t, const N& width, const N& inverse_four_widths, N& slope) {
  using R = scalar_t<N>;
  const N u = clamp(t + width, N(R(0)), width + width);
  slope = u * inverse_four_widths * N(R(2));
  return fma(u * inverse_four_widths, u, maximum(t - width, N(R(0))));
}

/// x^k for x >= 0.
template <class N>
CHOKEPOINT_INLINE N power_of(const N& x, const N& k) {
  return x > N(0) ? exp2(k * log2(x)) : N(0);
}

/// The root z of linear z + curved z^k = margin, for k >= 1 and margin > 0. Newton's method on a convex function from
/// above the root comes down to it without ever passing it; the starting point is at most twice the root.
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

/// The quantity in which a firm's output is counted.
template <class R>
CHOKEPOINT_INLINE R output_unit(const FirmCurve<R>& firm) {
  return firm.has_capacity ? firm.capacity : firm.slope > R(0) ? firm.scale : R(1);
}

/// Output, in output units, of a firm with rising marginal cost or without capacity, and how it responds: solves
/// p (1 - theta q / (e D)) = cost + slope (q / scale)^exponent, within the capacity.
template <class N>
CHOKEPOINT_HD FleetResponse<N> rising_cost_response(const FirmCurve<N>& firm, const N& price, const N& market_power,
                                                    const N& kink) {
  const N cost = firm.cost / price, inverse_four_kinks = N(0.25) / kink;
  N margin_slope, cap_slope;
  const N margin = smooth_positive<N>(N(1) - cost, kink, inverse_four_kinks, margin_slope);
  if (!(margin > N(0))) return {N(0), N(0), N(0)};
  const N curved = firm.slope / price * power_of<N>(output_unit(firm) / firm.scale, firm.exponent);
  const N wish = wished_output<N>(market_power, curved, firm.exponent, margin);
  if (!(wish > N(0))) return {N(0), N(0), N(0)};
  const N bent = curved * power_of<N>(wish, firm.exponent);
  const N steepness = market_power + firm.exponent * bent / wish;
  const N price_part = fma(margin_slope, cost, bent) / steepness, demand_part = market_power * wish / steepness;
  if (!firm.has_capacity) return {wish, price_part, demand_part};
  const N over = smooth_positive<N>(wish - N(1), kink, inverse_four_kinks, cap_slope);
  const N free = N(1) - cap_slope;
  return {wish - over, free * price_part, free * demand_part};
}

/// Output of any firm at a price, in output units. `inverse_power` is 1 / (e D). A constant cost under a capacity is
/// that of a fleet in the monthly model, and goes to the same function.
template <class N>
CHOKEPOINT_HD FleetResponse<N> firm_response(const FirmCurve<N>& firm, const N& price, const N& inverse_power,
                                             const N& kink) {
  const N market_power = firm.conduct * output_unit(firm) * inverse_power;
  if (firm.slope > N(0) || !firm.has_capacity) return rising_cost_response<N>(firm, price, market_power, kink);
  const N cost = firm.cost / price;
  const N full = fma(cost, firm.dispersion + firm.dispersion, market_power);
  // Far above its cost a price taker's wish is millions of capacities, and the rounding of their difference shows.
  if (N(1) - cost * (N(1) - firm.dispersion) >= maximum(full * (N(1) + kink), kink)) return {N(1), N(0), N(0)};
  const N over = N(1) + kink, under = N(1) - kink;
  const Kinks<N> kinks{kink + kink, N(0.25) / kink, over, under, N(0.5) / (over - under)};
  return fleet_response<N>(cost, N(1) - firm.dispersion, firm.dispersion + firm.dispersion, market_power, kinks);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
