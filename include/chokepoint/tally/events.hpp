#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// First passages: the month in which a condition on a measure first holds on a path, and how long it lasts.
namespace chokepoint {

/// The condition `value > threshold` (above) or `value < threshold`; a relative threshold is a multiple of the path's
/// own value in month 0. If the value of a month or the reference is missing or invalid, or the reference is 0 (which
/// has no multiples), it is unknown whether the condition holds: as in the language of claims (docs/claims.md) the path
/// then counts as undefined, unless the condition is known to hold in some other month. A measure that is a flow has no
/// value in month 0; its events are looked for from month 1 on.
struct EventRule {
  std::int32_t measure, above, relative;
  float threshold;
  std::int32_t first_month = 0;  ///< looked for from this month on
};

inline constexpr std::int32_t not_yet = -1;
inline constexpr std::int32_t maybe = -2;  ///< not yet known to hold; in some month it is unknown

/// What one path has seen of one event so far.
struct EventState {
  float level;                  ///< the threshold in the units of the measure; NaN where month 0 gives none
  std::int32_t first_month;     ///< month of first passage, not_yet or maybe
  std::int32_t recovery_month;  ///< first month after it in which the condition is known to fail; not_yet or maybe
};

/// Counters of an event: one a month, one for never, one for undefined.
inline constexpr std::int32_t event_slots(std::int32_t months) {
  return months + 2;
}

inline namespace CHOKEPOINT_TARGET {

CHOKEPOINT_INLINE EventState event_start() {
  return {0.0F, not_yet, not_yet};
}

/// Takes the value of one month, months in order from 0.
CHOKEPOINT_INLINE EventState event_step(const EventRule& rule, EventState state, int month, float value) {
  const bool usable = unusable_mask(bits_of(value)) == 0;
  if (month == 0) {
    const bool has_multiples = usable & (value != 0.0F);
    const float reference = has_multiples ? value * rule.threshold : float_of(0x7fc00000U);
    state.level = rule.relative != 0 ? reference : rule.threshold;
  }
  const bool known = usable & (state.level == state.level);
  const bool holds = known & (rule.above != 0 ? value > state.level : value < state.level);
  const bool passed = state.first_month >= 0, is_looked_at = month >= rule.first_month;
  const bool open = passed & (state.recovery_month < 0);
  if (!passed & is_looked_at & !known) state.first_month = maybe;
  if (!passed & is_looked_at & holds) state.first_month = month;
  if (open & !known) state.recovery_month = maybe;
  if (open & known & !holds) state.recovery_month = month;
  return state;
}

/// The slot that counts a month of first passage, or a number of months until recovery: slots 0 to `months` - 1 by
/// month, one for those that never come, one for those that are unknown.
CHOKEPOINT_INLINE std::int32_t event_slot(std::int32_t months, std::int32_t reached, std::int32_t since) {
  return reached >= 0 ? reached - since : months + (reached == maybe ? 1 : 0);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
