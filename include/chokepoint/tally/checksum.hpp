#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

/// A checksum of everything a path measured, every measure of every month, in order. Each step maps the 64 bits of the
/// state one to one, and different values to different states: changing one bit of one value always changes the
/// checksum of its path. Two words of 32 bits, because that is what registers multiply fastest.
namespace chokepoint {

struct ChecksumState {
  std::uint32_t hash;   ///< mixes the values
  std::uint32_t trail;  ///< remembers where `hash` has been, should it ever meet another path's
};

inline constexpr std::uint32_t checksum_multiplier = 0x9e3779b1U;

inline namespace CHOKEPOINT_TARGET {

/// State before the first value: paths start apart, so that swapping two paths shows.
CHOKEPOINT_INLINE ChecksumState checksum_start(std::uint64_t path) {
  return {static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32)};
}

CHOKEPOINT_INLINE std::uint32_t rotated(std::uint32_t word, int by) {
  return (word << by) | (word >> (32 - by));
}

/// Puts one value into the state. All NaNs count as one: their bits differ between machines.
CHOKEPOINT_INLINE ChecksumState checksum_add(ChecksumState state, float value) {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t canonical = (bits & 0x7fffffffU) > 0x7f800000U ? 0x7fc00000U : bits;
  const std::uint32_t hash = rotated((state.hash ^ canonical) * checksum_multiplier, 13);
  return {hash, rotated(state.trail, 11) + hash};
}

/// Spreads the state over all 64 bits (the finaliser of MurmurHash3, one to one), so that sums over paths lose nothing.
CHOKEPOINT_INLINE std::uint64_t checksum_finish(ChecksumState state) {
  std::uint64_t word = static_cast<std::uint64_t>(state.trail) << 32 | state.hash;
  word = (word ^ (word >> 33)) * 0xff51afd7ed558ccdULL;
  word = (word ^ (word >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return word ^ (word >> 33);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
