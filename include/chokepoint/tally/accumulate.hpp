#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/tally/checksum.hpp"
#include "chokepoint/tally/events.hpp"
#include "chokepoint/tally/exact_sum.hpp"
#include "chokepoint/tally/octave_set.hpp"

/// Tallies rows of measures while they are in cache. Raw pointers and plain loops only: this is compiled once for every
/// instruction set and vectorised by the compiler. All of it is integer arithmetic or exact, so every target agrees.
namespace chokepoint {

/// Counter of a thread's own histograms. Small, because those of all months and measures together are what the caches
/// and memory have to carry; emptied into 64-bit counts before it can overflow (ThreadTallies).
using ThreadCount = std::uint16_t;

/// Solver behaviour of many path-steps.
struct StepSums {
  std::uint64_t unsolved_steps;
  float max_residual;  ///< infinite for one that was not a number
};

/// What a thread has of one measure in one month.
struct TallyRow {
  OctaveSet octaves;    ///< that the counts have room for
  ThreadCount* counts;  ///< special bins, then octaves
  RowSums sums;
};

/// One thread's tallies as raw memory, with the state of the chunk of paths in work.
struct TallyView {
  const BinSpec* specs;       ///< [measures]
  const EventRule* rules;     ///< [events]
  TallyRow* rows;             ///< [months][measures]
  std::uint64_t* iterations;  ///< [iteration_limit + 1] path-steps by solver iterations
  StepSums* steps;
  std::uint32_t* path_hash;     ///< [chunk] ChecksumState::hash
  std::uint32_t* path_trail;    ///< [chunk] ChecksumState::trail
  std::uint8_t* path_unsolved;  ///< [chunk] 1 once a month of the path missed its tolerance
  EventState* event_states;     ///< [events][chunk]
  std::int32_t months, measures, events, iteration_limit;
  std::int32_t chunk;  ///< room for paths
  void* owner;         ///< of the rows
  /// Makes room for more octaves in rows[row]. May throw std::bad_alloc.
  void (*grow)(void* owner, std::int32_t row, const OctaveSet& octaves);
};

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

/// What a pass over a band of octaves finds beside the numbers. Sums of halves, so that those of a block stay within 32
/// bits.
struct BandSums {
  std::int32_t upper, lower;  ///< of the upper and lower 16 bits of the numbers
  std::int32_t below;         ///< greatest magnitude under the band, as bits
};

/// Whole numbers of the values of a band up to a magnitude.
inline BandSums scan_band(const float* __restrict row, int paths, std::int32_t top, std::int32_t greatest,
                          std::int32_t* __restrict numbers) {
  const std::int32_t low = (top - band_octaves + 1) << 23;
  const std::int32_t missing = static_cast<std::int32_t>(bits_of(missing_value));
  std::int32_t upper = 0, lower = 0, below = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t bits = static_cast<std::int32_t>(bits_of(row[path]));
    const std::int32_t magnitude = bits & 0x7fffffff;
    const std::int32_t under = (magnitude - low) >> 31, over = (greatest - magnitude) >> 31;
    const std::int32_t inside = ~(under | over | -static_cast<std::int32_t>(bits == missing));
    const std::int32_t number = number_in_band(static_cast<std::uint32_t>(bits), top, inside);
    numbers[path] = number;
    upper += number >> 16;
    lower += number & 0xffff;
    const std::int32_t rest = magnitude & under;
    below = rest > below ? rest : below;
  }
  return {upper, lower, below};
}

/// The same where every value lies in the band.
inline BandSums scan_whole_band(const float* __restrict row, int paths, std::int32_t top,
                                std::int32_t* __restrict numbers) {
  std::int32_t upper = 0, lower = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int32_t number = number_in_band(bits_of(row[path]), top, -1);
    numbers[path] = number;
    upper += number >> 16;
    lower += number & 0xffff;
  }
  return {upper, lower, 0};
}

/// Sums of the squares of up to 2^32 numbers, of their upper and lower 32 bits.
struct SquareSums {
  std::uint64_t high, low;
};

inline SquareSums squares_of_block(const std::int32_t* __restrict numbers, int paths) {
  std::uint64_t upper = 0, wrapped = 0;
  for (int path = 0; path < paths; ++path) {
    const std::int64_t number = numbers[path];
    const std::uint64_t square = static_cast<std::uint64_t>(number * number);
    upper += square >> 32;
    wrapped += square;
  }
  return {upper, wrapped - (upper << 32)};  // the lower halves alone: exact modulo 2^64, and they fit
}

inline std::int32_t magnitude_of_key(std::int32_t key) {
  return static_cast<std::int32_t>(bits_of(from_order_key(key)) & 0x7fffffffU);
}

inline std::int32_t top_of_band(std::int32_t magnitude) {
  return magnitude >> 23 < lowest_top ? lowest_top : magnitude >> 23;
}

