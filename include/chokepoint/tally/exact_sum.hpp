#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// Exact sums of floats and of their squares: whole numbers wide enough for every exponent. So they do not depend on
/// the order of the values, on any machine.
///
/// A sum is kept as digits of 32 bits in words of 64, so that carries can wait: adding a value takes a few plain
/// additions of integers, which atomics can do too. carry() brings equal sums into the same form.
namespace chokepoint {

/// Digits of a sum in units of 2^-149 and of one of squares in units of 2^-298: room for 2^44 values of any size.
inline constexpr int sum_digits = 11, square_digits = 19;
inline constexpr int sum_unit = -149, square_unit = 2 * sum_unit;

/// Sums over some values of one measure in one month. Up to 2^27 additions between two carries.
struct RowSums {
  std::int64_t sum[sum_digits];
  std::int64_t square[square_digits];
  std::int32_t smallest_key, largest_key;  ///< order_key of the extremes; smallest > largest where there is none
};

inline constexpr RowSums empty_row_sums{{}, {}, no_smallest_key, no_largest_key};

/// Values are summed one band of octaves at a time: within a band, those with exponents top - 7 ... top, they become
/// whole numbers under 2^31.
inline constexpr std::int32_t band_octaves = 8;
/// Top of the lowest band, which ends with the least exponent that is not zero.
inline constexpr std::int32_t lowest_top = band_octaves;

inline namespace CHOKEPOINT_TARGET {

/// Adds number * 2^shift, in the units of the digits.
/// @param add called as add(digit, amount): a plain or an atomic addition
template <class Add>
CHOKEPOINT_INLINE void add_shifted(std::int64_t* digits, int shift, std::int64_t number, Add add) {
  const int first = shift >> 5, rest = shift & 31;
  const std::int64_t low = (number & 0xffffffffLL) << rest;
  const std::int64_t high = (number >> 32) * (std::int64_t{1} << rest);  // a signed shift
  add(digits + first, low & 0xffffffffLL);
  add(digits + first + 1, (low >> 32) + (high & 0xffffffffLL));
  add(digits + first + 2, high >> 32);
}

/// Whole number that a value is within its band, in units of 2^(top - 157); 0 for one outside.
/// @param inside all bits set where the value lies in the band
CHOKEPOINT_INLINE std::int32_t number_in_band(std::uint32_t bits, std::int32_t top, std::int32_t inside) {
  const std::uint32_t moved = bits + (static_cast<std::uint32_t>(157 - top) << 23);  // so that its last bit counts 1
  return static_cast<std::int32_t>(float_of(moved & static_cast<std::uint32_t>(inside)));
}

/// Adds the sums of a band.
/// @param square_high,square_low sums of the upper and lower 32 bits of their squares
template <class Add>
CHOKEPOINT_INLINE void add_band(RowSums& sums, std::int32_t top, std::int64_t sum, std::uint64_t square_high,
                                std::uint64_t square_low, Add add) {
  const int shift = top - lowest_top;
  add_shifted(sums.sum, shift, sum, add);
  add_shifted(sums.square, 2 * shift, static_cast<std::int64_t>(square_low), add);
  add_shifted(sums.square, 2 * shift + 32, static_cast<std::int64_t>(square_high), add);
}

}  // namespace CHOKEPOINT_TARGET

/// Takes every carry: digits below the last come to lie in [0, 2^32), and the last has the sign.
template <int digits>
void carry(std::int64_t (&sum)[digits]) {
  for (int k = 0; k + 1 < digits; ++k) {
    sum[k + 1] += sum[k] >> 32;
    sum[k] &= 0xffffffffLL;
  }
}

}  // namespace chokepoint
