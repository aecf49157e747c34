#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "chokepoint/tally/totals.hpp"
#include "chokepoint/tally/zeroed_array.hpp"

namespace chokepoint {

/// Two tallies that do not belong together: other months, measures, events or scales, or a part that is none.
class TallyMismatch : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Bytes that are no tallies: cut short, changed, or not consistent.
class TallyFormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Everything a run keeps of its paths. All integers (and a maximum), so merging is associative and commutative to the
/// bit: any split of the paths over threads, machines and days gives the same tallies, and the same digest.
/// Not synchronised: one thread at a time.
class Tallies {
 public:
  /// Tallies of no paths. Takes 8 bytes a bin, but only of pages that are counted into.
  explicit Tallies(TallyLayout layout);

  const TallyLayout& layout() const { return layout_; }
  const RunTotals& totals() const { return totals_; }
  /// Counts of the bins of a measure in a month: layout().specs[measure].bins of them.
  const std::uint64_t* counts(int month, int measure) const {
    return counts_.data() + layout_.first_count(month, measure);
  }
  const Moments& moments(int month, int measure) const { return moments_[layout_.row(month, measure)]; }
  /// Paths on which the measure was a number in that month.
  std::uint64_t defined(int month, int measure) const;

  /// Adds histograms [months][bins] of other paths. Count: std::uint16_t, std::uint32_t or std::uint64_t.
  template <class Count>
  void add_counts(const Count* counts) {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts[i] != 0) counts_[i] += counts[i];
  }
  /// Adds sums [months][measures] of the same paths.
  void add_sums(const RowSums* sums);
  /// Adds the totals of the same paths.
  /// @throws TallyMismatch where they have another layout's sizes
  void add_totals(const RunTotals& totals);

  /// Adds the tallies of other paths.
  /// @throws TallyMismatch where the layouts differ; nothing has changed then
  void merge(const Tallies& other);

  /// These tallies without `part`, the tallies of some of these paths alone. The largest residual and the extremes
  /// cannot be taken apart and stay: they bound what is left.
  /// @throws TallyMismatch where the layouts differ or `part` counts something that these do not
  Tallies minus(const Tallies& part) const;

  /// Canonical bytes, little-endian on every machine, a checksum at the end. Equal tallies have equal bytes.
  std::vector<std::byte> serialise() const;
  /// @throws TallyFormatError on anything but the unchanged bytes of serialise()
  static Tallies deserialise(const std::byte* bytes, std::size_t size);

  /// XXH3-128 of the canonical bytes, 32 hexadecimal digits: equal if and only if the tallies are (but for 2^-128).
  std::string digest() const;

 private:
  friend class TallyReader;
  TallyLayout layout_;
  RunTotals totals_;
  ZeroedArray<std::uint64_t> counts_;
  std::vector<Moments> moments_;
};

}  // namespace chokepoint
