#include <algorithm>
#include <mutex>

#include "chokepoint/gpu/shared_paths.hpp"
#include "device_run.hpp"
#include "memory_plan.hpp"

/// Several devices, one run: each takes batches of the shared paths until none is left. Tallies are integers, so it
/// never matters which device ran which path.
namespace chokepoint::gpu {

namespace {

/// What the devices share: the places of the work, and what has come of them.
class SharedWork {
 public:
  SharedWork(const Work& work, const Hooks& hooks, std::size_t devices)
      : places(Ledger({0, work.paths}), static_cast<int>(devices), hooks.stop, hooks.report), hooks_(hooks) {}

  SharedPaths places;

  void deliver(const HostTallies& tallies, const std::vector<std::uint64_t>& unsolved, const Ledger& of) {
    places.finish(of, [&] {
      hooks_.deliver(tallies.harvest);
      outcome_.unsolved.insert(outcome_.unsolved.end(), unsolved.begin(), unsolved.end());
    });
  }

  void warn(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (hooks_.warn) hooks_.warn(text);
  }

  void note_batch(std::uint64_t batch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    outcome_.batch = std::max(outcome_.batch, batch);
  }

  Outcome outcome() {
    outcome_.done = places.finished();
    return std::move(outcome_);
  }

 private:
  const Hooks& hooks_;
  std::mutex mutex_;
  Outcome outcome_;
};

std::uint64_t free_bytes() {
  std::size_t free = 0, total = 0;
  CHOKEPOINT_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  return free;
}

/// The work of one device: makes a run of the planned size, or of half of it while memory does not suffice.
class DeviceWorker {
 public:
  DeviceWorker(const Work& work, const Device& device, SharedWork& shared)
      : work_(work), device_(device), shared_(shared) {}

  void operator()() {
    CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device_.index));
    device_.free_bytes = free_bytes();
    MemoryPlan plan = gpu::plan(work_, device_);
    while (!try_run(plan)) {
      device_.free_bytes = free_bytes();
      plan = plan_with_batch(work_, device_, plan.batch / 2, plan.months);
      if (plan.batch != 0)
        shared_.warn(problem_ + ": going on with batches of " + std::to_string(plan.batch) + " paths");
    }
  }

 private:
  /// False where the memory did not suffice for the first batch: it is still pending then, and nothing is tallied.
  bool try_run(const MemoryPlan& plan) {
    if (plan.batch == 0) throw Failure(no_room_text(device_, plan));
    try {
      run_with_octaves(plan);
      return true;
    } catch (const OutOfMemory& error) {
      if (has_queued_ || plan.batch / 2 < smallest_batch) throw;
      begin_again();
      problem_ = error.what();
      return false;
    }
  }

  /// Where histograms take more octaves than the pool had room for, all that this device has not handed over yet is run
  /// again with a larger one: paths are pure functions of their number.
  void run_with_octaves(MemoryPlan plan) {
    while (!try_octaves(plan)) {
      plan = plan_with_batch(work_, device_, plan.batch, plan.months);
      if (plan.batch == 0) throw Failure(no_room_text(device_, plan));
    }
  }

  bool try_octaves(const MemoryPlan& plan) {
    DeviceRun device_run(work_, plan);
    try {
      run_batches(device_run);
      return true;
    } catch (const OctavesExhausted& error) {
      work_.octaves = 4 * device_run.octaves();
      shared_.warn(std::string(error.what()) + ": beginning again with room for " + std::to_string(work_.octaves));
      begin_again();
      return false;
    }
  }

  /// Everything that was not handed over can be taken again, by this device or another.
  void begin_again() {
    shared_.places.give_back(undelivered_);
    shared_.places.subtract_done(reported_ - delivered_);
    undelivered_ = {};
    reported_ = delivered_ = 0;
  }

  void run_batches(DeviceRun& run) {
    while (true) {
      if (run.room() < run.batch()) deliver(run);
      const PathRange batch = shared_.places.take(run.batch());
      if (batch.empty()) break;
      undelivered_.add(batch);
      run.queue(batch.first, batch.count);
      if (!has_queued_) shared_.note_batch(run.batch());
      has_queued_ = true;
      report(run);
    }
    deliver(run);
  }

  void deliver(DeviceRun& run) {
    run.finish();
    report(run);
    const HostTallies tallies = run.take();
    shared_.deliver(tallies, run.take_unsolved(), undelivered_);
    undelivered_ = {};
    delivered_ = reported_;
  }

  void report(const DeviceRun& run) {
    shared_.places.add_done(run.paths_finished() - reported_);
    reported_ = run.paths_finished();
  }

  Work work_;
  Device device_;
  SharedWork& shared_;
  Ledger undelivered_;  ///< places that were queued
  std::uint64_t reported_ = 0, delivered_ = 0;
  bool has_queued_ = false;
  std::string problem_;  ///< what memory did not suffice for
};

}  // namespace

Outcome run(const Work& work, const Hooks& hooks) {
  const std::vector<Device> devices = choose(probe(), work.devices);
  const std::size_t kept = work.kept.size() * static_cast<std::size_t>(work.layout->months);
  const PinnedMemory pinned(work.kept_values, kept * static_cast<std::size_t>(work.paths) * sizeof(float));
  SharedWork shared(work, hooks, devices.size());
  shared.places.run([&](int thread) { DeviceWorker(work, devices[static_cast<std::size_t>(thread)], shared)(); });
  return shared.outcome();
}

}  // namespace chokepoint::gpu
