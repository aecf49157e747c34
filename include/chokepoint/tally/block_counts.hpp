#pragma once

#include "chokepoint/tally/tally_view.hpp"

/// Counts blocks of values into the histogram of their row.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

inline constexpr int tally_block = 256;
inline constexpr int tally_crowded_bins = 12;
/// Octaves up to here apart are taken in with all between them: they then lie side by side, and one shift places all.
inline constexpr int tally_wide_octaves = 16;

/// What one pass over a block of values finds beside the bins. Everything is 32 bits wide: a compiler fills its
/// registers only where all of a loop is of one width, and sums over a block of parts of up to 22 bits stay within 32.
struct BlockRange {
  std::int32_t first_bin, last_bin;  ///< of those in octaves; last < 0 where none is
  std::int32_t least_bin;            ///< of all; < 0 where one is special
  std::int32_t smallest_key, largest_key;
};

/// Bins of up to tally_block values.
inline BlockRange scan_block(const BinSpec spec, const float* __restrict row, int paths,
                             std::int32_t* __restrict bins) {
  std::uint32_t first = 0xffffffffU;  // a special bin is negative: as an unsigned number it is large
  std::int32_t least = 0x7fffffff, last = -special_bins, smallest = no_smallest_key, largest = no_largest_key;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bin = bin_of(spec, row[path]);
    bins[path] = bin;
    first = static_cast<std::uint32_t>(bin) < first ? static_cast<std::uint32_t>(bin) : first;
    least = bin < least ? bin : least;
    last = bin > last ? bin : last;
    const std::int32_t small = smallest_key(row[path]), large = largest_key(row[path]);
    smallest = small < smallest ? small : smallest;
    largest = large > largest ? large : largest;
  }
  return {static_cast<std::int32_t>(first), last, least, smallest, largest};
}

/// Where a block's counts lie within those of its row: at its bins, moved.
struct BlockPlaces {
  std::int32_t first, last;  ///< bin
  std::ptrdiff_t shift;
};

/// Turns bins into places where one shift does for all that are not special.
inline BlockPlaces shift_bins(std::int32_t* bins, int paths, std::int32_t shift) {
  std::int32_t first = 0x7fffffff, last = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bin = bins[path], place = bin + choose(bin >> 31, special_bins, shift);
    bins[path] = place;
    first = place < first ? place : first;
    last = place > last ? place : last;
  }
  return {first, last, 0};
}

/// Turns bins into places by a table of the octaves.
inline BlockPlaces look_up_bins(const OctaveSet& octaves, const BinSpec& spec, std::int32_t* bins, int paths) {
  std::int32_t shifts[octave_numbers];
  std::int32_t next = 0;
  for_each_octave(octaves,
                  [&](int octave) { shifts[octave] = special_bins - ((octave - next++) << spec.mantissa_bits); });
  BlockPlaces out{0x7fffffff, 0, 0};
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bin = bins[path], place = bin + (bin < 0 ? special_bins : shifts[octave_of(spec, bin)]);
    bins[path] = place;
    out.first = place < out.first ? place : out.first;
    out.last = place > out.last ? place : out.last;
  }
  return out;
}

inline void make_room(const TallyView& view, std::int32_t row, const OctaveSet& octaves) {
  if (!has_all(view.rows[row].octaves, octaves)) view.grow(view.owner, row, octaves);
}

/// Finds the places of a block within the counts of rows[row], and sees to it that there are such.
inline BlockPlaces place_block(const TallyView& view, std::int32_t row, const BinSpec& spec, const BlockRange& range,
                               std::int32_t* bins, int paths) {
  if (range.last_bin < 0) return {range.least_bin, range.last_bin, special_bins};
  const std::int32_t first = octave_of(spec, range.first_bin), last = octave_of(spec, range.last_bin);
  OctaveSet wanted{};
  if (last - first < tally_wide_octaves) {
    for (std::int32_t octave = first; octave <= last; ++octave) insert(wanted, octave);
    make_room(view, row, wanted);
    const std::int32_t shift = place_of(view.rows[row].octaves, spec, range.first_bin) - range.first_bin;
    if (range.least_bin >= 0) return {range.first_bin, range.last_bin, shift};
    return shift_bins(bins, paths, shift);
  }
  for (int path = 0; path < paths; ++path)
    if (bins[path] >= 0) insert(wanted, octave_of(spec, bins[path]));
  make_room(view, row, wanted);
  return look_up_bins(view.rows[row].octaves, spec, bins, paths);
}

inline std::int32_t count_equal(const std::int32_t* __restrict bins, int paths, std::int32_t bin) {
  std::int32_t equal = 0;
  for (int path = 0; path < paths; ++path) equal += bins[path] == bin ? 1 : 0;
  return equal;
}

/// Asks memory for the counts that are about to change. The histograms of a run do not fit in a cache; every fourth
/// value touches most of their lines.
inline void fetch_counts(const std::int32_t* bins, int paths, std::ptrdiff_t shift, const ThreadCount* counts) {
  for (int path = 0; path < paths; path += 4) __builtin_prefetch(counts + (bins[path] + shift), 1);
}

/// Asks memory for the octaves and sums of a row, which arrive while its first values are looked at.
inline void fetch_row(const TallyRow& row) {
  const char* const start = reinterpret_cast<const char*>(&row);
  for (std::size_t byte = 0; byte < sizeof row; byte += 64) __builtin_prefetch(start + byte, 1);
}

/// Counts a block. Values that crowd into a few bins (flags, whatever no shock has touched yet) would make every
/// increment wait for the one before it; for them one comparison a bin, over whole registers, is faster. The others are
/// unrolled, which compilers leave at -O3.
inline void count_block(const std::int32_t* bins, int paths, const BlockPlaces& places, ThreadCount* counts) {
  const std::ptrdiff_t shift = places.shift;
  if (places.first == places.last) {
    counts[places.first + shift] = static_cast<ThreadCount>(counts[places.first + shift] + paths);
  } else if (places.last - places.first < tally_crowded_bins) {
    for (std::int32_t bin = places.first; bin <= places.last; ++bin)
      counts[bin + shift] = static_cast<ThreadCount>(counts[bin + shift] + count_equal(bins, paths, bin));
  } else {
#pragma GCC unroll 8
    for (int path = 0; path < paths; ++path) ++counts[bins[path] + shift];
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
