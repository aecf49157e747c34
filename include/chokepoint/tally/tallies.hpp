#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "chokepoint/tally/measure_tally.hpp"
#include "chokepoint/tally/totals.hpp"

namespace chokepoint {

/// Two tallies that do not fit together: different months, measures or events, or a part that is not a part.
class TallyMismatch : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Bytes that are not valid tallies: cut short, changed, or inconsistent.
class TallyFormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Everything a run keeps of its paths. All integers (and a maximum), so merging is associative and commutative to the
/// bit: any split of the paths over threads, machines and days gives the same tallies, and the same digest.
/// Not synchronised: one thread at a time.
class Tallies {
 public:
  /// Tallies of no paths. Memory is taken for the octaves that occur: 2 KiB for each of a measure and month.
  explicit Tallies(TallyLayout layout);

  const TallyLayout& layout() const { return layout_; }
  const RunTotals& totals() const { return totals_; }
  const MeasureTally& at(int month, int measure) const { return rows_[layout_.row(month, measure)]; }
  /// To add what was counted elsewhere; row: of layout().row().
  MeasureTally& row(std::size_t row) { return rows_[row]; }
  /// Octaves of all measures and months that hold counts: what the memory of tallies grows with.
  std::uint64_t octaves() const;

  /// Adds the totals of the same paths.
  /// @throws TallyMismatch where they have another layout's sizes
  void add_totals(const RunTotals& totals);

  /// Adds the tallies of other paths.
  /// @throws TallyMismatch where the layouts differ; nothing has changed then
  void merge(const Tallies& other);

  /// These tallies without `part`, the tallies of some of these paths alone. The largest residual and the extremes
  /// stay, as they cannot be taken apart: they are bounds for what is left.
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
  std::vector<MeasureTally> rows_;  ///< [months][measures]
};

/// Mean number of octaves in a histogram, for planning memory before any value is known: the baseline takes 4.5 on
/// 20,000 paths.
inline constexpr double planned_octaves = 8;

/// Bytes of the tallies of a run, for this mean number of octaves.
std::uint64_t tally_bytes(const TallyLayout& layout, double octaves = planned_octaves);

}  // namespace chokepoint
