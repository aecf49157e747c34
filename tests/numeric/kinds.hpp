#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "chokepoint/numeric/lanes.hpp"

namespace chokepoint::test {

template <class N>
class EveryFloatKind : public testing::Test {};
using FloatKinds = testing::Types<float, Lanes<float, 4>, Lanes<float, 8>, Lanes<float, 16>>;
TYPED_TEST_SUITE(EveryFloatKind, FloatKinds);

/// The sweeps look at one bit pattern in this many; CHOKEPOINT_EXHAUSTIVE=1 looks at all.
inline std::uint32_t stride() {
  const char* exhaustive = std::getenv("CHOKEPOINT_EXHAUSTIVE");
  return exhaustive && *exhaustive == '1' ? 1 : 2039;
}

inline float from_pattern(std::uint32_t pattern) {
  float x;
  std::memcpy(&x, &pattern, sizeof x);
  return x;
}

/// The bits, but one pattern for all NaN: their payload differs between machines.
inline std::uint32_t pattern_of(float x) {
  std::uint32_t pattern;
  std::memcpy(&pattern, &x, sizeof x);
  return x != x ? 0x7fc00000u : pattern;
}

/// |got - exact| in units of the last place that a float of exact's size has.
inline double error_in_ulp(float got, long double exact) {
  const long double size = std::fabs(exact);
  const long double ulp = std::ldexp(1.0L, (size > 0x1p-126L ? std::ilogb(size) : -126) - 23);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / ulp);
}

/// 64-bit FNV-1a over words.
class Hash {
 public:
  void add(std::uint32_t word) { value_ = (value_ ^ word) * 0x100000001b3u; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

/// Fills a register of N after another from `next(float&)` until it returns false, and hashes what `f` makes of them.
template <class N, class Next, class Function>
std::uint64_t hash_of_sweep(Next next, Function f) {
  constexpr int width = lane_count<N>;
  Hash hash;
  float numbers[width];
  for (bool more = true; more;) {
    int filled = 0;
    while (filled < width && (more = next(numbers[filled]))) ++filled;
    for (int k = filled; k < width; ++k) numbers[k] = 1.0f;
    store(numbers, f(load<N>(numbers)));
    for (int k = 0; k < filled; ++k) hash.add(pattern_of(numbers[k]));
  }
  return hash.value();
}

/// Every `step`-th bit pattern from first to last, as float. A fixed step, whatever stride() says: hashes are frozen.
class Patterns {
 public:
  Patterns(std::uint32_t first, std::uint32_t last, std::uint32_t step) : at_(first), last_(last), step_(step) {}
  bool operator()(float& x) {
    if (at_ > last_) return false;
    x = from_pattern(static_cast<std::uint32_t>(at_));
    at_ += step_;
    return true;
  }

 private:
  std::uint64_t at_, last_, step_;
};

/// Numbers that arithmetic stumbles over.
inline std::vector<float> awkward_numbers() {
  return {0.0f,       -0.0f,     1.0f,        -1.0f,     0.5f,           1.5f,         -2.25f,          0x1p-149f,
          -0x1p-149f, 0x1p-126f, 0x1p127f,    -0x1p127f, 0x1.8p-70f,     0x1p-75f,     0x1.fffffep127f, INFINITY,
          -INFINITY,  NAN,       16777216.0f, 3.0f,      0x1.fffffep-1f, 0x1.000002p0f};
}

}  // namespace chokepoint::test
