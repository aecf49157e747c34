#pragma once

#include "chokepoint/market/indices.hpp"
#include "chokepoint/market/limits.hpp"
#include "chokepoint/numeric/elementary.hpp"

/// Markets under a price ceiling (docs/model.md, section 5).
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// The scale on which a market under a price ceiling is solved, log2 (5.14a). Up to the ceiling it is the price. Over
/// the next `conduct_width` sellers give up the rest of their conduct: at a ceiling that binds, one more H100e-hour
/// lowers no price, and they rent out up to demand or capacity. Beyond, capacity is short, and the scale, less that
/// width, is the shadow price at which buyers want no more than there is.
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

/// The ceilings of one month on the prices of each region's markets.
template <class N, class P>
class PriceCeilings {
 public:
  using R = scalar_t<N>;

  CHOKEPOINT_INLINE PriceCeilings(const P& p, const R* log2_ceiling)
      : p_(p), log2_ceiling_(log2_ceiling), exist_(false) {
    for (const RegionIndex r : regions(p)) exist_ = exist_ || is_capped(r);
  }

  CHOKEPOINT_INLINE bool exist() const { return exist_; }
  CHOKEPOINT_INLINE bool is_capped(RegionIndex r) const { return log2_ceiling_[r] < R(no_ceiling_log2); }
  CHOKEPOINT_INLINE R log2_ceiling(RegionIndex r) const { return log2_ceiling_[r]; }
  /// Log2 of the price that a market's buyers pay.
  CHOKEPOINT_INLINE N log2_paid(MarketIndex m, const N& place) const {
    return exist_ ? minimum(place, N(log2_ceiling_[region_of(p_, m)])) : place;
  }
  /// Log2 of the price to which they respond.
  CHOKEPOINT_INLINE N log2_shadow(MarketIndex m, const N& place) const {
    return exist_ ? shadow_price<N>(place, log2_ceiling_[region_of(p_, m)]) : place;
  }

 private:
  const P& p_;
  const R* log2_ceiling_;  ///< by region
  bool exist_;             ///< in some region this month
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
