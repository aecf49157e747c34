#include "chokepoint/tally/tallies.hpp"

#include <algorithm>
#include <utility>

#include "chokepoint/result.hpp"

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
  if (a != b) throw TallyMismatch("tallies: the two runs have other months, measures or events");
}

}  // namespace

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

void FreeTallies::operator()(Tallies* tallies) const noexcept {
  delete tallies;
}

Tallies::Tallies(TallyLayout layout) : layout_(std::move(layout)), totals_(layout_) {
  rows_.reserve(layout_.rows());
  for (int month = 0; month < layout_.months; ++month)
    for (const BinSpec& spec : layout_.specs) rows_.emplace_back(spec);
}

std::uint64_t Tallies::octaves() const {
  std::uint64_t sum = 0;
  for (const MeasureTally& row : rows_) sum += static_cast<std::uint64_t>(size_of(row.octave_set()));
  return sum;
}

void Tallies::add_totals(const RunTotals& totals) {
  if (!same_sizes(totals_, totals)) throw TallyMismatch("tallies: totals of another layout");
  add(totals_, totals);
}

void Tallies::merge(const Tallies& other) {
  require_same(layout_, other.layout_);
  for (std::size_t row = 0; row < rows_.size(); ++row) rows_[row].merge(other.rows_[row]);
  add(totals_, other.totals_);
}

Tallies Tallies::minus(const Tallies& part) const {
  require_same(layout_, part.layout_);
  Tallies rest = *this;
  for (std::size_t row = 0; row < rows_.size(); ++row) rest.rows_[row].subtract(part.rows_[row]);
  subtract(rest.totals_, part.totals_);
  return rest;
}

std::uint64_t tally_bytes(const TallyLayout& layout, double octaves) {
  double bytes = 0;
  for (const BinSpec& spec : layout.specs)
    bytes += sizeof(MeasureTally) + sizeof(std::uint64_t) * (special_bins + octaves * (1 << spec.mantissa_bits));
  return static_cast<std::uint64_t>(bytes * layout.months);
}

}  // namespace chokepoint
