#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "chokepoint/crew.hpp"
#include "device_run.hpp"
#include "memory_plan.hpp"

/// Several devices, one run: each takes batches from a common counter until none is left. Tallies are integers, so it
/// never matters which device ran which path.
namespace chokepoint::gpu {

namespace {

class SharedWork {
 public:
  SharedWork(const Work& work, const Hooks& hooks) : work_(work), hooks_(hooks) {}

  /// Takes up to `most` paths: returns how many, 0 for the end of the work or of the run.
  std::uint64_t take(std::uint64_t most, std::uint64_t& offset) {
    if (ended()) return 0;
    std::uint64_t next = next_.load();
    std::uint64_t paths = 0;
    do {
      paths = std::min(most, work_.paths - next);
    } while (!next_.compare_exchange_weak(next, next + paths));
    offset = next;
    return paths;
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!error_) error_ = error;
    failed_ = true;
  }

  void deliver(const HostTallies& tallies) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hooks_.deliver(tallies.harvest);
  }

  void warn(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (hooks_.warn) hooks_.warn(text);
  }

  void add_unsolved(const std::vector<std::uint64_t>& numbers) {
    const std::lock_guard<std::mutex> lock(mutex_);
    outcome_.unsolved.insert(outcome_.unsolved.end(), numbers.begin(), numbers.end());
  }

  void note_batch(std::uint64_t batch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    outcome_.batch = std::max(outcome_.batch, batch);
  }

  void add_done(std::uint64_t paths) { done_ += paths; }
  void take_back(std::uint64_t paths) { done_ -= paths; }
  std::uint64_t done() const { return done_; }
  void stop() { stopped_ = true; }
  bool ended() const { return stopped_ || failed_; }

  Outcome finish() {
    if (error_) std::rethrow_exception(error_);
    outcome_.paths_done = done_;
    return std::move(outcome_);
  }

 private:
  const Work& work_;
  const Hooks& hooks_;
  std::atomic<std::uint64_t> next_{0}, done_{0};
  std::atomic<bool> stopped_{false}, failed_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
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
  DeviceWorker(const Work& work, const Device& device, SharedWork& shared) : work_(work), device_(device), shared_(shared) {}

  void operator()() noexcept {
    try {
      CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device_.index));
      device_.free_bytes = free_bytes();
      run();
    } catch (...) {
      shared_.fail(std::current_exception());
    }
  }

 private:
  void run() {
    MemoryPlan plan = gpu::plan(work_, device_);
    while (!try_run(plan)) {
      device_.free_bytes = free_bytes();
      plan = plan_with_batch(work_, device_, plan.batch / 2, plan.months);
      if (plan.batch != 0) shared_.warn(problem_ + ": going on with batches of " + std::to_string(plan.batch) + " paths");
    }
  }

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

  /// Everything that was not handed over is pending again.
  void begin_again() {
    again_.insert(again_.end(), undelivered_.begin(), undelivered_.end());
    if (pending_ != 0) again_.push_back({offset_, pending_});
    undelivered_.clear();
    pending_ = 0;
    shared_.take_back(reported_ - delivered_);
    reported_ = delivered_ = 0;
  }

  void run_batches(DeviceRun& run) {
    while (take(run)) {
      const Batch batch{offset_, std::min(pending_, run.batch())};
      undelivered_.push_back(batch);
      offset_ += batch.paths;
      pending_ -= batch.paths;
      run.queue(batch.offset, batch.paths);
      if (!has_queued_) shared_.note_batch(run.batch());
      has_queued_ = true;
      report(run);
    }
    deliver(run);
  }

  void deliver(DeviceRun& run) {
    run.finish();
    report(run);
    shared_.deliver(run.take());
    shared_.add_unsolved(run.take_unsolved());
    undelivered_.clear();
    delivered_ = reported_;
  }

  /// Sees to it that there are paths to run: those of a batch that did not fit, or new ones.
  bool take(DeviceRun& run) {
    if (shared_.ended()) return false;
    if (pending_ == 0) take_more(run);
    if (pending_ == 0) return false;
    if (run.room() < run.batch()) deliver(run);
    return true;
  }

  void take_more(const DeviceRun& run) {
    if (again_.empty()) {
      pending_ = shared_.take(run.batch(), offset_);
      return;
    }
    offset_ = again_.back().offset;
    pending_ = again_.back().paths;
    again_.pop_back();
  }

  void report(const DeviceRun& run) {
    shared_.add_done(run.paths_finished() - reported_);
    reported_ = run.paths_finished();
  }

  /// Paths that were queued together.
  struct Batch {
    std::uint64_t offset, paths;
  };

  Work work_;
  Device device_;
  SharedWork& shared_;
  std::uint64_t offset_ = 0, pending_ = 0, reported_ = 0, delivered_ = 0;
  std::vector<Batch> undelivered_, again_;
  bool has_queued_ = false;
  std::string problem_;  ///< what memory did not suffice for
};

/// Looks often, so that a short run does not end late; reports some ten times a second.
void follow(SharedWork& shared, const Crew& crew, const std::atomic<int>& working, const Hooks& hooks) {
  constexpr int looks_per_report = 20;
  for (int looks = 0; working > 0 && !crew.failed(); ++looks) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (hooks.stopped && hooks.stopped()) shared.stop();
    if (hooks.report && looks % looks_per_report == 0) hooks.report(shared.done());
  }
}

}  // namespace

Outcome run(const Work& work, const Hooks& hooks) {
  const std::vector<Device> devices = choose(probe(), work.devices);
  const std::size_t kept = work.kept.size() * static_cast<std::size_t>(work.layout->months);
  const PinnedMemory pinned(work.kept_values, kept * static_cast<std::size_t>(work.paths) * sizeof(float));
  SharedWork shared(work, hooks);
  std::atomic<int> working{static_cast<int>(devices.size())};
  Crew crew(static_cast<int>(devices.size()));
  crew.run(
      [&](int thread) {
        DeviceWorker(work, devices[static_cast<std::size_t>(thread)], shared)();
        --working;
      },
      [&] { follow(shared, crew, working, hooks); });
  if (hooks.report) hooks.report(shared.done());
  return shared.finish();
}

}  // namespace chokepoint::gpu
