#pragma once

#include <cstdint>

#include "chokepoint/tally/histogram.hpp"

namespace chokepoint {

/// The octaves for which a histogram has bins. These follow its special bins, in rising order, without gaps.
struct OctaveSet {
  std::uint64_t words[octave_numbers / 64];
};

inline namespace CHOKEPOINT_TARGET {

inline bool has(const OctaveSet& set, int octave) {
  return (set.words[octave >> 6] >> (octave & 63) & 1) != 0;
}

inline void insert(OctaveSet& set, int octave) {
  set.words[octave >> 6] |= std::uint64_t{1} << (octave & 63);
}

inline void insert(OctaveSet& set, const OctaveSet& more) {
  for (int k = 0; k < octave_numbers / 64; ++k) set.words[k] |= more.words[k];
}

inline bool has_all(const OctaveSet& set, const OctaveSet& wanted) {
  std::uint64_t lacking = 0;
  for (int k = 0; k < octave_numbers / 64; ++k) lacking |= wanted.words[k] & ~set.words[k];
  return lacking == 0;
}

/// How many of the set are below an octave, 0 to 512.
inline int rank_of(const OctaveSet& set, int octave) {
  int below = 0;
  for (int k = 0; k < octave >> 6; ++k) below += __builtin_popcountll(set.words[k]);
  if (octave == octave_numbers) return below;
  return below + __builtin_popcountll(set.words[octave >> 6] & ((std::uint64_t{1} << (octave & 63)) - 1));
}

inline int size_of(const OctaveSet& set) {
  return rank_of(set, octave_numbers);
}

/// Calls visit(octave) in rising order.
template <class Visit>
inline void for_each_octave(const OctaveSet& set, Visit visit) {
  for (int k = 0; k < octave_numbers / 64; ++k)
    for (std::uint64_t word = set.words[k]; word != 0; word &= word - 1) visit(64 * k + __builtin_ctzll(word));
}

/// Position of a bin's count in a histogram that has its octave.
inline std::int32_t place_of(const OctaveSet& set, const BinSpec& spec, std::int32_t bin) {
  if (bin < 0) return bin + special_bins;
  const std::int32_t octave = octave_of(spec, bin), gone = octave - rank_of(set, octave);
  return special_bins + bin - (gone << spec.mantissa_bits);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
