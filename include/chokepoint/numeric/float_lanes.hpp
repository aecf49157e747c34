#pragma once

#include <type_traits>

#include "chokepoint/numeric/fused.hpp"

namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Comparisons as AVX-512 numbers them: false for NaN, without an exception, but for not_equal.
enum class Predicate { equal = 0, not_equal = 4, less = 17, less_equal = 18, greater_equal = 29, greater = 30 };

#if defined(__AVX512F__)
template <Predicate predicate>
CHOKEPOINT_INLINE __mmask16 compared_to_bits(vector_t<float, 16> a, vector_t<float, 16> b) {
  return _mm512_cmp_ps_mask((__m512)a, (__m512)b, static_cast<int>(predicate));
}
#else
template <Predicate, class Vector>
void compared_to_bits(Vector, Vector);  // no mask is of bits
#endif

/// W floats. Operations are hidden friends, so that a plain number on either side is broadcast.
template <int W>
struct Lanes<float, W> {
  static constexpr bool one_register = W <= native_lanes;
  using Storage = typename LanesStorage<float, W>::type;
  using Words = Lanes<std::uint32_t, W>;
  Storage v;

  Lanes() = default;
  CHOKEPOINT_INLINE Lanes(float x) {
    if constexpr (one_register) {
      v = x - Storage{};  // plus zero would lose the sign of a zero
    } else {
      v = {x, x};
    }
  }
  /// Rounds a constant, so that Lanes(0.5) and Lanes(1) may be written as of a plain number.
  template <class Constant,
            std::enable_if_t<std::is_arithmetic_v<Constant> && !std::is_same_v<Constant, float>, int> = 0>
  CHOKEPOINT_INLINE explicit Lanes(Constant x) : Lanes(static_cast<float>(x)) {}
  static CHOKEPOINT_INLINE Lanes of(Storage storage) {
    Lanes lanes;
    lanes.v = storage;
    return lanes;
  }
  static CHOKEPOINT_INLINE Lanes load(const float* from) {
    Lanes lanes;
    __builtin_memcpy(&lanes.v, from, sizeof lanes.v);
    return lanes;
  }
  CHOKEPOINT_INLINE void store(float* to) const { __builtin_memcpy(to, &v, sizeof v); }

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
  CHOKEPOINT_LANEWISE(/)
#undef CHOKEPOINT_LANEWISE

  friend CHOKEPOINT_INLINE Lanes operator-(Lanes a) {
    return of_bits(bits_of(a) ^ Words(0x80000000u));
  }
  friend CHOKEPOINT_INLINE Lanes operator+(Lanes a) {
    return a;
  }

#define CHOKEPOINT_COMPARE(op, predicate)                                   \
  friend CHOKEPOINT_INLINE Mask<W> operator op(Lanes a, Lanes b) {          \
    if constexpr (!one_register) {                                          \
      return Mask<W>::of({a.v.low op b.v.low, a.v.high op b.v.high});       \
    } else if constexpr (Mask<W>::one_bit_per_lane) {                       \
      return Mask<W>::of(compared_to_bits<Predicate::predicate>(a.v, b.v)); \
    } else {                                                                \
      return Mask<W>::of(a.v op b.v);                                       \
    }                                                                       \
  }
  CHOKEPOINT_COMPARE(<, less)
  CHOKEPOINT_COMPARE(<=, less_equal)
  CHOKEPOINT_COMPARE(>, greater)
  CHOKEPOINT_COMPARE(>=, greater_equal)
  CHOKEPOINT_COMPARE(==, equal)
  CHOKEPOINT_COMPARE(!=, not_equal)
#undef CHOKEPOINT_COMPARE

  friend CHOKEPOINT_INLINE Lanes select(Mask<W> mask, Lanes a, Lanes b) {
    if constexpr (one_register) {
      return of(blend<W>(mask.v, a.v, b.v));
    } else {
      return of({select(mask.v.low, a.v.low, b.v.low), select(mask.v.high, a.v.high, b.v.high)});
    }
  }

