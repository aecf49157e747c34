#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// First passages: the month in which a condition on a measure first holds on a path, and how long it lasts.
namespace chokepoint {

/// The condition `value > threshold` (above) or `value < threshold`; a relative threshold is a multiple of the path's
/// own value in month 0. Where the value of a month is missing or invalid, or the reference is, or is 0, of which there
/// are no multiples, nobody knows whether the condition holds: as in the language of claims (docs/claims.md) the path
/// counts as undefined unless it surely holds in some other month. A measure that is a flow has no value in month 0;
/// its events are looked for from month 1 on.
struct EventRule {
  std::int32_t measure, above, relative;
  float threshold;
  std::int32_t first_month = 0;  ///< looked for from this month on
};

inline constexpr std::int32_t not_yet = -1;
inline constexpr std::int32_t maybe = -2;  ///< not yet for sure, but in some month nobody knows

/// What one path has seen of one event so far.
struct EventState {
  float level;                  ///< the threshold in the units of the measure; NaN where month 0 gives none
  std::int32_t first_month;     ///< month of first passage, not_yet or maybe
  std::int32_t recovery_month;  ///< first month after it in which the condition surely failed, not_yet or maybe
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

/// Where a month of first passage, or months until recovery, are counted: 0 to `months` - 1 by month, then those that
/// do not come to pass, then those of which nobody knows.
CHOKEPOINT_INLINE std::int32_t event_slot(std::int32_t months, std::int32_t reached, std::int32_t since) {
  return reached >= 0 ? reached - since : months + (reached == maybe ? 1 : 0);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
