#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// A checksum of everything a path measured, every measure of every month, in order. Multiply-with-carry with the values
/// put into the lower word: a one-to-one map of its 64-bit state, so that a change of a single bit of a single value
/// always changes the checksum of its path.
namespace chokepoint {

inline constexpr std::uint32_t checksum_multiplier = 0xfffeb81bU;

inline namespace CHOKEPOINT_TARGET {

/// State before the first value of path `path`, path < 2^63: equal values on two paths give two checksums.
CHOKEPOINT_INLINE std::uint64_t checksum_start(std::uint64_t path) { return path + 1; }

/// Puts one value into the state. All NaNs count as one: their bits differ between machines.
CHOKEPOINT_INLINE std::uint64_t checksum_add(std::uint64_t state, float value) {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t canonical = (bits & 0x7fffffffU) > 0x7f800000U ? 0x7fc00000U : bits;
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(state) ^ canonical) *
             static_cast<std::uint64_t>(checksum_multiplier) +
         (state >> 32);
}

/// Spreads the state over all 64 bits (the finaliser of MurmurHash3, one-to-one), so that sums over paths lose nothing.
CHOKEPOINT_INLINE std::uint64_t checksum_finish(std::uint64_t state) {
  state = (state ^ (state >> 33)) * 0xff51afd7ed558ccdULL;
  state = (state ^ (state >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return state ^ (state >> 33);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
