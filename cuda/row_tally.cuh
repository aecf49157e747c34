#pragma once

#include "chokepoint/tally/exact_sum.hpp"
#include "launch.cuh"
#include "octave_pool.cuh"
#include "path_numbers.cuh"
#include "warp.cuh"

/// Second pass over the measures that the path kernel left in memory. One block takes one measure of one month. It
/// looks which exponents occur, then counts them four at a time, of both signs: such a band's histogram lives in shared
/// memory, its sums in registers, and both reach global memory once a band. A counter in global memory per value would
/// be far slower (docs/gpu.md).
namespace chokepoint::gpu {

struct RowTallyTask {
  static constexpr int threads = 256;
  static constexpr int blocks_per_multiprocessor = 4;
  static constexpr const char* name = "the tally kernel of measures";

  Round round;
  Slot slot;
  DeviceTallies tallies;

  static unsigned blocks(const Round& round) {
    return static_cast<unsigned>((round.month_end - round.month_begin) * round.measures);
  }
  static constexpr std::size_t shared_bytes() { return shared_words * sizeof(std::uint32_t); }

  __device__ void operator()() const {
    const int measure = static_cast<int>(blockIdx.x) % round.measures;
    const int month = round.month_begin + static_cast<int>(blockIdx.x) / round.measures;
    const std::int64_t row = static_cast<std::int64_t>(month) * round.measures + measure;
    const float* const values = slot.rows + static_cast<std::int64_t>(blockIdx.x) * round.stride;
    clear(shared_words);
    look_through(values, tallies.sums[row]);
    hand_over_special(tallies.special + row * special_bins);
    unsigned bands[2] = {present_bands()[0], present_bands()[1]};
    for (int band = 0; band < octave_bands; ++band) {
      if ((bands[band / 32] >> band % 32 & 1u) == 0) continue;
      __syncthreads();
      clear(band_bins + band_octave_count);
      sum_and_count(values, band, tallies.sums[row]);
      hand_over_band(band, tallies.directory + row * octave_numbers);
    }
  }

 private:
  static constexpr int band_exponents = 4, octave_bands = 64, band_octave_count = 2 * band_exponents;
  static constexpr int octave_bins = 1 << histogram_mantissa_bits;
  static constexpr int band_bins = band_octave_count * octave_bins;
  // Shared memory: counts of a band; marks, later slots, of its octaves; special bins; marks of the bands that occur.
  static constexpr int shared_words = band_bins + band_octave_count + special_bins + 2;

  __device__ static std::uint32_t* shared() {
    extern __shared__ std::uint32_t histogram[];
    return histogram;
  }
  __device__ static std::uint32_t* octave_marks() { return shared() + band_bins; }
  __device__ static std::uint32_t* special_counts() { return octave_marks() + band_octave_count; }
  __device__ static std::uint32_t* present_bands() { return special_counts() + special_bins; }

  __device__ static void clear(int words) {
    for (int k = static_cast<int>(threadIdx.x); k < words; k += threads) shared()[k] = 0;
    __syncthreads();
  }

  /// Calls visit(value) with every value of the row; with missing_value and `exists` false where a thread has none.
  template <class Visit>
  __device__ void for_each_value(const float* values, Visit visit) const {
    for (std::int32_t start = 0; start < round.paths; start += threads) {
      const std::int32_t path = start + static_cast<std::int32_t>(threadIdx.x);
      const bool exists = path < round.paths;
      visit(exists ? values[path] : missing_value, exists);
    }
  }

  /// Special values, extremes, and which bands occur.
  __device__ void look_through(const float* values, RowSums& sums) const {
    std::int32_t smallest = no_smallest_key, largest = no_largest_key;
    unsigned long long bands = 0;
    for_each_value(values, [&](float value, bool exists) {
      const std::int32_t bin = bin_of({histogram_mantissa_bits, 0}, value);
      const std::uint32_t exponent = bits_of(value) >> 23 & 255u;
      if (bin >= 0) bands |= 1ull << (exponent / band_exponents);
      smallest = min_of(smallest, smallest_key(value));
      largest = max_of(largest, largest_key(value));
      if (!__all_sync(whole_warp, bin >= 0)) warp_count(special_counts(), exists && bin < 0 ? bin + special_bins : -1);
    });
    smallest = warp_minimum(smallest);
    largest = warp_maximum(largest);
    bands = warp_or(bands);
    if (lane_in_warp() == 0) {
      atomicMin(&sums.smallest_key, smallest);
      atomicMax(&sums.largest_key, largest);
      atomicOr(&present_bands()[0], static_cast<std::uint32_t>(bands));
      atomicOr(&present_bands()[1], static_cast<std::uint32_t>(bands >> 32));
    }
    __syncthreads();
  }

