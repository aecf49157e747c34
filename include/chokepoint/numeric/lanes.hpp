#pragma once

#include "chokepoint/numeric/scalar.hpp"

// Device code runs one path per thread: it never needs registers of lanes, and its front end does not know them.
#if !defined(__CUDACC__)
#include "chokepoint/numeric/float_lanes.hpp"
#endif

/// The number vocabulary: one word, one meaning, one result in bits, for every kind of number N in
/// {float, double, Lanes<float, 4>, Lanes<float, 8>, Lanes<float, 16>}. The model is written once, in these words.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
struct NumberTraits {  // float, double and uint32_t
  using mask = bool;
  using scalar = N;
  using word = std::uint32_t;
  static constexpr int lanes = 1;
};

#if !defined(__CUDACC__)
template <class T, int W>
struct NumberTraits<Lanes<T, W>> {
  using mask = Mask<W>;
  using scalar = T;
  using word = Lanes<std::uint32_t, W>;
  static constexpr int lanes = W;
};
#endif

/// What a comparison of two N gives.
template <class N>
using mask_t = typename NumberTraits<N>::mask;

/// The type of one lane.
template <class N>
using scalar_t = typename NumberTraits<N>::scalar;

/// A 32-bit word per lane, for random words, regimes and counters.
template <class N>
using uint_t = typename NumberTraits<N>::word;

template <class N>
inline constexpr int lane_count = NumberTraits<N>::lanes;

template <class N>
inline constexpr bool is_float_kind = std::is_same_v<scalar_t<N>, float>;

template <class N>
CHOKEPOINT_INLINE N load(const scalar_t<N>* from) {
  if constexpr (lane_count<N> == 1) {
    return *from;
  } else {
    return N::load(from);
  }
}

template <class N>
CHOKEPOINT_INLINE void store(scalar_t<N>* to, N x) {
  if constexpr (lane_count<N> == 1) {
    *to = x;
  } else {
    x.store(to);
  }
}

/// 0, 1, 2 ... in lanes 0, 1, 2 ...
template <class N>
CHOKEPOINT_INLINE uint_t<N> lane_numbers() {
  if constexpr (lane_count<N> == 1) {
    return 0;
  } else {
    constexpr std::uint32_t numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return uint_t<N>::load(numbers);
  }
}

/// The word read as a signed integer, rounded to nearest: exact for magnitudes up to 2^24.
template <class N>
CHOKEPOINT_INLINE N signed_to_number(uint_t<N> word) {
  if constexpr (lane_count<N> == 1) {
    return static_cast<N>(static_cast<std::int32_t>(word));
  } else {
    return N::of_signed(word);
  }
}

/// Exact below 2^24; not for words of 2^31 and more.
template <class N>
CHOKEPOINT_INLINE N to_number(uint_t<N> word) {
  return signed_to_number<N>(word);
}

/// The integer part of x, for 0 <= x < 2^31. Clamp first: beyond, machines differ.
template <class N>
CHOKEPOINT_INLINE uint_t<N> to_word(N x) {
  if constexpr (lane_count<N> == 1) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(x));
  } else {
    return truncated(x);
  }
}

/// The float kind with these bits.
template <class N>
CHOKEPOINT_INLINE N number_of_bits(uint_t<N> bits) {
  static_assert(is_float_kind<N>, "a double has 64 bits");
  if constexpr (lane_count<N> == 1) {
    return float_of(bits);
  } else {
    return N::of_bits(bits);
  }
}

template <class N>
CHOKEPOINT_INLINE N square(N x) {
  return x * x;
}

template <class N>
struct Same {
  using type = N;
};

// Registers of lanes have `minimum` and `maximum` in one instruction as they are.
template <class N, class = std::enable_if_t<!std::is_arithmetic_v<N>>>
CHOKEPOINT_INLINE N least(N a, typename Same<N>::type b) {
  return minimum(a, b);
}
template <class N, class = std::enable_if_t<!std::is_arithmetic_v<N>>>
CHOKEPOINT_INLINE N greatest(N a, typename Same<N>::type b) {
  return maximum(a, b);
}

/// x^n for a whole n from 0 to 15.
template <class N>
CHOKEPOINT_INLINE N whole_power(const N& x, int n) {
  const N two = x * x, four = two * two;
  N out = (n & 1) != 0 ? x : N(scalar_t<N>(1));
  if ((n & 2) != 0) out = out * two;
  if ((n & 4) != 0) out = out * four;
  if ((n & 8) != 0) out = out * (four * four);
  return out;
}

/// A NaN stays a NaN, so that it is seen. The bounds may be plain numbers.
template <class N>
CHOKEPOINT_INLINE N clamp(N x, typename Same<N>::type low, typename Same<N>::type high) {
  return minimum(high, maximum(low, x));
}

/// 1/x without a division, which costs the GPU over 100 instructions. For 2^-120 <= |x| <= 2^120 within 0.6 ulp
/// (tests/numeric/vocabulary_test.cpp); outside it is not meaningful. The seed is the exponent negated, within 5 %; one
/// Newton step with its error balanced between the signs leaves 1.3e-3, and a step of third order the rest.
template <class N>
CHOKEPOINT_INLINE N reciprocal(N x) {
  if constexpr (is_float_kind<N>) {
    const N seed = number_of_bits<N>(uint_t<N>(0x7ef33400u) - bits_of(x));
    const N closer = seed * fma(-x, seed, N(2.00128f));
    const N error = fma(-x, closer, N(1.0f));
    return fma(closer, fma(error, error, error), closer);
  } else {
    return N(1) / x;
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
