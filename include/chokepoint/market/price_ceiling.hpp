#pragma once

#include "chokepoint/numeric/elementary.hpp"

/// Markets under a price ceiling (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// The scale on which a market under a price ceiling is solved, log2 (5.14a). Up to the ceiling it is
/// the price. Over the next `conduct_width` sellers give up the rest of their conduct: at a ceiling that binds, one
/// more H100e-hour lowers no price, and they rent out up to demand or capacity. Beyond, capacity is short, and the
/// scale, less that width, is the shadow price at which buyers want no more than there is.
inline constexpr double conduct_width = 0.03125;

/// The price to which buyers respond: the market price, or the shadow price if they are rationed.
template <class N>
CHOKEPOINT_INLINE N shadow_price(const N& place, scalar_t<N> ceiling) {
  return place - clamp(place - N(ceiling), N(0), N(conduct_width));
}

/// Share of its conduct that a seller keeps. It ends slightly above 0, so that one can divide by it.
template <class N>
CHOKEPOINT_INLINE N conduct_kept(const N& place, scalar_t<N> ceiling) {
  const N given_up = (place - N(ceiling)) * N(1 / conduct_width);
  return maximum(N(1) - maximum(given_up, N(0)), N(0x1p-40));
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