  // The x86 instructions return the second operand for NaN and equal zeros: exactly `a < b ? a : b`. A full mask spares
  // a false warning of g++ 12 about the plain form and costs nothing.
  friend CHOKEPOINT_INLINE Lanes minimum(Lanes a, Lanes b) {
    if constexpr (!one_register) {
      return of({minimum(a.v.low, b.v.low), minimum(a.v.high, b.v.high)});
#if defined(__AVX512F__)
    } else if constexpr (W == 16) {
      return of((Storage)_mm512_maskz_min_ps(0xffff, (__m512)a.v, (__m512)b.v));
#endif
#if defined(__AVX2__)
    } else if constexpr (W == 8) {
      return of((Storage)_mm256_min_ps((__m256)a.v, (__m256)b.v));
#endif
#if defined(__SSE2__)
    } else if constexpr (W == 4) {
      return of((Storage)_mm_min_ps((__m128)a.v, (__m128)b.v));
#endif
    } else {
      return select(a < b, a, b);
    }
  }
  friend CHOKEPOINT_INLINE Lanes maximum(Lanes a, Lanes b) {
    if constexpr (!one_register) {
      return of({maximum(a.v.low, b.v.low), maximum(a.v.high, b.v.high)});
#if defined(__AVX512F__)
    } else if constexpr (W == 16) {
      return of((Storage)_mm512_maskz_max_ps(0xffff, (__m512)a.v, (__m512)b.v));
#endif
#if defined(__AVX2__)
    } else if constexpr (W == 8) {
      return of((Storage)_mm256_max_ps((__m256)a.v, (__m256)b.v));
#endif
#if defined(__SSE2__)
    } else if constexpr (W == 4) {
      return of((Storage)_mm_max_ps((__m128)a.v, (__m128)b.v));
#endif
    } else {
      return select(a > b, a, b);
    }
  }

  friend CHOKEPOINT_INLINE Lanes square_root(Lanes a) {
    if constexpr (!one_register) {
      return of({square_root(a.v.low), square_root(a.v.high)});
#if defined(__AVX512F__)
    } else if constexpr (W == 16) {
      return of((Storage)_mm512_maskz_sqrt_ps(0xffff, (__m512)a.v));
#endif
#if defined(__AVX2__)
    } else if constexpr (W == 8) {
      return of((Storage)_mm256_sqrt_ps((__m256)a.v));
#endif
#if defined(__SSE2__)
    } else if constexpr (W == 4) {
      return of((Storage)_mm_sqrt_ps((__m128)a.v));
#endif
    } else {
      for (int k = 0; k < W; ++k) a.v[k] = square_root(static_cast<float>(a.v[k]));
      return a;
    }
  }

  friend CHOKEPOINT_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) {
    if constexpr (!one_register) {
      return of({fma(a.v.low, b.v.low, c.v.low), fma(a.v.high, b.v.high, c.v.high)});
    } else {
      return of(fused_register<W>(a.v, b.v, c.v));
    }
  }

  friend CHOKEPOINT_INLINE Words bits_of(Lanes a) {
    Words words;
    __builtin_memcpy(&words, &a, sizeof words);
    return words;
  }
  static CHOKEPOINT_INLINE Lanes of_bits(Words words) {
    Lanes lanes;
    __builtin_memcpy(&lanes, &words, sizeof lanes);
    return lanes;
  }
  static CHOKEPOINT_INLINE Lanes of_signed(Words words) {
    if constexpr (one_register) {
      return of(__builtin_convertvector((vector_t<std::int32_t, W>)words.v, Storage));
    } else {
      return of({Lanes<float, W / 2>::of_signed(words.v.low), Lanes<float, W / 2>::of_signed(words.v.high)});
    }
  }
  friend CHOKEPOINT_INLINE Words truncated(Lanes a) {
    if constexpr (one_register) {
      using Signed = vector_t<std::int32_t, W>;
      return Words::of((typename Words::Storage) __builtin_convertvector(a.v, Signed));
    } else {
      return Words::of({truncated(a.v.low), truncated(a.v.high)});
    }
  }
  friend CHOKEPOINT_INLINE Lanes absolute(Lanes a) {
    return of_bits(bits_of(a) & Words(0x7fffffffu));
  }

  friend CHOKEPOINT_INLINE float lane(Lanes a, int k) {
    float numbers[W];
    a.store(numbers);
    return numbers[k];
  }
  friend CHOKEPOINT_INLINE void set_lane(Lanes& a, int k, float value) {
    float numbers[W];
    a.store(numbers);
    numbers[k] = value;
    a = load(numbers);
  }
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
