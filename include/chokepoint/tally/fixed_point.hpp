#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// Sums that do not depend on their order: every value becomes an integer, and integers add the same way in any order,
/// on any machine. Multiplying by a power of two is exact, and conversion to an integer cuts towards zero everywhere.
namespace chokepoint {

/// value = (high + low / 2^22) / scale, high in (-2^31, 2^31), low in (-2^22, 2^22) and of the same sign. Exact for
/// every float from 2^-30 of the top of its scale, so for all of every scale; smaller ones are cut at 2^-53 of the top.
struct FixedPoint {
  std::int32_t high, low;
};

inline constexpr float fixed_point_low_scale = 4194304.0F;

/// Sums over some values of one measure in one month, at most 2^31 of them.
struct RowSums {
  std::int64_t high, low;                  ///< sums of the parts of FixedPoint
  std::uint64_t square_high, square_low;   ///< sums of the upper and lower 32 bits of high * high
  std::int32_t smallest_key, largest_key;  ///< order_key of the extremes; smallest > largest where there is none
};

inline constexpr std::int32_t no_smallest_key = 0x7fffffff;
inline constexpr std::int32_t no_largest_key = -0x7fffffff - 1;
inline constexpr RowSums empty_row_sums{0, 0, 0, 0, no_smallest_key, no_largest_key};

inline namespace CHOKEPOINT_TARGET {

/// Fixed-point form of a value, zero for one that is not usable; values outside the scale count as its limit.
CHOKEPOINT_INLINE FixedPoint fixed_point_of(const HistogramSpec& spec, float value) {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t magnitude = bits & 0x7fffffffU, limit = bits_of(spec.limit);
  const std::uint32_t inside = (magnitude > limit ? limit : magnitude) | (bits & 0x80000000U);
  const float scaled = float_of(inside & ~static_cast<std::uint32_t>(unusable_mask(bits))) * spec.scale;
  const std::int32_t high = static_cast<std::int32_t>(scaled);
  const float rest = scaled - static_cast<float>(high);  // exact: high holds the leading bits of the 24 that scaled has
  return {high, static_cast<std::int32_t>(rest * fixed_point_low_scale)};
}

/// Integers in the order of the floats they stand for (-0 just under +0). Its own inverse on the bits.
CHOKEPOINT_INLINE std::int32_t order_key(float value) {
  const std::int32_t bits = static_cast<std::int32_t>(bits_of(value));
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

CHOKEPOINT_INLINE float from_order_key(std::int32_t key) {
  return float_of(static_cast<std::uint32_t>(key ^ ((key >> 31) & 0x7fffffff)));
}

/// Keys of a value for the least and the greatest: neutral for one that is not usable.
CHOKEPOINT_INLINE std::int32_t smallest_key(float value) {
  return choose(unusable_mask(bits_of(value)), no_smallest_key, order_key(value));
}

CHOKEPOINT_INLINE std::int32_t largest_key(float value) {
  return choose(unusable_mask(bits_of(value)), no_largest_key, order_key(value));
}

/// Adds the sums of other values of the same measure and month.
CHOKEPOINT_INLINE void add_sums(RowSums& sums, const RowSums& other) {
  sums.high += other.high;
  sums.low += other.low;
  sums.square_high += other.square_high;
  sums.square_low += other.square_low;
  sums.smallest_key = other.smallest_key < sums.smallest_key ? other.smallest_key : sums.smallest_key;
  sums.largest_key = other.largest_key > sums.largest_key ? other.largest_key : sums.largest_key;
}

/// Adds one value: what accumulate_row does, for engines that hold one value at a time.
CHOKEPOINT_INLINE void add_value(RowSums& sums, const HistogramSpec& spec, float value) {
  const FixedPoint fixed = fixed_point_of(spec, value);
  const std::int64_t high = fixed.high;
  const std::uint64_t square = static_cast<std::uint64_t>(high * high);
  add_sums(sums, {high, fixed.low, square >> 32, square & 0xffffffffU, smallest_key(value), largest_key(value)});
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
