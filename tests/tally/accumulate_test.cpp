#include "chokepoint/tally/accumulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using namespace tally_cases;

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

/// A whole number of any size, sign and all, in digits of 32 bits from the lowest: slow and plain.
class BigNumber {
 public:
  /// magnitude * 2^shift
  BigNumber(std::uint64_t magnitude = 0, int shift = 0) : digits_(40) {
    for (int bit = 0; bit < 64; ++bit)
      if ((magnitude >> bit & 1) != 0)
        digits_[static_cast<std::size_t>(bit + shift) / 32] |= 1ULL << (bit + shift) % 32;
  }
  /// Adds, with a sign; modulo 2^1280, as two's complement has it.
  void add(const BigNumber& other, bool negative) {
    std::uint64_t carried = negative ? 1 : 0;
    for (std::size_t k = 0; k < digits_.size(); ++k) {
      carried += digits_[k] + (negative ? ~other.digits_[k] & 0xffffffffU : other.digits_[k]);
      digits_[k] = carried & 0xffffffffU;
      carried >>= 32;
    }
  }
  bool equals(const std::int64_t* digits, int size) const {
    for (int k = 0; k < size; ++k)
      if (digits_[static_cast<std::size_t>(k)] != static_cast<std::uint32_t>(digits[k])) return false;
    return digits_[static_cast<std::size_t>(size)] == (digits[size - 1] < 0 ? 0xffffffffU : 0U);
  }

 private:
  std::vector<std::uint64_t> digits_;
};

/// Sums of a row by plain arithmetic.
struct PlainSums {
  BigNumber sum, square;
  std::int32_t smallest = no_smallest_key, largest = no_largest_key;
  void add(float x) {
    if (!std::isfinite(x) || x == missing_value) return;
    smallest = std::min(smallest, order_key(x));
    largest = std::max(largest, order_key(x));
    const std::uint32_t bits = bits_of(x), exponent = bits >> 23 & 255;
    if (exponent == 0) return;
    const std::uint64_t mantissa = (bits & 0x7fffff) | 0x800000;
    sum.add(BigNumber(mantissa, static_cast<int>(exponent) - 1), bits >> 31 != 0);
    square.add(BigNumber(mantissa * mantissa, 2 * static_cast<int>(exponent) - 2), false);
  }
};

/// Hostile samples: half of them any bits at all; others tiny, huge, close together, of a few values.
std::vector<float> hostile_values(std::uint64_t seed, int size) {
  std::vector<float> values;
  for (int i = 0; i < size; ++i) {
    const auto k = static_cast<std::uint64_t>(i);
    const auto bits = static_cast<std::uint32_t>(mixed(seed, k));
    const double x = normal(seed, k), sign = bits % 2 == 0 ? 1 : -1;
    switch (seed % 8) {
      case 0:
        values.push_back(float_of(bits));
        break;  // anything
      case 1:
        values.push_back(static_cast<float>(sign * std::exp(87 * (2 * uniform(seed, k) - 1))));
        break;
      case 2:
        values.push_back(static_cast<float>(1e6 + x));
        break;  // large mean
      case 3:
        values.push_back(bits % 100 == 0 ? 1e38F : static_cast<float>(1e-38 * (3 + x)));
        break;
      case 4:
        values.push_back(static_cast<float>(x));
        break;  // both signs
      case 5:
        values.push_back(bits % 3 == 0 ? missing_value : bits % 3 == 1 ? 0.0F : 3.3e38F);
        break;
      case 6:
        values.push_back(bits % 2 == 0 ? 1.0F : std::nextafter(1.0F, 2.0F));
        break;  // an ulp apart
      default:
        values.push_back(static_cast<float>(std::exp(10 * x)));
        break;
    }
  }
  return values;
}

TEST(AccumulateRow, CountsAndSumsEveryValueOnce) {
  for (std::uint64_t seed = 0; seed < 64; ++seed)
    for (const int paths : {0, 1, 17, 256, 257, 2000}) {
      const std::vector<float> values = hostile_values(seed, paths);
      const BinSpec spec{seed % 3 == 0 ? 6 : histogram_mantissa_bits, 0};
      Tallies tallies(make_tally_layout(1, {spec}, {}, 1));
      ThreadTallies thread(tallies.layout(), 3000);
      accumulate_row(thread.view(), 0, spec, values.data(), paths);
      thread.flush(tallies);
      PlainSums plain;
      std::map<std::int32_t, std::uint64_t> counts;
      for (const float x : values) plain.add(x), ++counts[bin_of(spec, x)];
      const MeasureTally& tally = tallies.at(0, 0);
      std::uint64_t numbers = 0;
      for (const auto& [bin, count] : counts) {
        ASSERT_EQ(tally.count(bin), count) << seed;
        numbers += bin == missing_bin || bin == invalid_bin ? 0 : count;
      }
      ASSERT_EQ(tally.defined(), numbers);
      ASSERT_TRUE(plain.sum.equals(tally.sums().sum, sum_digits)) << seed << " " << paths;
      ASSERT_TRUE(plain.square.equals(tally.sums().square, square_digits)) << seed << " " << paths;
      ASSERT_EQ(tally.sums().smallest_key, plain.smallest);
      ASSERT_EQ(tally.sums().largest_key, plain.largest);
    }
}

TEST(AccumulateRow, SumsHoldTheLargestValuesOfManyPaths) {
  const float largest = float_of(infinity_bits - 1);
  const Tallies part = sample(Scale::price, std::vector<float>(60000, -largest));
  Tallies tallies = part;
  for (int doubling = 0; doubling < 20; ++doubling) tallies.merge(Tallies(tallies));
  const Statistic s = statistic(tallies, 0, 0);
  EXPECT_EQ(s.defined, 60000ULL << 20);
  EXPECT_EQ(s.mean, -static_cast<double>(largest));
  EXPECT_EQ(s.variance, 0);
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
