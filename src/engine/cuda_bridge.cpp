#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "chokepoint/gpu.hpp"
#include "engine/lowered.hpp"

namespace chokepoint {

namespace {

/// Adds what a device has tallied.
void add_harvest(const gpu::Harvest& harvest, Tallies& tallies) {
  RunTotals totals(tallies.layout());
  totals.paths = harvest.paths;
  totals.unsolved_paths = harvest.unsolved_paths;
  totals.unsolved_steps = harvest.unsolved_steps;
  totals.checksum_sum = harvest.checksum_sum;
  totals.checksum_xor = harvest.checksum_xor;
  totals.max_residual = harvest.max_residual;
  std::copy_n(harvest.iterations, totals.iterations.size(), totals.iterations.begin());
  std::copy_n(harvest.first_passage, totals.first_passage.size(), totals.first_passage.begin());
  std::copy_n(harvest.recovery, totals.recovery.size(), totals.recovery.begin());
  tallies.add_counts(harvest.counts);
  tallies.add_sums(harvest.sums);
  tallies.add_totals(totals);
}

/// One run on the devices. Tallies of a run that fails are thrown away with this.
class CudaRun {
 public:
  CudaRun(const Scenario& scenario, const RunOptions& options, const RunControl& control, const std::vector<int>& devices)
      : lowered_(scenario, options.seed, false), layout_(tally_layout(scenario)), control_(control) {
    work_.parameters = static_cast<const Parameters<float>*>(lowered_.data());
    work_.layout = &layout_;
    work_.first_path = options.first_path;
    work_.paths = options.paths;
    work_.batch = static_cast<std::uint64_t>(std::max(options.batch, 0));
    work_.devices = devices;
  }

  const gpu::Work& work() const { return work_; }

  RunOutcome run() {
    RunOutcome outcome;
    outcome.all = std::make_unique<Tallies>(layout_);
    const gpu::Outcome done = gpu::run(work_, hooks(*outcome.all, true));
    outcome.interrupted = done.paths_done < work_.paths;
    outcome.batch = static_cast<int>(std::min<std::uint64_t>(done.batch, 0x7fffffff));
    if (!done.unsolved.empty() && !outcome.interrupted) outcome.unsolved = run_again(done.unsolved);
    return outcome;
  }

 private:
  gpu::Hooks hooks(Tallies& tallies, bool with_report) const {
    gpu::Hooks hooks;
    if (with_report) hooks.report = control_.report;
    hooks.stopped = [stop = control_.stop] { return stop && stop->load(std::memory_order_relaxed); };
    hooks.warn = [](const std::string& text) { spdlog::warn("{}", text); };
    hooks.deliver = [&tallies](const gpu::Harvest& harvest) { add_harvest(harvest, tallies); };
    return hooks;
  }

  /// Paths are pure functions of their number: those that were not solved are run once more to be tallied alone.
  std::unique_ptr<Tallies> run_again(const std::vector<std::uint64_t>& paths) const {
    auto out = std::make_unique<Tallies>(layout_);
    gpu::Work again = work_;
    again.paths = paths.size();
    again.numbers = paths.data();
    gpu::run(again, hooks(*out, false));
    return out;
  }

  LoweredScenario lowered_;
  TallyLayout layout_;
  const RunControl& control_;
  gpu::Work work_;
};

std::string memory_text(std::uint64_t bytes) { return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / 1073741824.0); }

}  // namespace

DeviceState cuda_bridge_state() {
  const gpu::Probe found = gpu::probe();
  if (found.devices.empty()) return {false, found.problem};
  std::string text;
  for (const gpu::Device& device : found.devices) {
    text += fmt::format("{}device {}: {}, sm_{}{}, {} of {} free", text.empty() ? "" : "; ", device.index, device.name,
                        device.major, device.minor, memory_text(device.free_bytes), memory_text(device.total_bytes));
  }
  return {true, text};
}

RunOutcome run_paths_on_cuda(const Scenario& scenario, const RunOptions& options, const RunControl& control,
                             const std::vector<int>& devices) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    RunOutcome outcome = CudaRun(scenario, options, control, devices).run();
    outcome.threads = static_cast<int>(std::max<std::size_t>(devices.size(), 1));
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return outcome;
  } catch (const gpu::Failure& failure) {
    throw EngineError(failure.what());
  }
}

CudaMemory planned_cuda_memory(const Scenario& scenario, const RunOptions& options, const std::vector<int>& devices) {
  const gpu::Probe found = gpu::probe();
  if (found.devices.empty()) throw EngineError(found.problem);
  gpu::Device device = found.devices.front();
  for (const gpu::Device& other : found.devices) {
    if (!devices.empty() && other.index == devices.front()) device = other;
  }
  const RunControl control;
  const CudaRun run(scenario, options, control, devices);
  const gpu::MemoryPlan plan = gpu::plan(run.work(), device);
  const TallyLayout& layout = *run.work().layout;
  const std::uint64_t merged = layout.counts() * sizeof(std::uint64_t) + layout.rows() * sizeof(Moments);
  const std::uint64_t fetched = layout.counts() * sizeof(std::uint32_t) + layout.rows() * sizeof(RowSums);
  const std::uint64_t at_once = std::max<std::uint64_t>(devices.size(), 1);
  return {merged + fetched * at_once, plan.bytes(), plan.batch, device.name};
}

}  // namespace chokepoint
#endif
