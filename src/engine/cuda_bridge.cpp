#if CHOKEPOINT_HAS_CUDA
#include "engine/cuda_bridge.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "chokepoint/gpu.hpp"
#include "chokepoint/gpu_one_shot.hpp"
#include "chokepoint/market/parameters.hpp"
#include "engine/exact_quantiles.hpp"
#include "engine/lowered.hpp"

namespace chokepoint {

namespace {

/// Adds one measure of one month, its octaves fetched from where they lie in the pool.
void add_row(const gpu::Harvest& harvest, std::size_t row, MeasureTally& tally) {
  constexpr std::size_t width = std::size_t{1} << histogram_mantissa_bits;
  OctaveSet octaves{};
  const std::uint32_t* const special = harvest.special + row * special_bins;
  std::vector<std::uint32_t> counts(special, special + special_bins);
  for (std::size_t octave = 0; octave < octave_numbers; ++octave) {
    const std::uint32_t claimed = harvest.directory[row * octave_numbers + octave];
    if (claimed == 0) continue;
    insert(octaves, static_cast<int>(octave));
    const std::uint32_t* const from = harvest.counts + (claimed - 1) * width;
    counts.insert(counts.end(), from, from + width);
  }
  tally.add_counts(octaves, counts.data());
  tally.add_sums(harvest.sums[row]);
}

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
  for (std::size_t row = 0; row < tallies.layout().rows(); ++row) add_row(harvest, row, tallies.row(row));
  tallies.add_totals(totals);
}

/// One run on the devices. Tallies of a run that fails are thrown away with this.
class CudaRun {
 public:
  CudaRun(const Scenario& scenario, const RunOptions& options, const RunControl& control)
      : lowered_(scenario, options.seed, false), layout_(tally_layout(scenario)), control_(control) {
    work_.parameters = static_cast<const Parameters<float>*>(lowered_.data());
    work_.layout = &layout_;
    work_.first_path = options.first_path;
    work_.paths = options.paths;
    work_.batch = static_cast<std::uint64_t>(std::max(options.batch, 0));
    work_.devices = options.devices;
    work_.kept = options.exact_measures;
  }

  const gpu::Work& work() const { return work_; }

  RunOutcome run() {
    RunOutcome outcome;
    outcome.all = std::make_unique<Tallies>(layout_);
    std::optional<PathValues> values;
    gpu::Work work = work_;
    if (!work.kept.empty()) work.kept_values = values.emplace(layout_.months, work.kept, work.paths).data();
    const gpu::Outcome done = gpu::run(work, hooks(*outcome.all, true));
    outcome.interrupted = done.paths_done < work_.paths;
    outcome.batch = static_cast<int>(std::min<std::uint64_t>(done.batch, 0x7fffffff));
    if (!done.unsolved.empty() && !outcome.interrupted) outcome.unsolved = run_again(done.unsolved);
    outcome.interrupted = outcome.interrupted || hooks(*outcome.all, false).stopped();
    if (values && !outcome.interrupted) take_exact(*values, done.unsolved, outcome);
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

  void take_exact(PathValues& values, std::vector<std::uint64_t> unsolved, RunOutcome& outcome) const {
    for (std::uint64_t& path : unsolved) path -= work_.first_path;
    take_exact_quantiles(values, unsolved, 1, device_sorter(), control_.stop, outcome);
  }

  /// Sorts on the first device; the CPU does where a row does not fit there.
  RowSorter device_sorter() const {
    const gpu::Device device = gpu::choose(gpu::probe(), work_.devices).front();
    try {
      return [sort = gpu::row_sorter(device, work_.paths)](std::span<float> row) { sort(row.data()); };
    } catch (const gpu::OutOfMemory&) {
      spdlog::warn("exact quantiles are sorted on the CPU: CUDA device {} ({}) has no room for {} paths of one measure",
                   device.index, device.name, work_.paths);
      return sort_row;
    }
  }

  LoweredScenario lowered_;
  TallyLayout layout_;
  const RunControl& control_;
  gpu::Work work_;
};

std::string memory_text(std::uint64_t bytes) { return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / 1073741824.0); }

/// "0 (NVIDIA H100), 1 (NVIDIA H100)"
std::string names_of(const std::vector<gpu::Device>& devices) {
  std::string text;
  for (const gpu::Device& device : devices) text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", device.index, device.name);
  return text;
}

/// Main memory for merged tallies, and for those that every device hands over at the end.
std::uint64_t host_bytes(const TallyLayout& layout, std::uint64_t devices) {
  return tally_bytes(layout) + gpu::fetched_tally_bytes(layout) * devices;
}

DevicePlan plan_of(const gpu::Work& work, const gpu::Device& device) {
  const gpu::MemoryPlan plan = gpu::plan(work, device);
  if (plan.batch == 0) throw gpu::Failure(gpu::no_room_text(device, plan));
  return {device.index, device.name, plan.batch, plan.bytes(), plan.least};
}

}  // namespace

DeviceState cuda_bridge_state() {
  const gpu::Probe found = gpu::probe();
  DeviceState state{!found.devices.empty(), found.devices.empty() ? found.problem : ""};
  for (const gpu::Device& device : found.devices) {
    state.devices.push_back(device.index);
    state.description += fmt::format("{}device {}: {}, sm_{}{}, {} of {} free", state.description.empty() ? "" : "; ",
                                     device.index, device.name, device.major, device.minor,
                                     memory_text(device.free_bytes), memory_text(device.total_bytes));
  }
  return state;
}

RunOutcome run_paths_on_cuda(const Scenario& scenario, const RunOptions& options, const RunControl& control) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    const std::vector<gpu::Device> devices = gpu::choose(gpu::probe(), options.devices);
    RunOutcome outcome = CudaRun(scenario, options, control).run();
    outcome.threads = static_cast<int>(devices.size());
    outcome.devices = names_of(devices);
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return outcome;
  } catch (const gpu::Failure& failure) {
    throw EngineError(failure.what());
  }
}

Solution<double> clear_one_shot_on_cuda(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                                        double* position, OneShotSystem<double>::Response& response) {
  std::vector<gpu::OneShotSolve> solves(1);
  solves[0].limits = limits;
  std::copy_n(position, one_shot_markets, solves[0].position);
  try {
    gpu::clear_one_shot({curves}, solves);
  } catch (const gpu::Failure& failure) {
    throw EngineError(failure.what());
  }
  std::copy_n(solves[0].position, one_shot_markets, position);
  response = solves[0].response;
  return solves[0].solution;
}

bool has_cuda_kernel_of_its_sizes(const Scenario& scenario) {
  return gpu::has_exact_kernel(scenario_sizes(scenario));
}

CudaPlan planned_cuda_devices(const Scenario& scenario, const RunOptions& options) {
  try {
    const gpu::Probe found = gpu::probe();
    CudaPlan plan;
    plan.is_assumed = found.devices.empty();
    const std::vector<gpu::Device> devices =
        plan.is_assumed ? std::vector(std::max<std::size_t>(options.devices.size(), 1), gpu::assumed_device())
                        : gpu::choose(found, options.devices);
    const RunControl control;
    const CudaRun run(scenario, options, control);
    for (const gpu::Device& device : devices) plan.devices.push_back(plan_of(run.work(), device));
    plan.host_bytes = host_bytes(*run.work().layout, devices.size()) + exact_memory(scenario, options);
    return plan;
  } catch (const gpu::Failure& failure) {
    throw EngineError(failure.what());
  }
}

}  // namespace chokepoint
#endif
