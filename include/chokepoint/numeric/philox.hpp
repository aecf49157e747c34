#pragma once

#include "chokepoint/numeric/lanes.hpp"

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four random
/// words that are a pure function of a counter and a key.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// U is uint32_t or a register of them: one independent block per lane.
template <class U>
struct PhiloxBlock {
  U word[4];
};

template <class U>
CHOKEPOINT_INLINE PhiloxBlock<U> philox_round(PhiloxBlock<U> x, U key_0, U key_1) {
  const WideProduct<U> product_0 = multiply_wide(x.word[0], U(0xd2511f53u));
  const WideProduct<U> product_1 = multiply_wide(x.word[2], U(0xcd9e8d57u));
  return {{product_1.high ^ x.word[1] ^ key_0, product_1.low, product_0.high ^ x.word[3] ^ key_1, product_0.low}};
}

/// Unrolled by recursion, since no pragma for it is understood by all our compilers.
template <int rounds, class U>
CHOKEPOINT_INLINE PhiloxBlock<U> philox_rounds(PhiloxBlock<U> x, U key_0, U key_1) {
  x = philox_round(x, key_0, key_1);
  if constexpr (rounds > 1) x = philox_rounds<rounds - 1>(x, key_0 + U(0x9e3779b9u), key_1 + U(0xbb67ae85u));
  return x;
}

/// The key is the same in every lane.
template <class U>
CHOKEPOINT_INLINE PhiloxBlock<U> philox(PhiloxBlock<U> counter, std::uint32_t key_0, std::uint32_t key_1) {
  return philox_rounds<10>(counter, U(key_0), U(key_1));
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
