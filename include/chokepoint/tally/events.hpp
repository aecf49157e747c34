#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// First passages: the month in which a condition on a measure first holds on a path, and how long it lasts.
namespace chokepoint {

/// The condition `value > threshold` (above) or `value < threshold`; a relative threshold is a multiple of the path's
/// own value in month 0. A value that is missing or invalid fulfils no condition.
struct EventRule {
  std::int32_t measure, above, relative;
  float threshold;
};

inline constexpr std::int32_t not_yet = -1;

/// What one path has seen of one event so far.
struct EventState {
  float level;                  ///< the threshold in the units of the measure; NaN until month 0 gives it
  std::int32_t first_month;     ///< month of first passage or not_yet
  std::int32_t recovery_month;  ///< first month after it in which the condition failed, or not_yet
};

inline namespace CHOKEPOINT_TARGET {

CHOKEPOINT_INLINE EventState event_start() {
  return {0.0F, not_yet, not_yet};
}

/// Takes the value of one month, months in order from 0.
CHOKEPOINT_INLINE EventState event_step(const EventRule& rule, EventState state, int month, float value) {
  const bool usable = unusable_mask(bits_of(value)) == 0;
  if (month == 0) {
    const float reference = usable ? value * rule.threshold : float_of(0x7fc00000U);
    state.level = rule.relative != 0 ? reference : rule.threshold;
  }
  const bool holds = usable & (rule.above != 0 ? value > state.level : value < state.level);
  const bool passed = state.first_month != not_yet;
  if (!passed & holds) state.first_month = month;
  if (passed & !holds & (state.recovery_month == not_yet)) state.recovery_month = month;
  return state;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
