#include <algorithm>
#include <stdexcept>

#include "chokepoint/tally/thread_tallies.hpp"

namespace chokepoint {

namespace {

constexpr int thread_path_limit = 65535;  // what a ThreadCount holds
static_assert(sizeof(ThreadCount) == 2);

std::size_t checked_chunk(int chunk) {
  if (chunk < 1 || chunk > thread_path_limit) throw std::invalid_argument("tallies: a chunk has 1 to 65535 paths");
  return static_cast<std::size_t>(chunk);
}

/// Counts one path's event: event_slots(months) counters each.
void count_event(const EventState& state, std::int32_t months, std::uint64_t* first_passage, std::uint64_t* recovery) {
  ++first_passage[event_slot(months, state.first_month, 0)];
  if (state.first_month >= 0) ++recovery[event_slot(months, state.recovery_month, state.first_month)];
}

}  // namespace

ThreadTallies::ThreadTallies(const TallyLayout& layout, int chunk)
    : layout_(layout),
      chunk_(chunk),
      counts_(layout.rows(), std::vector<ThreadCount>(special_bins)),
      rows_(layout.rows(), TallyRow{{}, nullptr, empty_row_sums}),
      path_hash_(checked_chunk(chunk)),
      path_trail_(path_hash_.size()),
      path_unsolved_(path_hash_.size()),
      event_states_(path_hash_.size() * layout.rules.size()),
      totals_(layout) {
  for (std::size_t row = 0; row < rows_.size(); ++row) rows_[row].counts = counts_[row].data();
}

void ThreadTallies::grow(void* owner, std::int32_t row, const OctaveSet& octaves) {
  ThreadTallies& self = *static_cast<ThreadTallies*>(owner);
  const auto k = static_cast<std::size_t>(row);
  TallyRow& tally = self.rows_[k];
  OctaveSet all = tally.octaves;
  insert(all, octaves);
  self.counts_[k] = with_room(tally.octaves, tally.counts, all, self.layout_.specs[k % self.layout_.specs.size()]);
  tally.counts = self.counts_[k].data();
  tally.octaves = all;
}

void ThreadTallies::start_chunk(int paths) {
  if (paths < 0 || paths > chunk_ || paths > room()) throw std::length_error("tallies: no room for a chunk this long");
  paths_ = paths;
  std::fill(path_unsolved_.begin(), path_unsolved_.end(), std::uint8_t{0});
  std::fill(event_states_.begin(), event_states_.end(), event_start());
}

void ThreadTallies::begin(std::uint64_t first_path, int paths) {
  start_chunk(paths);
  for (std::size_t i = 0; i < static_cast<std::size_t>(paths); ++i) {
    const ChecksumState state = checksum_start(first_path + i);
    path_hash_[i] = state.hash;
    path_trail_[i] = state.trail;
  }
}

void ThreadTallies::begin_some(const std::uint64_t* path_numbers, int paths) {
  start_chunk(paths);
  for (std::size_t i = 0; i < static_cast<std::size_t>(paths); ++i) {
    const ChecksumState state = checksum_start(path_numbers[i]);
    path_hash_[i] = state.hash;
    path_trail_[i] = state.trail;
  }
}

void ThreadTallies::end() {
  const std::size_t slots = static_cast<std::size_t>(event_slots(layout_.months));
  for (std::size_t path = 0; path < static_cast<std::size_t>(paths_); ++path) {
    const std::uint64_t checksum = checksum_finish({path_hash_[path], path_trail_[path]});
    totals_.checksum_sum += checksum;
    totals_.checksum_xor ^= checksum;
    totals_.unsolved_paths += path_unsolved_[path];
    for (std::size_t event = 0; event < layout_.rules.size(); ++event) {
      const std::size_t row = event * slots;
      count_event(event_states_[event * path_hash_.size() + path], layout_.months, &totals_.first_passage[row],
                  &totals_.recovery[row]);
    }
  }
  totals_.paths += static_cast<std::uint64_t>(paths_);
  paths_ = 0;
}

TallyView ThreadTallies::view() {
  return {layout_.specs.data(),
          layout_.rules.data(),
          rows_.data(),
          totals_.iterations.data(),
          &steps_,
          path_hash_.data(),
          path_trail_.data(),
          path_unsolved_.data(),
          event_states_.data(),
          layout_.months,
          layout_.measures(),
          layout_.events(),
          layout_.iteration_limit,
          chunk_,
          this,
          &grow};
}

void ThreadTallies::flush(Tallies& tallies) {
  totals_.unsolved_steps = steps_.unsolved_steps;
  totals_.max_residual = steps_.max_residual;
  if (tallies.layout() != layout_) throw TallyMismatch("tallies: a thread's tallies are of another layout");
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    tallies.row(row).add_counts(rows_[row].octaves, rows_[row].counts);
    tallies.row(row).add_sums(rows_[row].sums);
    std::fill(counts_[row].begin(), counts_[row].end(), ThreadCount{0});
    rows_[row].sums = empty_row_sums;
  }
  tallies.add_totals(totals_);
  steps_ = StepSums{};
  totals_ = RunTotals(layout_);
}

std::uint64_t thread_tally_bytes(const TallyLayout& layout, double octaves) {
  double bytes = 0;
  for (const BinSpec& spec : layout.specs)
    bytes += sizeof(TallyRow) + sizeof(std::vector<ThreadCount>) +
             sizeof(ThreadCount) * (special_bins + octaves * (1 << spec.mantissa_bits));
  return static_cast<std::uint64_t>(bytes * layout.months);
}

}  // namespace chokepoint
