#pragma once

#include "chokepoint/numeric/scalar.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/// One truth value per lane, and how W lanes are stored: in one register where the target has registers that wide,
/// otherwise as two of half the width. So any width works, and gives the same bits, on any target.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

#if defined(__AVX512F__) && defined(__FMA__)
inline constexpr int native_lanes = 16;
#elif defined(__AVX2__) && defined(__FMA__)
inline constexpr int native_lanes = 8;
#else
inline constexpr int native_lanes = 4;
#endif

template <class T, int W>
struct Vector {
  typedef T type __attribute__((vector_size(sizeof(T) * W)));
};
template <class T, int W>
using vector_t = typename Vector<T, W>::type;

template <class Half>
struct Pair {
  Half low, high;
};

template <int W, bool one_register = (W <= native_lanes)>
struct MaskStorage {
  using type = vector_t<std::int32_t, W>;
};

template <int W>
struct Mask {
  static constexpr bool one_register = W <= native_lanes;
  static constexpr bool one_bit_per_lane = one_register && W == 16;
  using Storage = typename MaskStorage<W>::type;
  Storage v;

  Mask() = default;
  CHOKEPOINT_INLINE Mask(bool value) {
    if constexpr (one_bit_per_lane) {
      v = static_cast<Storage>(value ? 0xffff : 0);
    } else if constexpr (one_register) {
      v = (value ? -1 : 0) - Storage{};
    } else {
      v = {value, value};
    }
  }
  static CHOKEPOINT_INLINE Mask of(Storage storage) {
    Mask mask;
    mask.v = storage;
    return mask;
  }

  friend CHOKEPOINT_INLINE Mask operator&(Mask a, Mask b) {
    if constexpr (one_register) {
      return of(static_cast<Storage>(a.v & b.v));
    } else {
      return of({a.v.low & b.v.low, a.v.high & b.v.high});
    }
  }
  friend CHOKEPOINT_INLINE Mask operator|(Mask a, Mask b) {
    if constexpr (one_register) {
      return of(static_cast<Storage>(a.v | b.v));
    } else {
      return of({a.v.low | b.v.low, a.v.high | b.v.high});
    }
  }
  friend CHOKEPOINT_INLINE Mask operator^(Mask a, Mask b) {
    if constexpr (one_register) {
      return of(static_cast<Storage>(a.v ^ b.v));
    } else {
      return of({a.v.low ^ b.v.low, a.v.high ^ b.v.high});
    }
  }
  friend CHOKEPOINT_INLINE Mask operator!(Mask a) {
    if constexpr (one_register) {
      return of(static_cast<Storage>(~a.v));
    } else {
      return of({!a.v.low, !a.v.high});
    }
  }
  CHOKEPOINT_INLINE Mask& operator&=(Mask b) { return *this = *this & b; }
  CHOKEPOINT_INLINE Mask& operator|=(Mask b) { return *this = *this | b; }

  /// Lane k is bit k.
  friend CHOKEPOINT_INLINE std::uint32_t lane_bits(Mask m) {
    if constexpr (!one_register) {
      return lane_bits(m.v.low) | lane_bits(m.v.high) << (W / 2);
    } else if constexpr (one_bit_per_lane) {
      return static_cast<std::uint32_t>(m.v);
#if defined(__AVX__)
    } else if constexpr (W == 8) {
      return static_cast<std::uint32_t>(_mm256_movemask_ps((__m256)m.v));
#endif
#if defined(__SSE2__)
    } else if constexpr (W == 4) {
      return static_cast<std::uint32_t>(_mm_movemask_ps((__m128)m.v));
#endif
    } else {
      std::uint32_t bits = 0;
      for (int k = 0; k < W; ++k) bits |= (m.v[k] != 0 ? 1u : 0u) << k;
      return bits;
    }
  }

  friend CHOKEPOINT_INLINE bool any(Mask m) {
    return lane_bits(m) != 0;
  }
  friend CHOKEPOINT_INLINE bool none(Mask m) {
    return lane_bits(m) == 0;
  }
  friend CHOKEPOINT_INLINE bool all(Mask m) {
    return lane_bits(m) == (1u << W) - 1;
  }
  friend CHOKEPOINT_INLINE int count(Mask m) {
    return __builtin_popcount(lane_bits(m));
  }
  friend CHOKEPOINT_INLINE bool lane(Mask m, int k) {
    return (lane_bits(m) >> k & 1) != 0;
  }
  friend CHOKEPOINT_INLINE Mask select(Mask m, Mask a, Mask b) {
    return (m & a) | (!m & b);
  }
};

template <int W>
struct MaskStorage<W, false> {
  using type = Pair<Mask<W / 2>>;
};

#if defined(__AVX512F__)
template <>
struct MaskStorage<16, true> {
  using type = __mmask16;
};
#endif

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
