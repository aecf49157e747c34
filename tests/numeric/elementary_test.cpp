#include "numeric/kinds.hpp"

#include <limits>
#include <string>

#include "chokepoint/numeric/draws.hpp"

namespace chokepoint::test {
namespace {

constexpr std::uint32_t sign_bit = 0x80000000u;
constexpr std::uint32_t infinity = 0x7f800000u;

/// The hashes are the contract: any engine, compiler and instruction set gives these bits. They change only together
/// with the polynomials, and then every stored result of the project changes.
TYPED_TEST(EveryFloatKind, ElementaryFunctionsAreFrozen) {
  using N = TypeParam;
  const auto exponential = [](N x) { return exp2(x); };
  const auto logarithm = [](N x) { return log2(x); };
  EXPECT_EQ(hash_of_sweep<N>(Patterns(0, infinity, 2039), exponential), 0x65e2021a5f857da8u);
  EXPECT_EQ(hash_of_sweep<N>(Patterns(sign_bit, sign_bit | infinity, 2039), exponential), 0xce65faeb139887c3u);
  EXPECT_EQ(hash_of_sweep<N>(Patterns(0, infinity - 1, 2039), logarithm), 0x356328fb7f34c50fu);
  EXPECT_EQ(hash_of_sweep<N>(Patterns(pattern_of(0.5f), pattern_of(2.0f), 61), logarithm), 0xec83d3403c4e6913u);
  std::uint32_t k = 0;
  const auto grid = [&](float& u) {
    u = uniform<float>(k << 9);
    return (k += 31) < (1u << 23);
  };
  EXPECT_EQ(hash_of_sweep<N>(grid, [](N u) { return normal_quantile(u); }), 0x23f7f1c45751b73cu);
}

TYPED_TEST(EveryFloatKind, PowerFollowsItsDefinition) {
  const TypeParam got = power(TypeParam(3.0f), 2.5f);
  EXPECT_EQ(lane(got, lane_count<TypeParam> - 1), exp2(2.5f * log2(3.0f)));
}

TEST(Exp2, WithinItsBound) {
  double worst = 0;
  for (std::uint64_t p = 0; p <= pattern_of(127.0f); p += stride()) {
    const float x = from_pattern(std::uint32_t(p));
    worst = std::fmax(worst, error_in_ulp(exp2(x), std::exp2(static_cast<long double>(x))));
    if (x <= 126) worst = std::fmax(worst, error_in_ulp(exp2(-x), std::exp2(-static_cast<long double>(x))));
  }
  RecordProperty("worst_ulp", std::to_string(worst));
  EXPECT_LT(worst, 0.8);
}

TEST(Exp2, IsExactAtWholeNumbersClampsAndKeepsNaN) {
  for (int n = -126; n <= 127; ++n) ASSERT_EQ(exp2(static_cast<float>(n)), std::ldexp(1.0f, n));
  EXPECT_EQ(exp2(-1e30f), 0x1p-126f);
  EXPECT_EQ(exp2(-INFINITY), 0x1p-126f);
  EXPECT_EQ(exp2(1e30f), 0x1p127f);
  EXPECT_TRUE(std::isnan(exp2(NAN)));
  EXPECT_TRUE(std::isnan(exp2(from_pattern(0x7fffffffu))));
}

TEST(Log2, WithinItsBound) {
  double worst = 0;
  for (std::uint64_t p = pattern_of(0x1p-126f); p < infinity; p += stride()) {
    const float x = from_pattern(std::uint32_t(p));
    worst = std::fmax(worst, error_in_ulp(log2(x), std::log2(static_cast<long double>(x))));
  }
  for (std::uint32_t p = pattern_of(0.5f); p < pattern_of(2.0f); p += stride() == 1 ? 1 : 29) {
    const float x = from_pattern(p);
    if (x != 1) worst = std::fmax(worst, error_in_ulp(log2(x), std::log2(static_cast<long double>(x))));
  }
  RecordProperty("worst_ulp", std::to_string(worst));
  EXPECT_LT(worst, 1.9);
}

TEST(Log2, IsExactAtPowersOfTwoClampsAndKeepsNaN) {
  for (int n = -126; n <= 127; ++n) ASSERT_EQ(log2(std::ldexp(1.0f, n)), static_cast<float>(n));
  EXPECT_EQ(log2(0.0f), -126.0f);
  EXPECT_EQ(log2(-1.0f), -126.0f);
  EXPECT_TRUE(std::isnan(log2(NAN)));
  EXPECT_TRUE(std::isnan(log2(from_pattern(0x7fffffffu))));
  EXPECT_TRUE(std::isnan(log2(INFINITY)));
}

/// The error of z as a quantile of u: what the distribution function misses, divided by its slope.
long double quantile_error(long double z, double u) {
  const bool upper = u > 0.5;
  const long double tail = upper ? 1 - static_cast<long double>(u) : static_cast<long double>(u);
  const long double distance = upper ? z : -z;
  const long double missed = std::erfc(distance / std::sqrt(2.0L)) / 2 - tail;
  return std::fabs(missed) * std::sqrt(8 * std::atan(1.0L)) * std::exp(z * z / 2);
}

TEST(NormalQuantile, WithinItsBoundAndOdd) {
  long double worst = 0, worst_double = 0;
  const std::uint32_t step = stride() == 1 ? 1 : 31;
  for (std::uint32_t k = 0; k < (1u << 23); k += k < 2000 ? 1 : step) {
    const float u = uniform<float>(k << 9);
    const double exact_u = uniform<double>(k << 9);
    worst = std::fmax(worst, quantile_error(static_cast<long double>(normal_quantile(u)), exact_u));
    worst_double = std::fmax(worst_double, quantile_error(static_cast<long double>(normal_quantile(exact_u)), exact_u));
    ASSERT_EQ(normal_quantile(1.0f - u), -normal_quantile(u));
    ASSERT_EQ(normal_quantile(1.0 - exact_u), -normal_quantile(exact_u));
  }
  RecordProperty("worst_float", std::to_string(1e6L * worst) + "e-6");
  RecordProperty("worst_double", std::to_string(1e12L * worst_double) + "e-12");
  EXPECT_LT(worst, 2e-6L);
  EXPECT_LT(worst_double, 1e-12L);
}

TEST(DoubleFunctions, WithinTheirBounds) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> whole_range(-1022, 1024);
  long double worst_exp2 = 0, worst_log2 = 0;
  for (int i = 0; i < 200000; ++i) {
    const double x = whole_range(random);
    const long double exact = std::exp2(static_cast<long double>(x));
    worst_exp2 = std::fmax(worst_exp2, std::fabs(static_cast<long double>(exp2(x)) / exact - 1));
    const double near_one = 1 + x / 2100 * std::exp2(static_cast<double>(-i % 40));
    for (double y : {static_cast<double>(exact), near_one}) {
      const long double logarithm = std::log2(static_cast<long double>(y));
      if (logarithm == 0) continue;
      worst_log2 = std::fmax(worst_log2, std::fabs((static_cast<long double>(log2(y)) - logarithm) / logarithm));
    }
  }
  EXPECT_LT(worst_exp2, 3e-16L);
  EXPECT_LT(worst_log2, 1e-15L);
  EXPECT_EQ(log2(1.0), 0.0);
  EXPECT_EQ(log2(0.0), -1074.0);
  EXPECT_EQ(log2(-1.0), -1074.0);
  EXPECT_EQ(exp2(-1e9), 0x1p-1074);
  EXPECT_LT(exp2(1e9), HUGE_VAL);
  EXPECT_NEAR(exp2(1e9) / std::numeric_limits<double>::max(), 1, 1e-12);
  EXPECT_TRUE(std::isnan(exp2(static_cast<double>(NAN))) && std::isnan(log2(static_cast<double>(NAN))));
}

/// Over the whole range of double, subnormal numbers included.
TEST(DoubleFunctions, AreExactAtPowersOfTwo) {
  for (int n = -1074; n <= 1023; ++n) {
    ASSERT_EQ(exp2(static_cast<double>(n)), std::ldexp(1.0, n));
    ASSERT_EQ(log2(std::ldexp(1.0, n)), static_cast<double>(n));
  }
  for (const double x : {-1023.5, -1060.25, -1073.4}) {
    EXPECT_NEAR(exp2(x), std::exp2(x), 0x1p-1074);
    EXPECT_NEAR(log2(std::exp2(x)), std::log2(std::exp2(x)), 1e-12);
  }
}

TEST(DoubleFunctions, AreFrozen) {
  Hash hash;
  const auto add = [&](double x) {
    const std::uint64_t pattern = bits_of(x);
    hash.add(static_cast<std::uint32_t>(pattern));
    hash.add(static_cast<std::uint32_t>(pattern >> 32));
  };
  for (std::uint32_t k = 0; k < (1u << 23); k += 257) {
    const double u = uniform<double>(k << 9);
    add(exp2(253 * u - 126));
    add(log2(3 * u));
    add(normal_quantile(u));
  }
  EXPECT_EQ(hash.value(), 0xa789fcdfe79f0d12u);
}

}  // namespace
}  // namespace chokepoint::test