  __device__ static std::int32_t min_of(std::int32_t a, std::int32_t b) { return a < b ? a : b; }
  __device__ static std::int32_t max_of(std::int32_t a, std::int32_t b) { return a > b ? a : b; }

  /// Other blocks, of a batch in another stream, may count the same row at the same time.
  __device__ static void hand_over_special(std::uint32_t* counts) {
    if (threadIdx.x < special_bins && special_counts()[threadIdx.x] != 0)
      atomicAdd(&counts[threadIdx.x], special_counts()[threadIdx.x]);
  }

  /// Place of a value's bin among those of its band, -1 for one outside.
  __device__ static std::int32_t place_in_band(std::uint32_t bits, int band) {
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    const std::int32_t bin =
        static_cast<std::int32_t>(magnitude >> (23 - histogram_mantissa_bits)) - band * (band_bins / 2);
    const bool inside = bin >= 0 && bin < band_bins / 2 && magnitude >= least_normal && unusable_mask(bits) == 0;
    return inside ? (bits >> 31 != 0 ? band_bins / 2 - 1 - bin : band_bins / 2 + bin) : -1;
  }

  __device__ void sum_and_count(const float* values, int band, RowSums& sums) const {
    // Four exponents in the lower half of a band of eight: numbers under 2^27.
    const std::int32_t top = max_of(band_exponents * band + 7, lowest_top);
    long long sum = 0;
    unsigned long long square_high = 0, square_low = 0;
    for_each_value(values, [&](float value, bool) {
      const std::int32_t place = place_in_band(bits_of(value), band);
      warp_count(shared(), place);
      const long long number = number_in_band(bits_of(value), top, ~(place >> 31));
      const unsigned long long square = static_cast<unsigned long long>(number * number);
      sum += number;
      square_high += square >> 32;
      square_low += square & 0xffffffffu;
    });
    sum = warp_sum(sum);
    square_high = warp_sum(square_high);
    square_low = warp_sum(square_low);
    if (lane_in_warp() == 0)
      add_band(sums, top, sum, square_high, square_low,
               [](std::int64_t* digit, std::int64_t amount) { add_atomically(digit, amount); });
    __syncthreads();
  }

  // CUDA's 64-bit atomics are declared for unsigned long long; two's complement makes them right for signed sums too.
  __device__ static void add_atomically(std::int64_t* to, std::int64_t value) {
    atomicAdd(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(value));
  }

  /// The band's octaves in the order of their values: negative ones first, the largest magnitude before.
  __device__ static int octave_number(int band, int octave) {
    return octave < band_exponents ? middle_octave - band_exponents * (band + 1) + octave
                                   : middle_octave + band_exponents * (band - 1) + octave;
  }

  __device__ void hand_over_band(int band, std::uint32_t* directory) const {
    for (int octave = 0; octave < band_octave_count; ++octave) {
      const std::uint32_t count = shared()[octave * octave_bins + static_cast<int>(threadIdx.x)];
      if (!__all_sync(whole_warp, count == 0) && lane_in_warp() == 0) octave_marks()[octave] = 1;
    }
    __syncthreads();
    if (threadIdx.x < band_octave_count && octave_marks()[threadIdx.x] != 0)
      octave_marks()[threadIdx.x] = tallies.pool.claim(directory[octave_number(band, static_cast<int>(threadIdx.x))]);
    __syncthreads();
    for (int octave = 0; octave < band_octave_count; ++octave) {
      const std::uint32_t count = shared()[octave * octave_bins + static_cast<int>(threadIdx.x)];
      const std::uint32_t claimed = octave_marks()[octave];
      if (count != 0 && claimed != 0) atomicAdd(tallies.pool.counts_of(claimed) + threadIdx.x, count);
    }
  }
};

static_assert(RowTallyTask::threads == 1 << histogram_mantissa_bits, "a thread hands over one bin of each octave");

}  // namespace chokepoint::gpu
