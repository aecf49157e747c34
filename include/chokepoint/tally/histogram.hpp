#pragma once

#include <cstdint>

#include "chokepoint/base/host_device.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/numeric/scalar.hpp"

/// Histograms straight from the bits of a float: the exponent and the top mantissa bits are the bin, so the bins of an
/// octave are equally wide, every bin is narrow against its value, and no arithmetic is rounded on the way. Of its
/// two edges a bin owns the one nearer to zero.
///
/// Bins of one histogram, in the order of their values:
///   0                       below the range (a negative value where the scale has no sign)
///   1 .. zero_bin-1         negative values, the largest magnitude first (only with a sign)
///   zero_bin                |value| < 2^min_exponent, zero included
///   zero_bin+1 ..           positive values, 2^mantissa_bits bins an octave
///   bins-3                  2^(min_exponent+octaves) and above
///   bins-2                  missing_value
///   bins-1                  invalid: NaN or infinite
namespace chokepoint {

/// Bins an octave are 2^this. A bin is at most 2^-8 = 0.39 % of its value wide, and that bounds the error of a quantile
/// wherever inside its bin it is put.
inline constexpr int histogram_mantissa_bits = 8;

/// What a histogram covers: |value| in [2^min_exponent, 2^(min_exponent + octaves)).
struct HistogramRange {
  std::int32_t min_exponent, octaves, mantissa_bits;
  std::int32_t has_sign;     ///< 1: negative values have bins of their own
  std::int32_t is_discrete;  ///< 1: values are whole numbers, so a bin stands for its lower edge
};

/// A range lowered to the integers that `bin_of` needs, and the place of the histogram among those of a month.
struct HistogramSpec {
  HistogramRange range;
  std::int32_t shift;      ///< bits of a magnitude dropped
  std::int32_t first_key;  ///< (magnitude of 2^min_exponent) >> shift
  std::int32_t regular;    ///< bins of one sign
  std::int32_t zero_bin;
  std::uint32_t first_bin;  ///< offset of bin 0 within the counts of a month
  std::uint32_t bins;
  float limit;  ///< largest float below 2^(min_exponent + octaves); values beyond count as this in sums
  float scale;  ///< value * scale lies in (-2^31, 2^31): fixed_point.hpp
};

inline namespace CHOKEPOINT_TARGET {

/// 2^exponent, for -126 <= exponent <= 127.
CHOKEPOINT_INLINE float power_of_two(int exponent) {
  return float_of(static_cast<std::uint32_t>(exponent + 127) << 23);
}

/// a where the mask has its bits set, otherwise b. Masks, because compilers turn repeated `?:` back into branches, and
/// a loop with branches does not vectorise.
CHOKEPOINT_INLINE std::int32_t choose(std::int32_t mask, std::int32_t a, std::int32_t b) {
  return (mask & a) | (~mask & b);
}

/// Values that statistics leave out: missing_value, and everything invalid: NaN, infinities and finite magnitudes
/// beyond missing_value (with -missing_value), which no model has meant.
CHOKEPOINT_INLINE std::int32_t unusable_mask(std::uint32_t bits) {
  return (static_cast<std::int32_t>(bits_of(missing_value)) - 1 - static_cast<std::int32_t>(bits & 0x7fffffffU)) >> 31;
}

/// Range of a scale. Counts and flags are whole numbers; 7 bits hold those below 256 exactly.
CHOKEPOINT_INLINE HistogramRange histogram_range(Scale scale) {
  constexpr int bits = histogram_mantissa_bits;
  switch (scale) {
    case Scale::price:
      return {-8, 20, bits, 0, 0};
    case Scale::quantity:
      return {-6, 28, bits, 0, 0};
    case Scale::share:
      return {-12, 13, bits, 0, 0};
    case Scale::concentration:
      return {2, 12, bits, 0, 0};
    case Scale::count:
      return {0, 8, 7, 0, 1};
    case Scale::flag:
      return {0, 1, 0, 0, 1};
    case Scale::signed_value:
      break;
  }
  return {-10, 20, bits, 1, 0};
}

/// Lowers a range; `first_bin` is where its counts start within those of a month.
CHOKEPOINT_INLINE HistogramSpec histogram_spec(HistogramRange range, std::uint32_t first_bin) {
  const int max_exponent = range.min_exponent + range.octaves;
  const int regular = range.octaves << range.mantissa_bits;
  const int zero_bin = range.has_sign ? regular + 1 : 1;
  const int shift = 23 - range.mantissa_bits;
  return {range,
          shift,
          static_cast<std::int32_t>(bits_of(power_of_two(range.min_exponent)) >> shift),
          regular,
          zero_bin,
          first_bin,
          static_cast<std::uint32_t>(zero_bin + regular + 4),
          float_of(bits_of(power_of_two(max_exponent)) - 1),
          power_of_two(31 - max_exponent)};
}

CHOKEPOINT_INLINE std::int32_t overflow_bin(const HistogramSpec& spec) {
  return spec.zero_bin + spec.regular + 1;
}
CHOKEPOINT_INLINE std::int32_t missing_bin(const HistogramSpec& spec) {
  return spec.zero_bin + spec.regular + 2;
}
CHOKEPOINT_INLINE std::int32_t invalid_bin(const HistogramSpec& spec) {
  return spec.zero_bin + spec.regular + 3;
}

/// Bin of a value, 0 <= bin < spec.bins, for every float there is. Integer operations and selects only.
CHOKEPOINT_INLINE std::int32_t bin_of(const HistogramSpec& spec, float value) {
  const std::uint32_t bits = bits_of(value);
  std::int32_t step = static_cast<std::int32_t>((bits & 0x7fffffffU) >> spec.shift) - spec.first_key + 1;
  step = step < 0 ? 0 : step;                                // near zero
  step = step > spec.regular + 1 ? spec.regular + 1 : step;  // overflow
  const std::int32_t sign = static_cast<std::int32_t>(bits) >> 31;
  const std::int32_t mirrored = spec.zero_bin + ((step ^ sign) - sign);
  const std::int32_t bin = mirrored < 0 ? 0 : mirrored;
  const std::int32_t unusable = invalid_bin(spec) - (bits == bits_of(missing_value) ? 1 : 0);
  return choose(unusable_mask(bits), unusable, bin);
}

/// Lower edge of positive bin `step` counted from the zero bin: 0 at step 0, 2^min_exponent at step 1.
CHOKEPOINT_INLINE float step_edge(const HistogramSpec& spec, std::int32_t step) {
  return step <= 0 ? 0.0F : float_of(static_cast<std::uint32_t>(spec.first_key + step - 1) << spec.shift);
}

/// Lower edge of a bin that holds numbers (not missing, not invalid). The lowest bin starts at -limit.
CHOKEPOINT_INLINE float bin_low(const HistogramSpec& spec, std::int32_t bin) {
  if (bin == 0) return -spec.limit;
  if (bin < spec.zero_bin) return -step_edge(spec, spec.zero_bin - bin + 1);
  if (bin == spec.zero_bin) return spec.range.has_sign ? -step_edge(spec, 1) : 0.0F;
  return step_edge(spec, bin - spec.zero_bin);
}

/// Upper edge of a bin that holds numbers. The overflow bin has none: its lower edge, 2^(min_exponent + octaves).
CHOKEPOINT_INLINE float bin_high(const HistogramSpec& spec, std::int32_t bin) {
  if (bin == 0) return spec.range.has_sign ? -spec.limit : 0.0F;
  if (bin < spec.zero_bin) return -step_edge(spec, spec.zero_bin - bin);
  if (bin == overflow_bin(spec)) return step_edge(spec, spec.regular + 1);
  return step_edge(spec, bin - spec.zero_bin + 1);
}

/// The value a bin stands for: the middle, zero for the bin around zero, the lower edge for whole numbers.
CHOKEPOINT_INLINE float bin_middle(const HistogramSpec& spec, std::int32_t bin) {
  if (bin == spec.zero_bin) return 0.0F;
  const float low = bin_low(spec, bin);
  return spec.range.is_discrete && bin > 0 ? low : low + 0.5F * (bin_high(spec, bin) - low);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
