#include "chokepoint/tally/accumulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using namespace tally_cases;

HistogramSpec spec_of(Scale scale) {
  return histogram_spec(histogram_range(scale), 0);
}

/// |value| / 2^(top - 53) cut to a whole number, by shifts alone.
Integer128 exact_fixed(float value, int top) {
  int exponent = 0;
  const double mantissa = std::frexp(static_cast<double>(value), &exponent);  // value = mantissa * 2^exponent
  const Integer128 whole = static_cast<Integer128>(std::ldexp(mantissa, 24));
  const int shift = exponent - 24 - (top - 53);
  if (shift >= 0) return whole * (static_cast<Integer128>(1) << shift);
  return shift < -100 ? 0 : whole / (static_cast<Integer128>(1) << -shift);
}

TEST(FixedPoint, SplitsEveryValueOfAScaleExactly) {
  for (const Scale scale : all_scales) {
    const HistogramSpec spec = spec_of(scale);
    const int top = spec.range.min_exponent + spec.range.octaves;
    for (std::uint32_t bits = 0; bits <= bits_of(spec.limit); bits += 4099)
      for (const float value : {float_of(bits), -float_of(bits)}) {
        const FixedPoint fixed = fixed_point_of(spec, value);
        const Integer128 sum = static_cast<Integer128>(fixed.high) * (1 << 22) + fixed.low;
        ASSERT_TRUE(sum == exact_fixed(value, top)) << value;
        if (std::fabs(value) >= std::ldexp(1.0F, spec.range.min_exponent)) {
          ASSERT_EQ(std::ldexp(static_cast<double>(sum), top - 53), static_cast<double>(value));
        }
      }
  }
}

TEST(FixedPoint, LeavesOutWhatIsNoNumberAndClampsWhatIsTooLarge) {
  const HistogramSpec spec = spec_of(Scale::price);
  for (const float value : {missing_value, -missing_value, INFINITY, -INFINITY, std::nanf("")}) {
    EXPECT_EQ(fixed_point_of(spec, value).high, 0);
    EXPECT_EQ(fixed_point_of(spec, value).low, 0);
  }
  EXPECT_EQ(fixed_point_of(spec, 1e9F).high, fixed_point_of(spec, spec.limit).high);
  EXPECT_EQ(fixed_point_of(spec, -1e9F).high, -fixed_point_of(spec, spec.limit).high);
}

TEST(OrderKey, RisesAndReturns) {
  const std::vector<float> rising = {-3e37F, -2.0F, -1e-40F, -0.0F, 0.0F, 1e-40F, 1.0F, 1.5F, 3e37F};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    EXPECT_EQ(bits_of(from_order_key(order_key(rising[i]))), bits_of(rising[i]));
    if (i > 0) {
      EXPECT_LT(order_key(rising[i - 1]), order_key(rising[i]));
    }
  }
}

std::vector<float> some_values(int measure, int paths) {
  std::vector<float> values;
  for (int i = 0; i < paths; ++i) values.push_back(value(static_cast<std::uint64_t>(i), 1, measure));
  return values;
}

TEST(AccumulateRow, CountsAndSumsEveryValueOnce) {
  for (int k = 0; k < 7; ++k)
    for (const int paths : {0, 1, 15, 16, 17, 255, 256, 257, 1000}) {
      const HistogramSpec spec = spec_of(all_scales[k]);
      const std::vector<float> row = some_values(k, paths);
      std::vector<std::uint32_t> counts(spec.bins), expected(spec.bins);
      RowSums sums = empty_row_sums, one_by_one = empty_row_sums;
      accumulate_row(spec, row.data(), paths, counts.data(), sums);
      for (const float x : row) {
        ++expected[static_cast<std::size_t>(bin_of(spec, x))];
        add_value(one_by_one, spec, x);
      }
      ASSERT_EQ(counts, expected);
      ASSERT_EQ(sums.high, one_by_one.high);
      ASSERT_EQ(sums.low, one_by_one.low);
      ASSERT_EQ(sums.square_high, one_by_one.square_high);
      ASSERT_EQ(sums.square_low, one_by_one.square_low);
      ASSERT_EQ(sums.smallest_key, one_by_one.smallest_key);
      ASSERT_EQ(sums.largest_key, one_by_one.largest_key);
    }
}

