#include "chokepoint/tally/measure_tally.hpp"

#include <algorithm>

#include "chokepoint/tally/tallies.hpp"

namespace chokepoint {

std::uint64_t MeasureTally::count(std::int32_t bin) const {
  if (bin >= 0 && !has(octaves_, octave_of(spec_, bin))) return 0;
  return counts_[static_cast<std::size_t>(place_of(octaves_, spec_, bin))];
}

std::uint64_t MeasureTally::defined() const {
  std::uint64_t sum = 0;
  for_each_number([&](std::int32_t, std::uint64_t count) { sum += count; });
  return sum;
}

void MeasureTally::make_room(const OctaveSet& octaves) {
  if (has_all(octaves_, octaves)) return;
  OctaveSet all = octaves_;
  insert(all, octaves);
  counts_ = with_room(octaves_, counts_.data(), all, spec_);
  octaves_ = all;
}

void MeasureTally::add_sums(const RowSums& sums) {
  for (int k = 0; k < sum_digits; ++k) sums_.sum[k] += sums.sum[k];
  for (int k = 0; k < square_digits; ++k) sums_.square[k] += sums.square[k];
  carry(sums_.sum);
  carry(sums_.square);
  sums_.smallest_key = std::min(sums_.smallest_key, sums.smallest_key);
  sums_.largest_key = std::max(sums_.largest_key, sums.largest_key);
}

void MeasureTally::merge(const MeasureTally& other) {
  add_counts(other.octaves_, other.counts_.data());
  add_sums(other.sums_);
}

void MeasureTally::subtract(const MeasureTally& part) {
  const auto take = [this](std::int32_t bin, std::uint64_t taken) {
    if (taken > count(bin)) throw TallyMismatch("tallies: what is to be taken out was never counted in");
    if (taken > 0) counts_[static_cast<std::size_t>(place_of(octaves_, spec_, bin))] -= taken;
  };
  take(missing_bin, part.count(missing_bin));
  take(invalid_bin, part.count(invalid_bin));
  part.for_each_number(take);
  for (int k = 0; k < sum_digits; ++k) sums_.sum[k] -= part.sums_.sum[k];
  for (int k = 0; k < square_digits; ++k) sums_.square[k] -= part.sums_.square[k];
  carry(sums_.sum);
  carry(sums_.square);
  if (defined() == 0) sums_ = empty_row_sums;
}

}  // namespace chokepoint
