#include "chokepoint/market/parameters.hpp"
#include "device_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "memory_plan.hpp"
#include "nvtx_range.hpp"

namespace chokepoint::gpu {

DeviceRun::Batch::Batch(const Work& work, std::uint64_t stride)
    : numbers(work.numbers ? stride : 0), unsolved(1 + stride), unsolved_count(1), pool(1) {}

DeviceRun::SlotMemory::SlotMemory(int months, std::size_t measures, std::uint64_t stride)
    : rows(static_cast<std::size_t>(months) * measures * stride),
      residual(static_cast<std::size_t>(months) * stride),
      iterations(static_cast<std::size_t>(months) * stride) {}

DeviceRun::DeviceRun(const Work& work, const MemoryPlan& plan)
    : work_(work),
      layout_(*work.layout),
      plan_(plan),
      kernel_(make_path_kernel(*work.parameters)),
      rules_(layout_.rules),
      pool_(first_octaves(work) << histogram_mantissa_bits),
      pool_state_(1),
      directory_(layout_.rows() * octave_numbers),
      special_(layout_.rows() * special_bins),
      sums_(layout_.rows()),
      totals_(1),
      counters_(counter_count()),
      states_(plan.months < layout_.months ? kernel_->state_words() * plan.batch : 0),
      checksums_(plan.batch),
      events_(layout_.rules.size() * plan.batch),
      unsolved_flags_(plan.batch),
      batches_{Batch(work, plan.batch), Batch(work, plan.batch)},
      slots_{SlotMemory(plan.months, layout_.specs.size(), plan.batch),
             SlotMemory(plan.months, layout_.specs.size(), plan.batch)} {
  start_tallies();
}

DeviceRun::~DeviceRun() {
  CHOKEPOINT_CUDA_TRY(cudaDeviceSynchronize());
}  // nothing is freed that a kernel still uses

void DeviceRun::start_tallies() {
  const std::vector<RowSums> empty(layout_.rows(), empty_row_sums);
  pool_.fill_with_zeros(tally_stream_);
  pool_state_.fill_with_zeros(tally_stream_);
  directory_.fill_with_zeros(tally_stream_);
  special_.fill_with_zeros(tally_stream_);
  totals_.fill_with_zeros(tally_stream_);
  counters_.fill_with_zeros(tally_stream_);
  sums_.copy_from(empty.data(), empty.size(), tally_stream_);
  tally_stream_.wait();
  paths_ = 0;
}

PathNumbers DeviceRun::numbers_of(Batch& batch, std::uint64_t offset, std::uint64_t paths) {
  if (!work_.numbers) return {work_.first_path + offset, nullptr};
  batch.numbers.copy_from(work_.numbers + offset, paths, paths_stream_);
  return {0, batch.numbers.data()};
}

void DeviceRun::queue(std::uint64_t offset, std::uint64_t paths) {
  const NvtxRange range("chokepoint: queue a batch");
  Batch& batch = batches_[next_batch_++ % 2];
  collect(batch);  // the batch before the last: it must have ended before its memory is used again
  Round round{
      numbers_of(batch, offset, paths),      static_cast<std::int32_t>(paths), 0, 0, layout_.months, layout_.measures(),
      static_cast<std::int64_t>(plan_.batch)};
  batch.offset = offset;
  CHOKEPOINT_CUDA_CHECK(cudaMemsetAsync(batch.unsolved.data(), 0, sizeof(unsigned long long), tally_stream_));
  for (int month = 0; month < layout_.months; month += plan_.months) {
    round.month_begin = month;
    round.month_end = std::min(month + plan_.months, layout_.months);
    queue_round(round, batch);
  }
  batch.unsolved.copy_to(batch.unsolved_count.data(), 1, tally_stream_);
  pool_state_.copy_to(batch.pool.data(), 1, tally_stream_);
  batch.done.record(tally_stream_);
  batch.paths = paths;
  paths_ += paths;
  collect(batches_[next_batch_ % 2]);
}

void DeviceRun::queue_round(const Round& round, Batch& batch) {
  const SlotMemory& slot = slots_[next_slot_++ % 2];
  paths_stream_.follow(slot.emptied);
  kernel_->run(round, slot.slot(), states_.data(), paths_stream_);
  slot.filled.record(paths_stream_);
  tally_stream_.follow(slot.filled);
  queue_tallies(round, batch, slot);
  if (work_.kept_values) queue_kept(round, batch, slot);
  slot.emptied.record(tally_stream_);
}

void DeviceRun::queue_tallies(const Round& round, Batch& batch, const SlotMemory& slot) {
  const OctavePool pool{pool_.data(), pool_state_.data(), static_cast<std::uint32_t>(octaves())};
  const RowTallyTask rows{round, slot.slot(), {pool, directory_.data(), special_.data(), sums_.data()}};
  launch(rows, RowTallyTask::blocks(round), RowTallyTask::shared_bytes(), tally_stream_);
  unsigned long long* const iterations = counters_.data();
  unsigned long long* const first_passage = iterations + layout_.iteration_limit + 1;
  const PathTallyTask paths{round,
                            slot.slot(),
                            {checksums_.data(), events_.data(), unsolved_flags_.data()},
                            rules_.data(),
                            layout_.events(),
                            layout_.iteration_limit,
                            work_.parameters->solver.tolerance,
                            totals_.data(),
                            iterations,
                            first_passage,
                            first_passage + passages(),
                            batch.unsolved.data()};
  launch(paths, blocks_for<PathTallyTask>(round.paths), paths.shared_bytes(), tally_stream_);
}

/// Copies the rows that are kept to their places on the host.
void DeviceRun::queue_kept(const Round& round, const Batch& batch, const SlotMemory& slot) {
  for (int month = round.month_begin; month < round.month_end; ++month)
    for (std::size_t k = 0; k < work_.kept.size(); ++k) {
      const std::int64_t from = static_cast<std::int64_t>(month - round.month_begin) * round.measures + work_.kept[k];
      const std::uint64_t to = static_cast<std::uint64_t>(month) * work_.kept.size() + k;
      CHOKEPOINT_CUDA_CHECK(cudaMemcpyAsync(
          work_.kept_values + to * work_.paths + batch.offset, slot.rows.data() + from * round.stride,
          static_cast<std::size_t>(round.paths) * sizeof(float), cudaMemcpyDeviceToHost, tally_stream_));
    }
}

void DeviceRun::collect(Batch& batch) {
  if (batch.paths == 0) return;
  const NvtxRange range("chokepoint: wait for a batch");
  batch.done.wait();
  const std::size_t count = static_cast<std::size_t>(batch.unsolved_count[0]);
  if (count != 0) {
    std::vector<unsigned long long> listed(1 + count);
    batch.unsolved.copy_to(listed.data(), listed.size(), list_stream_);
    list_stream_.wait();
    unsolved_.insert(unsolved_.end(), listed.begin() + 1, listed.end());
  }
  paths_finished_ += batch.paths;
  batch.paths = 0;
  look_after_pool(batch.pool[0]);
}

/// A pool that is more than half full is made twice as large before the next batch needs it.
void DeviceRun::look_after_pool(const PoolState& state) {
  if (state.exhausted != 0)
    throw OctavesExhausted("CUDA: the values of the measures take more than " + std::to_string(octaves()) +
                           " octaves of histograms");
  if (state.claimed > octaves() / 2) grow_pool();
}

void DeviceRun::grow_pool() {
  paths_stream_.wait();
  tally_stream_.wait();  // what is queued counts into the pool as it is
  try {
    DeviceBuffer<std::uint32_t> larger(2 * pool_.size());
    larger.fill_with_zeros(tally_stream_);
    CHOKEPOINT_CUDA_CHECK(
        cudaMemcpyAsync(larger.data(), pool_.data(), pool_.bytes(), cudaMemcpyDeviceToDevice, tally_stream_));
    tally_stream_.wait();
    pool_ = std::move(larger);
  } catch (const OutOfMemory&) {
    // It may still suffice; if not, collect() will say so.
  }
}

void DeviceRun::finish() {
  collect(batches_[next_batch_ % 2]);
  collect(batches_[(next_batch_ + 1) % 2]);
  paths_stream_.wait();
  tally_stream_.wait();
}

HostTallies DeviceRun::take() {
  const NvtxRange range("chokepoint: fetch the tallies");
  HostTallies out;
  PoolState state;
  pool_state_.copy_to(&state, 1, tally_stream_);
  tally_stream_.wait();
  out.counts.resize(static_cast<std::size_t>(state.claimed) << histogram_mantissa_bits);
  out.directory.resize(directory_.size());
  out.special.resize(special_.size());
  out.sums.resize(sums_.size());
  out.counters.resize(counters_.size());
  DeviceTotals totals;
  pool_.copy_to(out.counts.data(), out.counts.size(), tally_stream_);
  directory_.copy_to(out.directory.data(), directory_.size(), tally_stream_);
  special_.copy_to(out.special.data(), special_.size(), tally_stream_);
  sums_.copy_to(out.sums.data(), sums_.size(), tally_stream_);
  totals_.copy_to(&totals, 1, tally_stream_);
  CHOKEPOINT_CUDA_CHECK(
      cudaMemcpyAsync(out.counters.data(), counters_.data(), counters_.bytes(), cudaMemcpyDeviceToHost, tally_stream_));
  tally_stream_.wait();
  const std::uint64_t* const iterations = out.counters.data();
  const std::uint64_t* const first_passage = iterations + layout_.iteration_limit + 1;
  out.harvest = {out.counts.data(),
                 out.directory.data(),
                 out.special.data(),
                 out.sums.data(),
                 paths_,
                 totals.unsolved_paths,
                 totals.unsolved_steps,
                 totals.checksum_sum,
                 totals.checksum_xor,
                 float_of(static_cast<std::uint32_t>(totals.max_residual_bits)),
                 iterations,
                 first_passage,
                 first_passage + passages()};
  start_tallies();
  return out;
}

}  // namespace chokepoint::gpu