TEST(AccumulateRow, MatchesSumsIn128Bits) {
  const HistogramSpec spec = spec_of(Scale::signed_value);
  const std::vector<float> row = some_values(6, 50000);
  std::vector<std::uint32_t> counts(spec.bins);
  RowSums sums = empty_row_sums;
  accumulate_row(spec, row.data(), 50000, counts.data(), sums);
  Integer128 high = 0, low = 0, square = 0;
  for (const float x : row) {
    const FixedPoint fixed = fixed_point_of(spec, x);
    high += fixed.high;
    low += fixed.low;
    square += static_cast<Integer128>(fixed.high) * fixed.high;
  }
  Moments moments;
  add(moments, sums);
  EXPECT_TRUE(moments.high == high && moments.low == low && moments.square == square);
}

TEST(AccumulateRow, SumsHoldTheLargestValuesOfManyPaths) {
  const HistogramSpec spec = spec_of(Scale::price);
  std::vector<float> row(60000, -1e9F);
  std::vector<std::uint32_t> counts(spec.bins);
  RowSums sums = empty_row_sums;
  accumulate_row(spec, row.data(), 60000, counts.data(), sums);
  const FixedPoint fixed = fixed_point_of(spec, -spec.limit);
  EXPECT_EQ(sums.high, 60000LL * fixed.high);
  EXPECT_EQ(counts[0], 60000U);
  Moments moments;
  for (int i = 0; i < 1000; ++i) add(moments, sums);
  EXPECT_TRUE(moments.square == static_cast<Integer128>(fixed.high) * fixed.high * 60000000);
}

TEST(Checksum, ChangesWithEverySingleBit) {
  std::vector<float> values;
  for (int k = 0; k < 7; ++k) values.push_back(value(3, 2, k));
  values[3] = 12.5F;
  const auto checksum = [](const std::vector<float>& row, std::uint64_t path) {
    ChecksumState state = checksum_start(path);
    for (const float x : row) state = checksum_add(state, x);
    return checksum_finish(state);
  };
  const std::uint64_t whole = checksum(values, 42);
  EXPECT_NE(checksum(values, 43), whole);
  EXPECT_NE(checksum(values, 42 + (1ULL << 32)), whole);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (int bit = 0; bit < 32; ++bit) {
      std::vector<float> changed = values;
      changed[i] = float_of(bits_of(values[i]) ^ 1U << bit);
      if (std::isnan(values[i]) && std::isnan(changed[i])) continue;
      ASSERT_NE(checksum(changed, 42), whole) << "value " << i << ", bit " << bit;
    }
  std::swap(values[3], values[6]);
  EXPECT_NE(checksum(values, 42), whole);
}

TEST(Checksum, TwoFlippedSignsDoNotCancel) {
  for (std::uint64_t path = 0; path < 1000; ++path) {
    ChecksumState a = checksum_start(path), b = a;
    for (int k = 0; k < 5; ++k) {
      const float x = static_cast<float>(1 + uniform(path, 1, static_cast<std::uint64_t>(k)));
      a = checksum_add(a, x);
      b = checksum_add(b, k == 1 || k == 2 ? -x : x);
    }
    ASSERT_NE(a.hash, b.hash);
    ASSERT_NE(a.trail, b.trail);
  }
}

TEST(Checksum, RowsAgreeWithSinglePathsAndNaNsAreOne) {
  std::vector<float> row = some_values(0, 300);
  row[7] = float_of(0x7fc00000U);
  std::vector<std::uint32_t> hash(300), trail(300);
  for (std::uint32_t i = 0; i < 300; ++i) hash[i] = i;
  checksum_row(row.data(), 300, hash.data(), trail.data());
  row[7] = float_of(0xffc00abcU);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const ChecksumState state = checksum_add(checksum_start(i), row[i]);
    ASSERT_EQ(hash[i], state.hash);
    ASSERT_EQ(trail[i], state.trail);
  }
}

}  // namespace
}  // namespace chokepoint
