#include "numeric/kinds.hpp"

/// Each word means in a register, lane by lane, what it means for a plain number.
namespace chokepoint::test {
namespace {

using Words = std::vector<std::uint32_t>;

/// Calls f with every pair of awkward numbers: `a` the same in all lanes, `b` different in each.
template <int width, class Function>
void for_pairs(Function f) {
  const std::vector<float> numbers = awkward_numbers();
  for (float first : numbers) {
    for (std::size_t start = 0; start < numbers.size(); ++start) {
      float a[width], b[width];
      for (int k = 0; k < width; ++k) a[k] = first, b[k] = numbers[(start + std::size_t(k)) % numbers.size()];
      f(a, b);
    }
  }
}

TYPED_TEST(EveryFloatKind, ArithmeticIsLaneWise) {
  constexpr int width = lane_count<TypeParam>;
  const auto check = [](const char* what, TypeParam got, auto expected) {
    for (int k = 0; k < width; ++k)
      ASSERT_EQ(pattern_of(lane(got, k)), pattern_of(expected(k))) << what << ", lane " << k;
  };
  for_pairs<width>([&](const float* a, const float* b) {
    const TypeParam x = load<TypeParam>(a), y = load<TypeParam>(b);
    check("+", x + y, [&](int k) { return a[k] + b[k]; });
    check("-", x - y, [&](int k) { return a[k] - b[k]; });
    check("*", x * y, [&](int k) { return a[k] * b[k]; });
    check("/", x / y, [&](int k) { return a[k] / b[k]; });
    check("unary -", -y, [&](int k) { return -b[k]; });
    check("broadcast", TypeParam(b[0]), [&](int) { return b[0]; });
    check("plain number on the left", 2.0f * y, [&](int k) { return 2.0f * b[k]; });
    check("minimum", minimum(x, y), [&](int k) { return a[k] < b[k] ? a[k] : b[k]; });
    check("maximum", maximum(x, y), [&](int k) { return a[k] > b[k] ? a[k] : b[k]; });
    check("clamp", clamp(y, -1.0f, 2.0f), [&](int k) { return b[k] < -1 ? -1.0f : b[k] > 2 ? 2.0f : b[k]; });
    check("absolute", absolute(y), [&](int k) { return std::fabs(b[k]); });
    check("square", square(y), [&](int k) { return b[k] * b[k]; });
    check("square_root", square_root(y), [&](int k) { return std::sqrt(b[k]); });
    check("select", select(x < y, x, y), [&](int k) { return a[k] < b[k] ? a[k] : b[k]; });
    check("bits", number_of_bits<TypeParam>(bits_of(y)), [&](int k) { return b[k]; });
    TypeParam assigned = x;
    assigned += y;
    check("+=", assigned, [&](int k) { return a[k] + b[k]; });
  });
}

TYPED_TEST(EveryFloatKind, ComparisonsAreLaneWise) {
  constexpr int width = lane_count<TypeParam>;
  const auto check = [](const char* what, mask_t<TypeParam> got, auto expected) {
    int set = 0;
    for (int k = 0; k < width; ++k) {
      set += expected(k);
      ASSERT_EQ(lane(got, k), expected(k)) << what << ", lane " << k;
    }
    ASSERT_EQ(count(got), set);
    ASSERT_EQ(any(got), set > 0);
    ASSERT_EQ(none(got), set == 0);
    ASSERT_EQ(all(got), set == width);
  };
  for_pairs<width>([&](const float* a, const float* b) {
    const TypeParam x = load<TypeParam>(a), y = load<TypeParam>(b);
    check("<", x < y, [&](int k) { return a[k] < b[k]; });
    check("<=", x <= y, [&](int k) { return a[k] <= b[k]; });
    check(">", x > y, [&](int k) { return a[k] > b[k]; });
    check(">=", x >= y, [&](int k) { return a[k] >= b[k]; });
    check("==", x == y, [&](int k) { return a[k] == b[k]; });
    check("!=", x != y, [&](int k) { return a[k] != b[k]; });
    check("&", (x < y) & (y > 0.0f), [&](int k) { return a[k] < b[k] && b[k] > 0; });
    check("|", (x < y) | (y > 0.0f), [&](int k) { return a[k] < b[k] || b[k] > 0; });
    check("!", !(x < y), [&](int k) { return !(a[k] < b[k]); });
    check("true", mask_t<TypeParam>(true), [](int) { return true; });
    check("false", mask_t<TypeParam>(false), [](int) { return false; });
  });
}

TYPED_TEST(EveryFloatKind, WordsAreLaneWise) {
  using U = uint_t<TypeParam>;
  constexpr int width = lane_count<TypeParam>;
  const auto check = [](const char* what, U got, auto expected) {
    for (int k = 0; k < width; ++k) ASSERT_EQ(lane(got, k), std::uint32_t(expected(k))) << what << ", lane " << k;
  };
  std::mt19937 random(2);
  for (int i = 0; i < 2000; ++i) {
    std::uint32_t a[width], b[width];
    for (int k = 0; k < width; ++k)
      a[k] = std::uint32_t(random()), b[k] = random() % 4 ? std::uint32_t(random()) : a[k];
    const U x = load<U>(a), y = load<U>(b);
    check("+", x + y, [&](int k) { return a[k] + b[k]; });
    check("-", x - y, [&](int k) { return a[k] - b[k]; });
    check("*", x * y, [&](int k) { return a[k] * b[k]; });
    check("&", x & y, [&](int k) { return a[k] & b[k]; });
    check("|", x | y, [&](int k) { return a[k] | b[k]; });
    check("^", x ^ y, [&](int k) { return a[k] ^ b[k]; });
    check("<<", x << 9, [&](int k) { return a[k] << 9; });
    check(">>", x >> 31, [&](int k) { return a[k] >> 31; });
    check("multiply_high", multiply_high(x, y), [&](int k) { return std::uint64_t(a[k]) * b[k] >> 32; });
    check("low product", multiply_wide(x, y).low, [&](int k) { return a[k] * b[k]; });
    check("select <", select(x < y, x, y), [&](int k) { return a[k] < b[k] ? a[k] : b[k]; });
    check("select ==", select(x == y, U(1u), U(2u)), [&](int k) { return a[k] == b[k] ? 1 : 2; });
    check("lane_numbers", lane_numbers<TypeParam>(), [](int k) { return k; });
    const TypeParam small = to_number<TypeParam>(x >> 8), negative = signed_to_number<TypeParam>(x);
    for (int k = 0; k < width; ++k) {
      ASSERT_EQ(lane(small, k), float(a[k] >> 8));
      ASSERT_EQ(lane(negative, k), float(std::int32_t(a[k])));
    }
    check("to_word", to_word(small + 0.25f), [&](int k) { return std::uint32_t(float(a[k] >> 8) + 0.25f); });
    U changed = x;
    set_lane(changed, width - 1, 7u);
    check("set_lane", changed, [&](int k) { return k == width - 1 ? 7u : a[k]; });
  }
}

/// Within 0.6 ulp, and the same bits for every kind.
TYPED_TEST(EveryFloatKind, ReciprocalIsFrozen) {
  const auto f = [](TypeParam x) { return reciprocal(x); };
  const std::uint32_t low = pattern_of(0x1p-120f), high = pattern_of(0x1p120f), sign = 0x80000000u;
  EXPECT_EQ(hash_of_sweep<TypeParam>(Patterns(low, high, 4093), f), 0xc9e1fd3cd0009f23u);
  EXPECT_EQ(hash_of_sweep<TypeParam>(Patterns(sign | low, sign | high, 4093), f), 0xb26bd16d50009f23u);
}

TEST(Reciprocal, WithinItsBound) {
  double worst = 0;
  for (std::uint64_t p = pattern_of(0x1p-120f); p <= pattern_of(0x1p120f); p += stride()) {
    const float x = from_pattern(std::uint32_t(p));
    worst = std::fmax(worst, error_in_ulp(reciprocal(x), 1.0L / static_cast<long double>(x)));
    ASSERT_EQ(reciprocal(-x), -reciprocal(x));
  }
  RecordProperty("worst_ulp", std::to_string(worst));
  EXPECT_LT(worst, 0.6);
  EXPECT_EQ(reciprocal(4.0f), 0.25f);
  EXPECT_EQ(reciprocal(3.0), 1.0 / 3.0);
}

/// The scalar words accept a mixture, so that one formula serves the double reference too.
TEST(PlainNumbers, MixToTheWiderType) {
  static_assert(std::is_same_v<decltype(fma(1.0, 2.0f, 3.0f)), double>);
  static_assert(std::is_same_v<decltype(fma(1.0f, 2.0f, 3.0f)), float>);
  static_assert(std::is_same_v<decltype(select(true, std::uint32_t{1}, std::uint32_t{2})), std::uint32_t>);
  static_assert(lane_count<double> == 1 && std::is_same_v<uint_t<double>, std::uint32_t>);
  EXPECT_EQ(maximum(1.5, 2.0f), 2.0);
  EXPECT_EQ(square_root(2.0), std::sqrt(2.0));
  EXPECT_EQ(absolute(-2.0), 2.0);
}

}  // namespace
}  // namespace chokepoint::test