inline void add_numbers(const std::int32_t* numbers, int paths, std::int32_t top, const BandSums& band, RowSums& sums) {
  const SquareSums squares = squares_of_block(numbers, paths);
  const std::int64_t sum = static_cast<std::int64_t>(band.upper) * 65536 + band.lower;
  add_band(sums, top, sum, squares.high, squares.low,
           [](std::int64_t* digit, std::int64_t amount) { *digit += amount; });
}

/// Adds a block to the sums of its row, band by band from the top; one is most often all there is.
inline void sum_block(const float* row, int paths, const BlockRange& range, RowSums& sums) {
  if (range.smallest_key > range.largest_key) return;
  sums.smallest_key = range.smallest_key < sums.smallest_key ? range.smallest_key : sums.smallest_key;
  sums.largest_key = range.largest_key > sums.largest_key ? range.largest_key : sums.largest_key;
  const std::int32_t a = magnitude_of_key(range.smallest_key), b = magnitude_of_key(range.largest_key);
  const std::int32_t least = a < b ? a : b;
  std::int32_t greatest = a > b ? a : b, numbers[tally_block];
  const bool has_one_sign = (range.smallest_key ^ range.largest_key) >= 0;
  if (range.least_bin >= 0 && has_one_sign && least >> 23 > top_of_band(greatest) - band_octaves) {
    const std::int32_t top = top_of_band(greatest);
    return add_numbers(numbers, paths, top, scan_whole_band(row, paths, top, numbers), sums);
  }
  while (greatest >= static_cast<std::int32_t>(least_normal)) {
    const std::int32_t top = top_of_band(greatest);
    const BandSums band = scan_band(row, paths, top, greatest, numbers);
    add_numbers(numbers, paths, top, band, sums);
    greatest = band.below;
  }
}

/// Adds `paths` values of one measure in one month to rows[row].
/// @param values paths floats; missing_value, NaN and infinities allowed
inline void accumulate_row(const TallyView& view, std::int32_t row, const BinSpec& spec, const float* values,
                           int paths) {
  std::int32_t bins[tally_block];
  fetch_row(view.rows[row]);
  for (int start = 0; start < paths; start += tally_block) {
    const int size = paths - start < tally_block ? paths - start : tally_block;
    const BlockRange range = scan_block(spec, values + start, size, bins);
    const BlockPlaces places = place_block(view, row, spec, range, bins, size);
    ThreadCount* const counts = view.rows[row].counts;
    fetch_counts(bins, size, places.shift, counts);
    sum_block(values + start, size, range, view.rows[row].sums);  // while the counts are on their way
    count_block(bins, size, places, counts);
  }
}

/// Puts a row into the checksums of its paths.
inline void checksum_row(const float* __restrict row, int paths, std::uint32_t* __restrict path_hash,
                         std::uint32_t* __restrict path_trail) {
  for (int path = 0; path < paths; ++path) {
    const ChecksumState state = checksum_add({path_hash[path], path_trail[path]}, row[path]);
    path_hash[path] = state.hash;
    path_trail[path] = state.trail;
  }
}

/// Takes the month's value of an event's measure on every path.
inline void event_row(const EventRule& rule, const float* row, int paths, int month, EventState* states) {
  for (int path = 0; path < paths; ++path) states[path] = event_step(rule, states[path], month, row[path]);
}

/// Tallies all measures of one month of a chunk: months in order from 0, each once.
/// @param rows measures by paths, `stride` floats from one measure to the next
inline void accumulate_month(const TallyView& view, int month, const float* rows, std::int64_t stride, int paths) {
  for (int measure = 0; measure < view.measures; ++measure) {
    const float* row = rows + measure * stride;
    accumulate_row(view, month * view.measures + measure, view.specs[measure], row, paths);
    checksum_row(row, paths, view.path_hash, view.path_trail);
  }
  for (int event = 0; event < view.events; ++event) {
    const EventRule& rule = view.rules[event];
    event_row(rule, rows + rule.measure * stride, paths, month, view.event_states + event * view.chunk);
  }
}

/// Tallies how the solver fared on every path of one month. Not solved: a residual above `tolerance`, or not a number.
/// @param iterations solver iterations; above the limit counts as the limit
inline void accumulate_steps(const TallyView& view, const std::int32_t* iterations, const float* residual,
                             float tolerance, int paths) {
  for (int path = 0; path < paths; ++path) {
    const bool solved = residual[path] <= tolerance;
    view.steps->unsolved_steps += solved ? 0 : 1;
    view.path_unsolved[path] |= solved ? 0 : 1;
    const float size = residual[path] <= 3.4e38F ? residual[path] : float_of(0x7f800000U);
    view.steps->max_residual = size > view.steps->max_residual ? size : view.steps->max_residual;
    const std::int32_t count = iterations[path] < 0 ? 0 : iterations[path];
    ++view.iterations[count > view.iteration_limit ? view.iteration_limit : count];
  }
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
