#pragma once

#include "chokepoint/numeric/integer_lanes.hpp"

/// a*b + c with one rounding, for a register of floats.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

#if defined(__SSE2__) && !defined(__FMA__)
/// fused_by_double(), two lanes at a time. SSE2 cannot compare 64-bit integers, hence the arithmetic on single bits.
CHOKEPOINT_INLINE __m128d sum_rounded_to_odd(__m128d product, __m128d addend) {
  using Bits = vector_t<std::uint64_t, 2>;
  const __m128d sum = product + addend;
  const __m128d shadow = sum - product;
  const __m128d lost = (product - (sum - shadow)) + (addend - shadow);
  const __m128d zero = _mm_setzero_pd();
  const Bits inexact = (Bits)_mm_or_pd(_mm_cmplt_pd(lost, zero), _mm_cmpgt_pd(lost, zero));
  const Bits bits = (Bits)sum;
  const Bits nudge = inexact & ~bits & 1;
  const Bits towards_zero = nudge & (((Bits)lost ^ bits) >> 63);
  return (__m128d)(bits + nudge - (towards_zero << 1));
}
#endif

template <int W>
CHOKEPOINT_INLINE vector_t<float, W> fused_register(vector_t<float, W> a, vector_t<float, W> b, vector_t<float, W> c) {
  using Storage = vector_t<float, W>;
#if defined(__AVX512F__) && defined(__FMA__)
  if constexpr (W == 16) {
    return (Storage)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
  } else
#endif
#if defined(__AVX2__) && defined(__FMA__)
      if constexpr (W == 8) {
    return (Storage)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  } else
#endif
#if defined(__FMA__)
      if constexpr (W == 4) {
    return (Storage)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
  } else
#elif defined(__SSE2__)
  if constexpr (W == 4) {
    const __m128 x = (__m128)a, y = (__m128)b, z = (__m128)c;
    const __m128 low = _mm_cvtpd_ps(sum_rounded_to_odd(_mm_cvtps_pd(x) * _mm_cvtps_pd(y), _mm_cvtps_pd(z)));
    const __m128d product = _mm_cvtps_pd(_mm_movehl_ps(x, x)) * _mm_cvtps_pd(_mm_movehl_ps(y, y));
    const __m128 high = _mm_cvtpd_ps(sum_rounded_to_odd(product, _mm_cvtps_pd(_mm_movehl_ps(z, z))));
    return (Storage)_mm_movelh_ps(low, high);
  } else
#endif
  {
    Storage result;
    for (int k = 0; k < W; ++k) {
      result[k] = fused(static_cast<float>(a[k]), static_cast<float>(b[k]), static_cast<float>(c[k]));
    }
    return result;
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
