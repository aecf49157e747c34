#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chokepoint/tally/exact_sum.hpp"
#include "chokepoint/tally/octave_set.hpp"

namespace chokepoint {

/// The counts of a histogram, moved to one that has room for more octaves.
template <class Count>
std::vector<Count> with_room(const OctaveSet& old, const Count* counts, const OctaveSet& octaves, const BinSpec& spec) {
  const std::size_t width = std::size_t{1} << spec.mantissa_bits;
  std::vector<Count> out(special_bins + static_cast<std::size_t>(size_of(octaves)) * width);
  const Count* from = counts;
  for (std::size_t bin = 0; bin < special_bins; ++bin) out[bin] = *from++;
  for_each_octave(old, [&](int octave) {
    Count* to = out.data() + place_of(octaves, spec, octave << spec.mantissa_bits);
    for (std::size_t bin = 0; bin < width; ++bin) to[bin] = *from++;
  });
  return out;
}

/// One measure in one month over all paths: a histogram of the octaves that occur, exact sums, extremes.
class MeasureTally {
 public:
  explicit MeasureTally(const BinSpec& spec) : spec_(spec), counts_(special_bins) {}

  const BinSpec& spec() const { return spec_; }
  const OctaveSet& octave_set() const { return octaves_; }
  /// Paths in a bin, special ones included; 0 where its octave never occurred.
  std::uint64_t count(std::int32_t bin) const;
  /// Paths on which the measure was a number.
  std::uint64_t defined() const;
  /// Sums with all carries taken, and extremes.
  const RowSums& sums() const { return sums_; }

  /// Calls visit(bin, count) for the bins of numbers that are not empty, in the order of their values.
  template <class Visit>
  void for_each_number(Visit visit) const {
    const std::uint64_t* count = counts_.data() + special_bins;
    bool zero_is_due = counts_[zero_bin + special_bins] != 0;
    const auto visit_zero = [&] {
      if (zero_is_due) visit(zero_bin, counts_[zero_bin + special_bins]);
      zero_is_due = false;
    };
    for_each_octave(octaves_, [&](int octave) {
      if (octave >= middle_octave) visit_zero();
      for (std::int32_t bin = octave << spec_.mantissa_bits; octave_of(spec_, bin) == octave; ++bin, ++count)
        if (*count != 0) visit(bin, *count);
    });
    visit_zero();
  }

  /// Adds a histogram of other paths. Count: std::uint16_t, std::uint32_t or std::uint64_t.
  /// @param counts special bins, then those of the octaves in rising order
  template <class Count>
  void add_counts(const OctaveSet& octaves, const Count* counts) {
    const int width = 1 << spec_.mantissa_bits;
    make_room(occupied(octaves, counts + special_bins));
    for (int bin = 0; bin < special_bins; ++bin) counts_[static_cast<std::size_t>(bin)] += *counts++;
    for_each_octave(octaves, [&](int octave) {
      if (has(octaves_, octave)) {
        std::uint64_t* to = counts_.data() + place_of(octaves_, spec_, octave << spec_.mantissa_bits);
        for (int k = 0; k < width; ++k) to[k] += counts[k];
      }
      counts += width;
    });
  }
  /// Adds the sums of the same paths.
  void add_sums(const RowSums& sums);
  void merge(const MeasureTally& other);
  /// Takes a part out again. The extremes stay: they bound what is left, no longer tightly.
  /// @throws TallyMismatch where the part counts something that this does not
  void subtract(const MeasureTally& part);

 private:
  friend class TallyReader;
  void make_room(const OctaveSet& octaves);

  /// Those of the octaves that hold counts.
  template <class Count>
  OctaveSet occupied(const OctaveSet& octaves, const Count* counts) const {
    OctaveSet out{};
    for_each_octave(octaves, [&](int octave) {
      const Count* const end = counts + (1 << spec_.mantissa_bits);
      if (std::any_of(counts, end, [](Count count) { return count != 0; })) insert(out, octave);
      counts = end;
    });
    return out;
  }

  BinSpec spec_;
  OctaveSet octaves_{};
  std::vector<std::uint64_t> counts_;
  RowSums sums_ = empty_row_sums;
};

}  // namespace chokepoint
