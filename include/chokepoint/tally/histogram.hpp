#pragma once

#include <cstdint>

#include "chokepoint/base/host_device.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/numeric/scalar.hpp"

/// Histograms made from the bits of a float: sign, exponent and the top mantissa bits give the bin. Every finite float
/// has one, so that values cannot leave the scale of their measure. The bins of an octave are equally wide, every bin
/// is narrow compared with its values, and no arithmetic rounds. Of its two edges a bin includes the one nearer to
/// zero.
///
/// Bins are numbered in the order of their values, octave by octave: octave 255 - e holds the values of
/// (-2^(e-126), -2^(e-127)], octave 256 + e those of [2^(e-127), 2^(e-126)), for the exponents e = 1 ... 254 of a
/// float. What lies in no octave has a negative number: zero_bin, missing_bin, invalid_bin.
namespace chokepoint {

/// An octave has 2^this bins in the tallies of a run. A bin is at most 2^-8 = 0.39 % of its value wide, which bounds
/// the error of a quantile.
inline constexpr int histogram_mantissa_bits = 8;

inline constexpr int octave_numbers = 512, middle_octave = 256;  ///< the middle one would be zero's

inline constexpr std::int32_t zero_bin = -3;     ///< |value| < 2^-126, which count as zero
inline constexpr std::int32_t missing_bin = -2;  ///< the bits of missing_value
inline constexpr std::int32_t invalid_bin = -1;  ///< NaN or infinite
inline constexpr std::int32_t special_bins = 3;

/// How the values of one measure are binned.
struct BinSpec {
  std::int32_t mantissa_bits;  ///< 0 to 8
  std::int32_t is_discrete;    ///< 1: values are whole numbers, so a bin stands for its edge nearer to zero
};

inline namespace CHOKEPOINT_TARGET {

/// a where the mask has its bits set, otherwise b. Masks, because compilers turn repeated `?:` back into branches, and
/// a loop with branches does not vectorise.
CHOKEPOINT_INLINE std::int32_t choose(std::int32_t mask, std::int32_t a, std::int32_t b) {
  return (mask & a) | (~mask & b);
}

inline constexpr std::uint32_t least_normal = 0x00800000U, infinity_bits = 0x7f800000U;

/// Values that statistics leave out: missing_value, NaN and infinities.
CHOKEPOINT_INLINE std::int32_t unusable_mask(std::uint32_t bits) {
  const std::int32_t finite = static_cast<std::int32_t>((bits & 0x7fffffffU) - infinity_bits) >> 31;
  return ~finite | -static_cast<std::int32_t>(bits == bits_of(missing_value));
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
inline constexpr std::int32_t no_smallest_key = 0x7fffffff;
inline constexpr std::int32_t no_largest_key = -0x7fffffff - 1;

CHOKEPOINT_INLINE std::int32_t smallest_key(float value) {
  return choose(unusable_mask(bits_of(value)), no_smallest_key, order_key(value));
}

CHOKEPOINT_INLINE std::int32_t largest_key(float value) {
  return choose(unusable_mask(bits_of(value)), no_largest_key, order_key(value));
}

/// Bin of a value, for every float there is. Integer operations and selects only.
CHOKEPOINT_INLINE std::int32_t bin_of(const BinSpec& spec, float value) {
  const std::uint32_t bits = bits_of(value);
  const std::int32_t unusable = unusable_mask(bits);
  const std::int32_t tiny = static_cast<std::int32_t>((bits & 0x7fffffffU) - least_normal) >> 31;
  const std::uint32_t rising = static_cast<std::uint32_t>(order_key(value)) ^ 0x80000000U;
  const std::int32_t bin = choose(tiny, zero_bin, static_cast<std::int32_t>(rising >> (23 - spec.mantissa_bits)));
  return choose(unusable, invalid_bin - (bits == bits_of(missing_value) ? 1 : 0), bin);
}

/// Octave of a bin that has one.
CHOKEPOINT_INLINE std::int32_t octave_of(const BinSpec& spec, std::int32_t bin) {
  return bin >> spec.mantissa_bits;
}

/// Least magnitude in a bin of an octave: of its two edges the one nearer to zero, with its sign.
CHOKEPOINT_INLINE float inner_edge(const BinSpec& spec, std::int32_t bin) {
  const bool is_negative = octave_of(spec, bin) < middle_octave;
  const std::uint32_t rising = static_cast<std::uint32_t>(is_negative ? bin + 1 : bin) << (23 - spec.mantissa_bits);
  return from_order_key(static_cast<std::int32_t>((is_negative ? rising - 1 : rising) ^ 0x80000000U));
}

/// The other edge, which belongs to the next bin; a double, because that of the last bin is no float.
CHOKEPOINT_INLINE double outer_edge(const BinSpec& spec, std::int32_t bin) {
  const std::int32_t octave = octave_of(spec, bin);
  const std::int32_t exponent = octave < middle_octave ? middle_octave - 1 - octave : octave - middle_octave;
  const double inner = static_cast<double>(inner_edge(spec, bin));
  const double octave_start = static_cast<double>(float_of(static_cast<std::uint32_t>(exponent) << 23));
  const double width = octave_start / static_cast<double>(1 << spec.mantissa_bits);
  return inner < 0 ? inner - width : inner + width;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
