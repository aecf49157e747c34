#pragma once

#include "chokepoint/market/solver/clearing.hpp"

/// The state of a one-shot market as one number: its *position* (5.31). The supply of a price-taker with constant cost
/// jumps at that cost, and a ceiling holds the price while sellers are still willing. Along the position nothing jumps.
/// The price rises, but stays at the cost of a price-taker until that price-taker is at capacity. At the ceiling it
/// stays while firms lose their market power, and then only the buyers' shadow price rises. So every market clears at
/// one position, and the solver needs neither smoothed kinks nor a special case for rationing.
namespace chokepoint {

inline constexpr int one_shot_firms = 64;

/// Length of the stretch of positions on which one price-taker fills up, in units of log2 price.
inline constexpr double step_length = 0.25;

/// Conduct at a ceiling falls to 2^-64 of itself, which counts as none.
inline constexpr double conduct_octaves = 64;

inline constexpr double no_position = 1e9;  ///< beyond all

/// One step of the ladder: price-takers of one constant cost.
template <class R>
struct LadderStep {
  R cost;
  R begin;  ///< position from which they fill
};

/// The ladder of one market.
template <class R>
struct MarketLadder {
  std::int32_t first_step, last_step;  ///< of the list of steps, costs rising
  R choke;                             ///< of linear demand: price at which it ends; 0: isoelastic
  R ceiling, ceiling_begin;            ///< price ceiling and the position at which it holds; no_position without one
  std::int32_t fills_at_ceiling;       ///< firms of just this constant cost sell at the ceiling, last of all
};

/// The state of a market at one position. Paces are derivatives by the position, in natural logarithms.
template <class N>
struct MarketPlace {
  N price, price_pace;               ///< that sellers get
  N log2_buyers_price, buyers_pace;  ///< that buyers reckon with: the shadow price where they are rationed
  N choke_gap;                       ///< linear demand: choke price less the buyers' price
  N correction;                      ///< of the sellers' price, relative: what its digits cannot hold
  N conduct_left, conduct_pace;      ///< part of its conduct that a firm keeps; pace of its logarithm
  std::int32_t step;                 ///< that fills: steps before it are full
  N fill, fill_pace;
  N ceiling_fill, ceiling_fill_pace;
  bool is_capped;    ///< the price stands at its ceiling
  bool is_rationed;  ///< and buyers would take more than there is
};

inline namespace CHOKEPOINT_TARGET {

inline constexpr double ln2 = 0x1.62e42fefa39efp-1;

/// Price on a stretch between steps: for isoelastic demand 2^at, for linear demand the price whose log2 odds against
/// the choke price are `at`, so that both the price and its distance to the choke price keep all their digits.
template <class N>
CHOKEPOINT_INLINE void set_free_price(const MarketLadder<N>& ladder, const N& at, const N& fine,
                                      MarketPlace<N>& place) {
  if (!(ladder.choke > N(0))) {
    place.buyers_pace = N(1);
    place.log2_buyers_price = at + fine;
    place.price = exp2(at);
  } else {
    const N odds = exp2(at), rest = N(1) / (N(1) + odds);
    place.buyers_pace = rest;
    place.choke_gap = ladder.choke * rest * fma(-(odds * rest), fine * N(ln2), N(1));
    place.price = ladder.choke * (odds * rest);
    place.log2_buyers_price = fma(rest, fine, log2(place.price));
  }
  place.correction = place.buyers_pace * fine * N(ln2);
}

/// Price at a step or ceiling, where it is constant.
template <class N>
CHOKEPOINT_INLINE void set_price(const MarketLadder<N>& ladder, const N& price, MarketPlace<N>& place) {
  place.price = price;
  place.log2_buyers_price = log2(price);
  place.choke_gap = ladder.choke - price;
  place.buyers_pace = place.price_pace = N(0);
}

/// The completed part of something that takes one step, for a position `done` beyond its beginning. Not cut off at its
/// ends, although `fine` may pass them slightly: Newton's method returns from there.
template <class N>
CHOKEPOINT_INLINE void set_fill(const N& done, const N& fine, N& fill, N& pace) {
  fill = (done + fine) / N(step_length);
  pace = N(1 / (step_length * ln2));
}

/// Beyond the position at which the ceiling holds, by `beyond`: firms lose market power (5.32), then buyers are
/// rationed (5.33).
template <class N>
CHOKEPOINT_HD void set_capped(const MarketLadder<N>& ladder, N beyond, const N& fine, MarketPlace<N>& place) {
  set_price(ladder, ladder.ceiling, place);
  place.is_capped = true;
  if (beyond < N(step_length)) {
    N done, pace;
    set_fill(beyond, fine, done, pace);
    place.conduct_left = exp2(N(-conduct_octaves) * done);
    place.conduct_pace = N(-conduct_octaves * ln2) * pace;
    return;
  }
  place.conduct_left = N(1 / 18446744073709551616.0);
  beyond -= N(step_length);
  if (ladder.fills_at_ceiling && beyond < N(step_length))
    return set_fill(beyond, fine, place.ceiling_fill, place.ceiling_fill_pace);
  place.ceiling_fill = N(1);
  if (ladder.fills_at_ceiling) beyond -= N(step_length);
  const N price = place.price;
  const N ceiling_at = ladder.choke > N(0) ? log2(price / (ladder.choke - price)) : log2(price);
  set_free_price(ladder, ceiling_at + beyond, fine, place);
  place.price = price;
  place.correction = N(0);
  place.is_rationed = true;
}

/// The state of a market at a position. `fine` is added to the position with more digits than a sum would keep: where
/// supply is steep, two neighbouring numbers are too far apart.
template <class N>
CHOKEPOINT_HD MarketPlace<N> place_of(const MarketLadder<N>& ladder, const LadderStep<N>* steps, const N& position,
                                      const N& fine) {
  MarketPlace<N> place{};
  place.conduct_left = place.price_pace = N(1);
  place.step = ladder.first_step;
  N filled = N(0);  // length of the steps behind
  for (; place.step < ladder.last_step; ++place.step) {
    const LadderStep<N>& step = steps[place.step];
    if (position < step.begin) break;
    if (position < step.begin + N(step_length)) {
      set_price(ladder, step.cost, place);
      set_fill(position - step.begin, fine, place.fill, place.fill_pace);
      return place;
    }
    filled += N(step_length);
  }
  if (position >= ladder.ceiling_begin) {
    set_capped(ladder, position - ladder.ceiling_begin, fine, place);
    return place;
  }
  set_free_price(ladder, position - filled, fine, place);
  place.price_pace = place.buyers_pace;
  return place;
}

/// 1 - cost / price. Near the choke price the difference is taken of what is left under it.
template <class N>
CHOKEPOINT_INLINE N margin_over(const MarketLadder<N>& ladder, const MarketPlace<N>& place, const N& cost) {
  if (ladder.choke > N(0) && !place.is_rationed && place.choke_gap < place.price)
    return ((ladder.choke - cost) - place.choke_gap) / place.price;
  return fma(cost, place.correction, place.price - cost) / place.price;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
