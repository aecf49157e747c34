#pragma once

#include "chokepoint/numeric/mask.hpp"

namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class T, int W>
struct Lanes;

template <class T, int W, bool one_register = (W <= native_lanes)>
struct LanesStorage {
  using type = vector_t<T, W>;
};
template <class T, int W>
struct LanesStorage<T, W, false> {
  using type = Pair<Lanes<T, W / 2>>;
};

/// b where the mask is clear. The registers of masks and values have the same width but, with AVX-512, not the same
/// kind.
template <int W, class Value>
CHOKEPOINT_INLINE Value blend(typename Mask<W>::Storage mask, Value a, Value b) {
#if defined(__AVX512F__)
  if constexpr (Mask<W>::one_bit_per_lane) {
    return (Value)_mm512_mask_blend_epi32(mask, (__m512i)b, (__m512i)a);
  } else
#endif
#if defined(__AVX2__)
      if constexpr (W == 8) {
    return (Value)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
  } else
#endif
#if defined(__SSE4_1__)
      if constexpr (W == 4) {
    return (Value)_mm_blendv_ps((__m128)b, (__m128)a, (__m128)mask);
  } else
#endif
  {
    using Bits = vector_t<std::int32_t, W>;
    return (Value)((mask & (Bits)a) | (~mask & (Bits)b));
  }
}

/// W words of 32 bits; arithmetic wraps.
template <int W>
struct Lanes<std::uint32_t, W> {
  static constexpr bool one_register = W <= native_lanes;
  using Storage = typename LanesStorage<std::uint32_t, W>::type;
  Storage v;

  Lanes() = default;
  CHOKEPOINT_INLINE Lanes(std::uint32_t x) {
    if constexpr (one_register) {
      v = x + Storage{};
    } else {
      v = {x, x};
    }
  }
  static CHOKEPOINT_INLINE Lanes of(Storage storage) {
    Lanes lanes;
    lanes.v = storage;
    return lanes;
  }
  static CHOKEPOINT_INLINE Lanes load(const std::uint32_t* from) {
    Lanes lanes;
    __builtin_memcpy(&lanes.v, from, sizeof lanes.v);
    return lanes;
  }
  CHOKEPOINT_INLINE void store(std::uint32_t* to) const { __builtin_memcpy(to, &v, sizeof v); }

#define CHOKEPOINT_LANEWISE(op)                                  \
  friend CHOKEPOINT_INLINE Lanes operator op(Lanes a, Lanes b) { \
    if constexpr (one_register) {                                \
      return of(a.v op b.v);                                     \
    } else {                                                     \
      return of({a.v.low op b.v.low, a.v.high op b.v.high});     \
    }                                                            \
  }                                                              \
  CHOKEPOINT_INLINE Lanes& operator op##=(Lanes b) {             \
    return *this = *this op b;                                   \
  }
  CHOKEPOINT_LANEWISE(+)
  CHOKEPOINT_LANEWISE(-)
  CHOKEPOINT_LANEWISE(*)
  CHOKEPOINT_LANEWISE(&)
  CHOKEPOINT_LANEWISE(|)
  CHOKEPOINT_LANEWISE(^)
