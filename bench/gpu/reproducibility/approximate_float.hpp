#pragma once

#include <cmath>

// Other floating-point rules than everything else is compiled with: a namespace of its own (base/host_device.hpp).
#define CHOKEPOINT_TARGET approximate
#include "chokepoint/numeric/elementary.hpp"

/// A float that gives up bit-reproducibility for the GPU's own instructions, to measure what the same bits cost. The
/// model takes it like any other kind of number. It says what an ordinary CUDA program would say (1 / x, exp2f, fminf)
/// and is compiled with --use_fast_math, which makes of that rcp.approx, ex2.approx, lg2.approx, min and max, products
/// contracted with sums, and zeros of subnormal numbers. For bench/gpu alone: no result of the program comes from it.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

struct ApproximateFloat {
  float v;

  ApproximateFloat() = default;
  CHOKEPOINT_INLINE ApproximateFloat(float x) : v(x) {}
  CHOKEPOINT_INLINE explicit operator std::int32_t() const { return static_cast<std::int32_t>(v); }

#define CHOKEPOINT_APPROXIMATE_ARITHMETIC(op)                                                     \
  friend CHOKEPOINT_INLINE ApproximateFloat operator op(ApproximateFloat a, ApproximateFloat b) { \
    return a.v op b.v;                                                                            \
  }                                                                                               \
  CHOKEPOINT_INLINE ApproximateFloat& operator op##=(ApproximateFloat b) {                        \
    return *this = *this op b;                                                                    \
  }
  CHOKEPOINT_APPROXIMATE_ARITHMETIC(+)
  CHOKEPOINT_APPROXIMATE_ARITHMETIC(-)
  CHOKEPOINT_APPROXIMATE_ARITHMETIC(*)
  CHOKEPOINT_APPROXIMATE_ARITHMETIC(/)
#undef CHOKEPOINT_APPROXIMATE_ARITHMETIC

#define CHOKEPOINT_APPROXIMATE_COMPARISON(op)                                         \
  friend CHOKEPOINT_INLINE bool operator op(ApproximateFloat a, ApproximateFloat b) { \
    return a.v op b.v;                                                                \
  }
  CHOKEPOINT_APPROXIMATE_COMPARISON(<)
  CHOKEPOINT_APPROXIMATE_COMPARISON(<=)
  CHOKEPOINT_APPROXIMATE_COMPARISON(>)
  CHOKEPOINT_APPROXIMATE_COMPARISON(>=)
  CHOKEPOINT_APPROXIMATE_COMPARISON(==)
  CHOKEPOINT_APPROXIMATE_COMPARISON(!=)
#undef CHOKEPOINT_APPROXIMATE_COMPARISON

  friend CHOKEPOINT_INLINE ApproximateFloat operator-(ApproximateFloat a) {
    return -a.v;
  }
  friend CHOKEPOINT_INLINE ApproximateFloat operator+(ApproximateFloat a) {
    return a;
  }
  friend CHOKEPOINT_INLINE ApproximateFloat absolute(ApproximateFloat a) {
    return fabsf(a.v);
  }
  friend CHOKEPOINT_INLINE ApproximateFloat square_root(ApproximateFloat a) {
    return sqrtf(a.v);
  }
  friend CHOKEPOINT_INLINE ApproximateFloat minimum(ApproximateFloat a, ApproximateFloat b) {
    return fminf(a.v, b.v);
  }
  friend CHOKEPOINT_INLINE ApproximateFloat maximum(ApproximateFloat a, ApproximateFloat b) {
    return fmaxf(a.v, b.v);
  }
  friend CHOKEPOINT_INLINE ApproximateFloat fma(ApproximateFloat a, ApproximateFloat b, ApproximateFloat c) {
    return fmaf(a.v, b.v, c.v);
  }
  friend CHOKEPOINT_INLINE ApproximateFloat select(bool mask, ApproximateFloat a, ApproximateFloat b) {
    return mask ? a.v : b.v;
  }
  friend CHOKEPOINT_INLINE std::uint32_t bits_of(ApproximateFloat a) {
    return chokepoint::bits_of(a.v);
  }
  friend CHOKEPOINT_INLINE float lane(ApproximateFloat a, int) {
    return a.v;
  }

  // What has a template of its own in numeric/, which these are preferred to.
  friend CHOKEPOINT_INLINE ApproximateFloat reciprocal(ApproximateFloat a) {
    return 1.0f / a.v;
  }
  friend CHOKEPOINT_INLINE ApproximateFloat exp2(ApproximateFloat a) {
    return exp2f(a.v);
  }
  /// The model counts on -126 for 0.
  friend CHOKEPOINT_INLINE ApproximateFloat log2(ApproximateFloat a) {
    return log2f(fmaxf(a.v, 0x1p-126f));
  }
};

template <>
struct NumberTraits<ApproximateFloat> {
  using mask = bool;
  using scalar = float;
  using word = std::uint32_t;
  static constexpr int lanes = 1;
};

template <>
CHOKEPOINT_INLINE void store<ApproximateFloat>(float* to, ApproximateFloat x) {
  *to = x.v;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
