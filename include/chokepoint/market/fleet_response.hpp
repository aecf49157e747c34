#pragma once

#include "chokepoint/numeric/elementary.hpp"

/// What one fleet offers at a price (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Share of its capacity that a fleet rents out, and how that share responds.
template <class N>
struct FleetResponse {
  N share;        ///< q / K, in [0, 1]
  N price_part;   ///< d share / d ln p, demand held fixed
  N demand_part;  ///< d share / d ln D
};

/// The two rounded kinks of supply (5.12), of half-width h.
template <class R>
struct Kinks {
  R two_widths;           ///< 2 h
  R inverse_four_widths;  ///< 1 / (4 h)
  R over, under;          ///< 1 + h, 1 - h
  R inverse_four_caps;    ///< 1 / (4 h) as rounded over - under has it, so that the upper kink ends flat
};

/// Cournot output with conjectural variation of a fleet whose unit costs spread evenly over o (1 - delta) .. o (1 +
/// delta): marginal revenue p (1 - theta q / (e D)) equals the cost of the last unit rented, o (1 - delta + 2 delta q /
/// K) (5.10), which gives (5.11); its responses are (5.13). `cost` is o / p, `low` 1 - delta, `spread` 2 delta,
/// `market_power` theta K / (e D). As delta -> 0 this is clip((1 - o/p) e/theta D, 0, K) (5.20).
/// @tparam Slopes whether to compute the responses too
template <class N, bool Slopes = true>
CHOKEPOINT_INLINE FleetResponse<N> fleet_response(const N& cost, const N& low, const N& spread, const N& market_power,
                                                  const Kinks<scalar_t<N>>& kink) {
  const N zero = N(0);
  const N above = fma(-low, cost, N(kink.over));  // margin, counted from where its kink begins
  const N rounded = greatest(least(above, N(kink.two_widths)), zero);
  const N curve = rounded * N(kink.inverse_four_widths);
  const N margin = fma(curve, rounded, greatest(above - N(kink.two_widths), zero));
  // 0 for a fleet that costs nothing.
  const N inverse = reciprocal(greatest(fma(spread, cost, market_power), N(1e-9)));
  // Beyond the end of the upper kink nothing changes, but the difference below would lose its digits.
  const N wish = least(margin * inverse, N(kink.over));
  const N past = greatest(wish - N(kink.under), zero);
  const N bend = past * N(kink.inverse_four_caps);
  FleetResponse<N> out{fma(-bend, past, wish), zero, zero};
  if constexpr (Slopes) {
    const N per_wish = fma(N(-2), bend, N(1)) * inverse;  // 0 at capacity
    out.price_part = per_wish * cost * fma(curve + curve, low, spread * wish);
    out.demand_part = per_wish * wish * market_power;
  }
  return out;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
