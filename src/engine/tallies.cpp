#include "chokepoint/tally/tallies.hpp"

#include <algorithm>
#include <utility>

namespace chokepoint {

namespace {

void add(std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other[i];
}

void subtract(std::uint64_t& count, std::uint64_t part) {
  if (part > count) throw TallyMismatch("tallies: what is to be taken out was never counted in");
  count -= part;
}

void subtract(std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& part) {
  for (std::size_t i = 0; i < counts.size(); ++i) subtract(counts[i], part[i]);
}

void subtract(RunTotals& totals, const RunTotals& part) {
  subtract(totals.paths, part.paths);
  subtract(totals.unsolved_paths, part.unsolved_paths);
  subtract(totals.unsolved_steps, part.unsolved_steps);
  totals.checksum_sum -= part.checksum_sum;
  totals.checksum_xor ^= part.checksum_xor;
  subtract(totals.iterations, part.iterations);
  subtract(totals.first_passage, part.first_passage);
  subtract(totals.recovery, part.recovery);
}

bool same_sizes(const RunTotals& a, const RunTotals& b) {
  return a.iterations.size() == b.iterations.size() && a.first_passage.size() == b.first_passage.size() &&
         a.recovery.size() == b.recovery.size();
}

void require_same(const TallyLayout& a, const TallyLayout& b) {
  if (a != b) throw TallyMismatch("tallies: the two runs have other months, measures, scales or events");
}

}  // namespace

void add(Moments& moments, const RowSums& sums) {
  add(moments, Moments{sums.high, sums.low, (static_cast<Integer128>(sums.square_high) << 32) + sums.square_low,
                       sums.smallest_key, sums.largest_key});
}

void add(Moments& moments, const Moments& other) {
  moments.high += other.high;
  moments.low += other.low;
  moments.square += other.square;
  moments.smallest_key = std::min(moments.smallest_key, other.smallest_key);
  moments.largest_key = std::max(moments.largest_key, other.largest_key);
}

void subtract(Moments& moments, const Moments& part) {
  moments.high -= part.high;
  moments.low -= part.low;
  moments.square -= part.square;
}

RunTotals::RunTotals(const TallyLayout& layout)
    : iterations(static_cast<std::size_t>(layout.iteration_limit) + 1),
      first_passage(layout.rules.size() * static_cast<std::size_t>(event_slots(layout.months))),
      recovery(first_passage.size()) {}

void add(RunTotals& totals, const RunTotals& other) {
  totals.paths += other.paths;
  totals.unsolved_paths += other.unsolved_paths;
  totals.unsolved_steps += other.unsolved_steps;
  totals.checksum_sum += other.checksum_sum;
  totals.checksum_xor ^= other.checksum_xor;
  totals.max_residual = std::max(totals.max_residual, other.max_residual);
  add(totals.iterations, other.iterations);
  add(totals.first_passage, other.first_passage);
  add(totals.recovery, other.recovery);
}

Tallies::Tallies(TallyLayout layout)
    : layout_(std::move(layout)), totals_(layout_), counts_(layout_.counts()), moments_(layout_.rows()) {}

std::uint64_t Tallies::defined(int month, int measure) const {
  const HistogramSpec& spec = layout_.specs[static_cast<std::size_t>(measure)];
  const std::uint64_t* bins = counts(month, measure);
  std::uint64_t sum = 0;
  for (std::int32_t bin = 0; bin < missing_bin(spec); ++bin) sum += bins[bin];
  return sum;
}

void Tallies::add_sums(const RowSums* sums) {
  for (std::size_t row = 0; row < moments_.size(); ++row) add(moments_[row], sums[row]);
}

void Tallies::add_totals(const RunTotals& totals) {
  if (!same_sizes(totals_, totals)) throw TallyMismatch("tallies: totals of another layout");
  add(totals_, totals);
}

void Tallies::merge(const Tallies& other) {
  require_same(layout_, other.layout_);
  add_counts(other.counts_.data());
  for (std::size_t row = 0; row < moments_.size(); ++row) add(moments_[row], other.moments_[row]);
  add(totals_, other.totals_);
}

Tallies Tallies::minus(const Tallies& part) const {
  require_same(layout_, part.layout_);
  Tallies rest = *this;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (part.counts_[i] != 0) subtract(rest.counts_[i], part.counts_[i]);
  for (std::size_t row = 0; row < moments_.size(); ++row) subtract(rest.moments_[row], part.moments_[row]);
  subtract(rest.totals_, part.totals_);
  for (int month = 0; month < layout_.months; ++month)
    for (int measure = 0; measure < layout_.measures(); ++measure)
      if (rest.defined(month, measure) == 0) rest.moments_[layout_.row(month, measure)] = Moments{};
  return rest;
}

}  // namespace chokepoint
