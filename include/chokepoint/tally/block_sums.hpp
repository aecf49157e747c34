#pragma once

#include "chokepoint/tally/block_counts.hpp"

/// Adds blocks of values to the exact sums of their row.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// What a pass over a band of octaves finds beside the numbers. Sums of halves, so that those of a block stay within 32
/// bits.
struct BandSums {
  std::int32_t upper, lower;  ///< of the upper and lower 16 bits of the numbers
  std::int32_t below;         ///< greatest magnitude under the band, as bits
};

/// Whole numbers of the values of a band up to a magnitude.
inline BandSums scan_band(const float* __restrict row, int paths, std::int32_t top, std::int32_t greatest,
                          std::int32_t* __restrict numbers) {
  const std::int32_t low = (top - band_octaves + 1) << 23;
  const std::int32_t missing = static_cast<std::int32_t>(bits_of(missing_value));
  std::int32_t upper = 0, lower = 0, below = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bits = static_cast<std::int32_t>(bits_of(row[path]));
    const std::int32_t magnitude = bits & 0x7fffffff;
    const std::int32_t under = (magnitude - low) >> 31, over = (greatest - magnitude) >> 31;
    const std::int32_t inside = ~(under | over | -static_cast<std::int32_t>(bits == missing));
    const std::int32_t number = number_in_band(static_cast<std::uint32_t>(bits), top, inside);
    numbers[path] = number;
    upper += number >> 16;
    lower += number & 0xffff;
    const std::int32_t rest = magnitude & under;
    below = rest > below ? rest : below;
  }
  return {upper, lower, below};
}

/// The same where every value lies in the band.
inline BandSums scan_whole_band(const float* __restrict row, int paths, std::int32_t top,
                                std::int32_t* __restrict numbers) {
  std::int32_t upper = 0, lower = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t number = number_in_band(bits_of(row[path]), top, -1);
    numbers[path] = number;
    upper += number >> 16;
    lower += number & 0xffff;
  }
  return {upper, lower, 0};
}

/// Sums of the squares of up to 2^32 numbers, of their upper and lower 32 bits.
struct SquareSums {
  std::uint64_t high, low;
};

inline SquareSums squares_of_block(const std::int32_t* __restrict numbers, int paths) {
  std::uint64_t upper = 0, wrapped = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int64_t number = numbers[path];
    const std::uint64_t square = static_cast<std::uint64_t>(number * number);
    upper += square >> 32;
    wrapped += square;
  }
  return {upper, wrapped - (upper << 32)};  // the lower halves alone: exact modulo 2^64, and they fit
}

inline std::int32_t magnitude_of_key(std::int32_t key) {
  return static_cast<std::int32_t>(bits_of(from_order_key(key)) & 0x7fffffffU);
}

inline std::int32_t top_of_band(std::int32_t magnitude) {
  return magnitude >> 23 < lowest_top ? lowest_top : magnitude >> 23;
}

inline void add_numbers(const std::int32_t* numbers, int paths, std::int32_t top, const BandSums& band, RowSums& sums) {
  const SquareSums squares = squares_of_block(numbers, paths);
  const std::int64_t sum = static_cast<std::int64_t>(band.upper) * 65536 + band.lower;
  add_band(sums, top, sum, squares.high, squares.low,
           [](std::int64_t* digit, std::int64_t amount) { *digit += amount; });
}

/// Adds a block to the sums of its row, band by band from the top; one is most often all there is.
inline void sum_block(const float* row, int paths, const BlockRange& range, RowSums& sums) {
  if (range.smallest_key > range.largest_key) return;
  sums.smallest_key = range.smallest_key < sums.smallest_key ? range.smallest_key : sums.smallest_key;
  sums.largest_key = range.largest_key > sums.largest_key ? range.largest_key : sums.largest_key;
  const std::int32_t a = magnitude_of_key(range.smallest_key), b = magnitude_of_key(range.largest_key);
  const std::int32_t least = a < b ? a : b;
  std::int32_t greatest = a > b ? a : b, numbers[tally_block];
  const bool has_one_sign = (range.smallest_key ^ range.largest_key) >= 0;
  if (range.least_bin >= 0 && has_one_sign && least >> 23 > top_of_band(greatest) - band_octaves) {
    const std::int32_t top = top_of_band(greatest);
    return add_numbers(numbers, paths, top, scan_whole_band(row, paths, top, numbers), sums);
  }
  while (greatest >= static_cast<std::int32_t>(least_normal)) {
    const std::int32_t top = top_of_band(greatest);
    const BandSums band = scan_band(row, paths, top, greatest, numbers);
    add_numbers(numbers, paths, top, band, sums);
    greatest = band.below;
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
