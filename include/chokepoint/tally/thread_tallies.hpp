#pragma once

#include <cstdint>
#include <vector>

#include "chokepoint/tally/accumulate.hpp"
#include "chokepoint/tally/tallies.hpp"

namespace chokepoint {

/// What one thread tallies on its own, chunk by chunk: `begin`, then accumulate_month and accumulate_steps on `view()`
/// for every month in order, then `end`. Counts are narrow (ThreadCount): flush before `room()` runs out.
class ThreadTallies {
 public:
  /// @param chunk the most paths of one chunk, 1 to 65535
  /// @throws std::invalid_argument
  ThreadTallies(const TallyLayout& layout, int chunk);
  ThreadTallies(const ThreadTallies&) = delete;
  ThreadTallies& operator=(const ThreadTallies&) = delete;

  /// Starts a chunk of the paths first_path, first_path + 1, ...
  /// @throws std::length_error where there is no room for them
  void begin(std::uint64_t first_path, int paths);
  /// Starts a chunk of any paths.
  void begin_some(const std::uint64_t* path_numbers, int paths);
  /// Takes the chunk's checksums, events and unsolved paths into the totals.
  void end();

  TallyView view();
  /// Whether a path of the current (or last) chunk has an unsolved month.
  bool unsolved(int path_in_chunk) const { return path_unsolved_[static_cast<std::size_t>(path_in_chunk)] != 0; }

  /// Paths that still fit before a flush.
  int room() const { return 65535 - static_cast<int>(totals_.paths); }
  /// Moves everything into `tallies` (same layout) and starts from zero. Not within a chunk. The caller keeps other
  /// threads away from `tallies`.
  void flush(Tallies& tallies);

 private:
  void start_chunk(int paths);
  static void grow(void* owner, std::int32_t row, const OctaveSet& octaves);

  TallyLayout layout_;
  int chunk_, paths_ = 0;
  std::vector<std::vector<ThreadCount>> counts_;  ///< of each row
  std::vector<TallyRow> rows_;
  std::vector<std::uint32_t> path_hash_, path_trail_;
  std::vector<std::uint8_t> path_unsolved_;
  std::vector<EventState> event_states_;
  StepSums steps_{};
  RunTotals totals_;
};

/// Bytes of the tallies of one thread, for this mean number of octaves.
std::uint64_t thread_tally_bytes(const TallyLayout& layout, double octaves = planned_octaves);

}  // namespace chokepoint
