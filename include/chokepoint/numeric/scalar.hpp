#pragma once

#include <cstdint>
#include <type_traits>

#include "chokepoint/base/host_device.hpp"

#if defined(__SSE2__) && !defined(__CUDA_ARCH__)
#include <emmintrin.h>
#endif

/// The vocabulary of numbers, for plain float, double and uint32_t. float_lanes.hpp says the same words for registers.
/// Everything is IEEE arithmetic, comparisons and bit patterns: no call into a maths library, no contraction.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// The common type of plain numbers: lets `fma(x, 0.5f, 1.0f)` mean the same for a double x.
template <class... Numbers>
using plain_t = std::enable_if_t<(std::is_arithmetic_v<Numbers> && ...), std::common_type_t<Numbers...>>;

CHOKEPOINT_INLINE std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

CHOKEPOINT_INLINE std::uint64_t bits_of(double x) {
  std::uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

CHOKEPOINT_INLINE float float_of(std::uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

CHOKEPOINT_INLINE double double_of(std::uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/// a*b + c with one rounding, on machines without the instruction. The product of two floats is exact in double; the
/// sum is rounded to odd (the last bit remembers that something was lost), so that rounding it again, to float, gives
/// what a single rounding would have given.
CHOKEPOINT_INLINE float fused_by_double(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = static_cast<double>(c);
  const double sum = product + addend;
  const double shadow = sum - product;
  const double lost = (product - (sum - shadow)) + (addend - shadow);
  const std::uint64_t bits = bits_of(sum);
  // Without a branch: the last bit is as good as random. Both comparisons are false for NaN, whose bits must stay.
  const auto inexact = static_cast<std::uint64_t>((lost > 0.0) | (lost < 0.0));
  const std::uint64_t nudge = inexact & ~bits;
  const std::uint64_t towards_zero = nudge & ((bits_of(lost) ^ bits) >> 63);
  return static_cast<float>(double_of(bits + nudge - (towards_zero << 1)));
}

CHOKEPOINT_INLINE float fused(float a, float b, float c) {
#if defined(__CUDA_ARCH__)
  return __fmaf_rn(a, b, c);
#elif defined(__FMA__) || defined(__aarch64__)
  return __builtin_fmaf(a, b, c);
#else
  return fused_by_double(a, b, c);
#endif
}

CHOKEPOINT_INLINE double fused(double a, double b, double c) {
#if defined(__CUDA_ARCH__)
  return __fma_rn(a, b, c);
#else
  return __builtin_fma(a, b, c);
#endif
}

/// a*b + c, rounded once.
template <class A, class B, class C, class Number = plain_t<A, B, C>>
CHOKEPOINT_INLINE Number fma(A a, B b, C c) {
  return fused(static_cast<Number>(a), static_cast<Number>(b), static_cast<Number>(c));
}

/// The arguments are both evaluated.
template <class A, class B, class Number = plain_t<A, B>>
CHOKEPOINT_INLINE Number select(bool mask, A a, B b) {
  return mask ? static_cast<Number>(a) : static_cast<Number>(b);
}

/// `a < b ? a : b`: b where either is NaN. fminf would differ between machines on NaN and signed zero.
template <class A, class B, class Number = plain_t<A, B>>
CHOKEPOINT_INLINE Number minimum(A a, B b) {
  return static_cast<Number>(a) < static_cast<Number>(b) ? static_cast<Number>(a) : static_cast<Number>(b);
}

/// `a > b ? a : b`: b where either is NaN.
template <class A, class B, class Number = plain_t<A, B>>
CHOKEPOINT_INLINE Number maximum(A a, B b) {
  return static_cast<Number>(a) > static_cast<Number>(b) ? static_cast<Number>(a) : static_cast<Number>(b);
}

/// `minimum(a, b)` and `maximum(a, b)` for a b that is not NaN, and no two zeros of opposite sign: one instruction on
/// every machine. The b where a is NaN.
CHOKEPOINT_INLINE float least(float a, float b) {
#if defined(__CUDA_ARCH__)
  return fminf(a, b);
#else
  return minimum(a, b);
#endif
}
CHOKEPOINT_INLINE float greatest(float a, float b) {
#if defined(__CUDA_ARCH__)
  return fmaxf(a, b);
#else
  return maximum(a, b);
#endif
}
CHOKEPOINT_INLINE double least(double a, double b) {
  return minimum(a, b);
}
CHOKEPOINT_INLINE double greatest(double a, double b) {
  return maximum(a, b);
}

CHOKEPOINT_INLINE float absolute(float x) {
  return float_of(bits_of(x) & 0x7fffffffu);
}
CHOKEPOINT_INLINE double absolute(double x) {
  return double_of(bits_of(x) & 0x7fffffffffffffffu);
}

// The builtins would fall back on libm for negative arguments, to set errno.
CHOKEPOINT_INLINE float square_root(float x) {
#if defined(__CUDA_ARCH__)
  return __fsqrt_rn(x);
#elif defined(__SSE2__)
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
  return __builtin_sqrtf(x);
#endif
}

CHOKEPOINT_INLINE double square_root(double x) {
#if defined(__CUDA_ARCH__)
  return __dsqrt_rn(x);
#elif defined(__SSE2__)
  return _mm_cvtsd_f64(_mm_sqrt_sd(_mm_setzero_pd(), _mm_set_sd(x)));
#else
  return __builtin_sqrt(x);
#endif
}

// A mask of one lane is a bool.
CHOKEPOINT_INLINE bool any(bool mask) {
  return mask;
}
CHOKEPOINT_INLINE bool all(bool mask) {
  return mask;
}
CHOKEPOINT_INLINE bool none(bool mask) {
  return !mask;
}
CHOKEPOINT_INLINE int count(bool mask) {
  return mask ? 1 : 0;
}

template <class Plain, class = plain_t<Plain>>
CHOKEPOINT_INLINE Plain lane(Plain x, int) {
  return x;
}

template <class Plain, class = plain_t<Plain>>
CHOKEPOINT_INLINE void set_lane(Plain& x, int, Plain value) {
  x = value;
}

/// Both halves of a 32 x 32 bit product.
template <class Word>
struct WideProduct {
  Word low, high;
};

CHOKEPOINT_INLINE WideProduct<std::uint32_t> multiply_wide(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t product = static_cast<std::uint64_t>(a) * b;
  return {static_cast<std::uint32_t>(product), static_cast<std::uint32_t>(product >> 32)};
}

/// The upper half of a 32 x 32 bit product.
template <class Word>
CHOKEPOINT_INLINE Word multiply_high(Word a, Word b) {
  return multiply_wide(a, b).high;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
