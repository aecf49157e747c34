#pragma once

#include "chokepoint/numeric/elementary_double.hpp"

/// exp2, log2 and the normal quantile, in operations that give the same bits everywhere. Polynomials are Horner chains
/// of explicit fma with coefficients fitted for this project (minimax, rounded one after the other to float, the rest
/// fitted again). Errors: docs/numerics.md. The double versions are in elementary_double.hpp.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
using if_float_kind = std::enable_if_t<is_float_kind<N>, N>;

/// 2^x for -126 <= x <= 127, the nearer end beyond. NaN gives NaN. Exact for whole x.
template <class N>
CHOKEPOINT_INLINE if_float_kind<N> exp2(N x) {
  x = clamp(x, -126.0f, 127.0f);
  // Adding 1.5 * 2^23 rounds to a whole number, left in the low bits; 127 more makes it a biased exponent.
  const N shifter = 12582912.0f + 127.0f;
  const N shifted = x + shifter;
  const N scale = number_of_bits<N>(bits_of(shifted) << 23);
  const N f = x - (shifted - shifter);
  N p = 0x1.417a9cp-13f;
  p = fma(p, f, N(0x1.5f0948p-10f));
  p = fma(p, f, N(0x1.3b2dd2p-7f));
  p = fma(p, f, N(0x1.c6af7ap-5f));
  p = fma(p, f, N(0x1.ebfbdcp-3f));
  p = fma(p, f, N(0x1.62e43p-1f));
  p = fma(p, f, N(1.0f));
  return p * scale;
}

/// log2 x for x >= 2^-126; -126 below. log2(1) = 0; NaN and infinity give NaN.
template <class N>
CHOKEPOINT_INLINE if_float_kind<N> log2(N x) {
  x = maximum(N(0x1p-126f), x);
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)), so that near 1 the exponent is 0 and nothing cancels.
  const uint_t<N> exponent = (bits_of(x) - uint_t<N>(0x3f3504f3u)) & uint_t<N>(0xff800000u);
  const N f = number_of_bits<N>(bits_of(x) - exponent) - 1.0f;
  const N e = fma(signed_to_number<N>(exponent), N(0x1p-23f), x * 0.0f);  // x * 0 carries a NaN, lost by the bits
  N p = 0x1.018c6ap-3f;
  p = fma(p, f, N(-0x1.a7765ep-3f));
  p = fma(p, f, N(0x1.b95a4ep-3f));
  p = fma(p, f, N(-0x1.e9826cp-3f));
  p = fma(p, f, N(0x1.26dcbcp-2f));
  p = fma(p, f, N(-0x1.715b74p-2f));
  p = fma(p, f, N(0x1.ec736ap-2f));
  p = fma(p, f, N(-0x1.715472p-1f));
  p = fma(p, f, N(0x1.715476p+0f));
  return fma(f, p, e);
}

/// x^y for x > 0, within the ranges of exp2 and log2.
template <class N>
CHOKEPOINT_INLINE N power(N x, typename Same<N>::type y) {
  return exp2(y * log2(x));
}

/// The z below which a standard normal number falls with probability u, for u on the grid of uniform() (draws.hpp).
/// Absolute error below 2e-6, and quantile(1 - u) = -quantile(u) in bits. With q = u - 1/2 and w = -log2(4 u (1 - u)),
/// z/q is a smooth function of w alone, from sqrt(2 pi) at the centre: one rational function serves body and tails.
template <class N>
CHOKEPOINT_INLINE if_float_kind<N> normal_quantile(N u) {
  const N q = u - 0.5f;
  const N distance = absolute(q);  // on the grid this, and both factors below, are exact
  const N w = -log2((2.0f - 4.0f * distance) * (0.5f + distance));
  N above = 0x1.f30b1cp-19f;
  above = fma(above, w, N(0x1.3fb52ep-11f));
  above = fma(above, w, N(0x1.434372p-7f));
  above = fma(above, w, N(0x1.a9bfd8p-4f));
  above = fma(above, w, N(0x1.6dccb4p-1f));
  above = fma(above, w, N(0x1.40d97p+1f));
  N below = 0x1.0be9a4p-15f;
  below = fma(below, w, N(0x1.402f7p-10f));
  below = fma(below, w, N(0x1.0c450ep-6f));
  below = fma(below, w, N(0x1.a842fcp-4f));
  below = fma(below, w, N(1.0f));
  return q * above * reciprocal(below);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
