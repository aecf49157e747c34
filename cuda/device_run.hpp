#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "chokepoint/gpu/gpu.hpp"
#include "chokepoint/tally/checksum.hpp"
#include "chokepoint/tally/events.hpp"
#include "device_buffer.hpp"
#include "path_launch.hpp"
#include "path_tally.cuh"
#include "row_tally.cuh"

namespace chokepoint::gpu {

/// Everything one device tallies, on the host.
struct HostTallies {
  std::vector<std::uint32_t> counts, directory, special;
  std::vector<RowSums> sums;
  std::vector<std::uint64_t> counters;
  Harvest harvest;
};

/// The pool of histograms did not suffice for what the batches so far counted: their tallies are of no use.
class OctavesExhausted : public Failure {
 public:
  using Failure::Failure;
};

/// A run on the current device: batches go in, tallies come out. The path kernel of one round runs while the tally
/// kernels treat the round before: two slots between two streams. A batch is only waited for once the next is queued.
class DeviceRun {
 public:
  /// @throws OutOfMemory
  DeviceRun(const Work& work, const MemoryPlan& plan);
  ~DeviceRun();

  std::uint64_t batch() const { return plan_.batch; }
  /// Paths that still fit in the counters before take().
  std::uint64_t room() const { return path_limit - paths_; }

  /// Octaves that the pool of histograms has room for.
  std::uint64_t octaves() const { return pool_.size() >> histogram_mantissa_bits; }

  /// Queues a batch. Returns once the batch before it has ended.
  /// @throws OctavesExhausted here and in finish()
  /// @param offset of its first path within the work
  void queue(std::uint64_t offset, std::uint64_t paths);
  /// Waits for what is queued.
  void finish();
  /// Moves the tallies to the host and starts from zero; after finish().
  HostTallies take();

  std::uint64_t paths_finished() const { return paths_finished_; }
  std::vector<std::uint64_t> take_unsolved() { return std::exchange(unsolved_, {}); }

 private:
  static constexpr std::uint64_t path_limit = 0x7fffffff;  // what RowSums and 32-bit counts hold

  /// What belongs to one batch in work; two are.
  struct Batch {
    explicit Batch(const Work& work, std::uint64_t stride);
    DeviceBuffer<std::uint64_t> numbers;
    DeviceBuffer<unsigned long long> unsolved;
    PinnedBuffer<unsigned long long> unsolved_count;
    PinnedBuffer<PoolState> pool;  ///< at its end
    Event done;
    std::uint64_t offset = 0;  ///< of its first path within the work
    std::uint64_t paths = 0;   ///< 0 where none is in work
  };

  /// What lies between the path kernel and the tally kernels.
  struct SlotMemory {
    SlotMemory(int months, std::size_t measures, std::uint64_t stride);
    Slot slot() const { return {rows.data(), residual.data(), iterations.data()}; }
    DeviceBuffer<float> rows, residual;
    DeviceBuffer<std::int32_t> iterations;
    Event filled, emptied;
  };

  void start_tallies();
  PathNumbers numbers_of(Batch& batch, std::uint64_t offset, std::uint64_t paths);
  void queue_round(const Round& round, Batch& batch);
  void queue_tallies(const Round& round, Batch& batch, const SlotMemory& slot);
  void queue_kept(const Round& round, const Batch& batch, const SlotMemory& slot);
  void collect(Batch& batch);
  void look_after_pool(const PoolState& state);
  void grow_pool();
  std::size_t counter_count() const { return static_cast<std::size_t>(layout_.iteration_limit) + 1 + 2 * passages(); }
  std::size_t passages() const { return layout_.rules.size() * static_cast<std::size_t>(event_slots(layout_.months)); }

  const Work& work_;
  const TallyLayout& layout_;
  MemoryPlan plan_;
  Stream paths_stream_, tally_stream_, list_stream_;  ///< the last fetches what would wait behind the next batch
  std::unique_ptr<PathKernel> kernel_;
  DeviceBuffer<EventRule> rules_;
  DeviceBuffer<std::uint32_t> pool_;  ///< counts of octaves
  DeviceBuffer<PoolState> pool_state_;
  DeviceBuffer<std::uint32_t> directory_, special_;
  DeviceBuffer<RowSums> sums_;
  DeviceBuffer<DeviceTotals> totals_;
  DeviceBuffer<unsigned long long> counters_;  ///< iterations, first passages, recoveries
  DeviceBuffer<std::uint32_t> states_;
  DeviceBuffer<ChecksumState> checksums_;
  DeviceBuffer<EventState> events_;
  DeviceBuffer<std::uint8_t> unsolved_flags_;
  Batch batches_[2];
  SlotMemory slots_[2];
  unsigned next_batch_ = 0, next_slot_ = 0;
  std::uint64_t paths_ = 0, paths_finished_ = 0;
  std::vector<std::uint64_t> unsolved_;
};

}  // namespace chokepoint::gpu