#undef CHOKEPOINT_LANEWISE

  /// By 0 to 31.
  friend CHOKEPOINT_INLINE Lanes operator<<(Lanes a, int by) {
    if constexpr (one_register) {
      return of(a.v << by);
    } else {
      return of({a.v.low << by, a.v.high << by});
    }
  }
  friend CHOKEPOINT_INLINE Lanes operator>>(Lanes a, int by) {
    if constexpr (one_register) {
      return of(a.v >> by);
    } else {
      return of({a.v.low >> by, a.v.high >> by});
    }
  }

  friend CHOKEPOINT_INLINE Mask<W> operator==(Lanes a, Lanes b) {
    if constexpr (!one_register) {
      return Mask<W>::of({a.v.low == b.v.low, a.v.high == b.v.high});
#if defined(__AVX512F__)
    } else if constexpr (Mask<W>::one_bit_per_lane) {
      return Mask<W>::of(_mm512_cmpeq_epu32_mask((__m512i)a.v, (__m512i)b.v));
#endif
    } else {
      return Mask<W>::of(a.v == b.v);
    }
  }
  friend CHOKEPOINT_INLINE Mask<W> operator<(Lanes a, Lanes b) {
    if constexpr (!one_register) {
      return Mask<W>::of({a.v.low < b.v.low, a.v.high < b.v.high});
#if defined(__AVX512F__)
    } else if constexpr (Mask<W>::one_bit_per_lane) {
      return Mask<W>::of(_mm512_cmplt_epu32_mask((__m512i)a.v, (__m512i)b.v));
#endif
    } else {
      return Mask<W>::of(a.v < b.v);
    }
  }
  friend CHOKEPOINT_INLINE Mask<W> operator!=(Lanes a, Lanes b) {
    return !(a == b);
  }
  friend CHOKEPOINT_INLINE Mask<W> operator>(Lanes a, Lanes b) {
    return b < a;
  }
  friend CHOKEPOINT_INLINE Mask<W> operator<=(Lanes a, Lanes b) {
    return !(b < a);
  }
  friend CHOKEPOINT_INLINE Mask<W> operator>=(Lanes a, Lanes b) {
    return !(a < b);
  }

  friend CHOKEPOINT_INLINE Lanes select(Mask<W> mask, Lanes a, Lanes b) {
    if constexpr (one_register) {
      return of(blend<W>(mask.v, a.v, b.v));
    } else {
      return of({select(mask.v.low, a.v.low, b.v.low), select(mask.v.high, a.v.high, b.v.high)});
    }
  }

  friend CHOKEPOINT_INLINE std::uint32_t lane(Lanes a, int k) {
    std::uint32_t words[W];
    a.store(words);
    return words[k];
  }
  friend CHOKEPOINT_INLINE void set_lane(Lanes& a, int k, std::uint32_t value) {
    std::uint32_t words[W];
    a.store(words);
    words[k] = value;
    a = load(words);
  }

  /// The machine multiplies every second lane, to 64 bits: once for the even lanes, once for the odd ones.
  friend CHOKEPOINT_INLINE WideProduct<Lanes> multiply_wide(Lanes a, Lanes b) {
    if constexpr (!one_register) {
      const auto low = multiply_wide(a.v.low, b.v.low);
      const auto high = multiply_wide(a.v.high, b.v.high);
      return {of({low.low, high.low}), of({low.high, high.high})};
#if defined(__AVX512F__)
    } else if constexpr (W == 16) {
      const __m512i x = (__m512i)a.v, y = (__m512i)b.v;
      using Wide = vector_t<std::uint64_t, 8>;
      // The form with a mask: g++ 12 warns about the plain one, whose unused operand it leaves uninitialised.
      const __m512i even = _mm512_maskz_mul_epu32(0xff, x, y);
      const __m512i odd = _mm512_maskz_mul_epu32(0xff, (__m512i)((Wide)x >> 32), (__m512i)((Wide)y >> 32));
      return {of((Storage)_mm512_mask_shuffle_epi32(even, 0xaaaa, odd, (_MM_PERM_ENUM)0xa0)),
              of((Storage)_mm512_mask_shuffle_epi32(odd, 0x5555, even, (_MM_PERM_ENUM)0xf5))};
#endif
#if defined(__AVX2__)
    } else if constexpr (W == 8) {
      const __m256i x = (__m256i)a.v, y = (__m256i)b.v;
      const __m256i even = _mm256_mul_epu32(x, y);
      const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(y, 32));
      return {of((Storage)_mm256_blend_epi32(even, _mm256_shuffle_epi32(odd, 0xa0), 0xaa)),
              of((Storage)_mm256_blend_epi32(_mm256_shuffle_epi32(even, 0xf5), odd, 0xaa))};
#endif
#if defined(__SSE2__)
    } else if constexpr (W == 4) {
      const __m128i x = (__m128i)a.v, y = (__m128i)b.v;
      const __m128i even = _mm_mul_epu32(x, y);
      const __m128i odd = _mm_mul_epu32(_mm_srli_epi64(x, 32), _mm_srli_epi64(y, 32));
      return {of((Storage)_mm_unpacklo_epi32(_mm_shuffle_epi32(even, 0x08), _mm_shuffle_epi32(odd, 0x08))),
              of((Storage)_mm_unpacklo_epi32(_mm_shuffle_epi32(even, 0x0d), _mm_shuffle_epi32(odd, 0x0d)))};
#endif
    } else {
      WideProduct<Lanes> product;
      for (int k = 0; k < W; ++k) {
        const auto wide = multiply_wide(static_cast<std::uint32_t>(a.v[k]), static_cast<std::uint32_t>(b.v[k]));
        product.low.v[k] = wide.low;
        product.high.v[k] = wide.high;
      }
      return product;
    }
  }
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
