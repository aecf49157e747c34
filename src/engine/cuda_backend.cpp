#include "engine/cuda_backend.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "chokepoint/gpu/gpu.hpp"
#include "chokepoint/gpu/one_shot.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "engine/backend.hpp"
#include "engine/memory_plan.hpp"
#include "engine/tally_layout.hpp"
#include "machine/thread_count.hpp"
#include "scenario/sizes.hpp"

/// The engine of the GPU, behind the door that is gpu.hpp.

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

/// What the devices throw, as engines do.
template <class Action>
auto as_engine(const Action& action) {
  try {
    return action();
  } catch (const gpu::Failure& failure) {
    throw EngineError(failure.what());
  }
}

const Parameters<float>& parameters_of(const LoweredScenario& scenario) {
  return *static_cast<const Parameters<float>*>(scenario.data());
}

std::string memory_text(std::uint64_t bytes) {
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / 1073741824.0);
}

/// "0 (NVIDIA H100), 1 (NVIDIA H100)"
std::string names_of(const std::vector<gpu::Device>& devices) {
  std::string text;
  for (const gpu::Device& device : devices)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", device.index, device.name);
  return text;
}

DevicePlan plan_of(const gpu::Work& work, const gpu::Device& device) {
  const gpu::MemoryPlan plan = gpu::plan(work, device);
  if (plan.batch == 0) throw gpu::Failure(gpu::no_room_text(device, plan));
  return {device.index, device.name, plan.batch, plan.bytes(), plan.least};
}

/// Rows of a device as those who look at paths take them.
class CudaWalker : public PathWalker {
 public:
  CudaWalker(const LoweredScenario& scenario, const gpu::Device& device, int batch)
      : scenario_(scenario),
        walker_(gpu::make_walker(parameters_of(scenario), device, static_cast<std::uint64_t>(batch))),
        unsolved_(static_cast<std::size_t>(batch)) {}

  PathRows walk(PathRange range, const std::function<bool()>&) override {
    const gpu::WalkedRows rows = as_engine([&] { return walker_->walk(range.first, range.count); });
    const Sizes& sizes = scenario_.sizes();
    const auto months = static_cast<std::size_t>(sizes.months), paths = static_cast<std::size_t>(range.count);
    const std::size_t column = months * static_cast<std::size_t>(rows.stride);
    std::fill(unsolved_.begin(), unsolved_.end(), std::uint8_t{0});
    for (std::size_t month = 0; month < months; ++month)
      for (std::size_t path = 0; path < paths; ++path)
        if (!(rows.residual[month * static_cast<std::size_t>(rows.stride) + path] <= scenario_.tolerance()))
          unsolved_[path] = 1;
    return {sizes.months,
            sizes.measures,
            static_cast<int>(paths),
            rows.stride,
            {rows.values, column * static_cast<std::size_t>(sizes.measures)},
            {rows.residual, column},
            {rows.iterations, column},
            {unsolved_.data(), paths}};
  }

 private:
  const LoweredScenario& scenario_;
  std::unique_ptr<gpu::PathWalker> walker_;
  std::vector<std::uint8_t> unsolved_;
};

class CudaBackend : public Backend {
 public:
  explicit CudaBackend(const RunOptions& options) : options_(options) {}

  bool is_double() const override { return false; }

  WorkPlan plan_run(const LoweredScenario& scenario, const TallyLayout& layout, std::uint64_t paths,
                    double) const override {
    const CudaPlan plan = device_plan(scenario, layout, paths, devices());
    return {static_cast<int>(plan.devices.size()), static_cast<int>(plan.devices.front().batch), plan.host_bytes};
  }

  /// The same for devices that need not be here.
  CudaPlan device_plan(const LoweredScenario& scenario, const TallyLayout& layout, std::uint64_t paths,
                       const std::vector<gpu::Device>& devices) const {
    return as_engine([&] {
      CudaPlan plan;
      const gpu::Work work = work_on(scenario, layout, {options_.first_path, paths});
      for (const gpu::Device& device : devices) plan.devices.push_back(plan_of(work, device));
      plan.host_bytes = gpu::fetched_tally_bytes(layout) * devices.size();
      return plan;
    });
  }

  Tallied run(const TallyTask& task, Tallies& tallies) const override {
    const PathRange span = task.paths.span();
    const bool is_range = task.paths.ranges().size() == 1;
    const std::vector<std::uint64_t> numbers = is_range ? std::vector<std::uint64_t>{} : task.paths.numbers();
    gpu::Work work = work_on(task.scenario, task.layout, {span.first, task.paths.paths()});
    if (!is_range) work.numbers = numbers.data();
    if (task.values) {
      work.kept = task.values->measures();
      work.kept_values = task.values->data();
    }
    const std::vector<gpu::Device> used = devices();
    const gpu::Outcome done = as_engine([&] { return gpu::run(work, hooks(task.control, tallies)); });
    Tallied out{{},
                Ledger::of(done.unsolved),
                static_cast<int>(used.size()),
                static_cast<int>(std::min<std::uint64_t>(done.batch, 0x7fffffff)),
                names_of(used)};
    for (const PathRange& places : done.done.ranges()) add_paths(out.paths, span.first, numbers, places);
    return out;
  }

  /// Sorts on the first device; the CPU does where a row does not fit there.
  RowSorting row_sorting(std::uint64_t length) const override {
    const gpu::Device device = devices().front();
    return as_engine([&]() -> RowSorting {
      try {
        return {
            [sort = gpu::row_sorter(device, length)](std::span<float> row) { as_engine([&] { sort(row.data()); }); },
            1};
      } catch (const gpu::OutOfMemory&) {
        spdlog::warn(
            "exact quantiles are sorted on the CPU: CUDA device {} ({}) has no room for {} paths of one measure",
            device.index, device.name, length);
        return {sort_row, 1};
      }
    });
  }

  WorkPlan plan_walk(std::span<const Scenario* const> scenarios, std::uint64_t paths) const override {
    const auto threads =
        static_cast<std::uint64_t>(options_.threads > 0 ? options_.threads : default_threads().threads);
    const std::uint64_t most = std::max(walked_at_once / scenarios.size(), least_walk_batch);
    const std::uint64_t share = std::clamp((paths + threads - 1) / threads, least_walk_batch, most);
    const std::uint64_t batch = (share + least_walk_batch - 1) / least_walk_batch * least_walk_batch;
    const std::uint64_t used = std::clamp<std::uint64_t>((paths + batch - 1) / batch, 1, threads);
    std::uint64_t of_path = 0;
    for (const Scenario* scenario : scenarios) {
      const Sizes sizes = scenario_sizes(*scenario);
      of_path +=
          static_cast<std::uint64_t>(sizes.months) * static_cast<std::uint64_t>(sizes.measures + 2) * sizeof(float);
    }
    const int crew = static_cast<int>(used);
    return {crew, static_cast<int>(batch), of_path * batch * used + stack_memory(crew)};
  }

  std::unique_ptr<PathWalker> walker(const LoweredScenario& scenario, int batch, int thread) const override {
    const std::vector<gpu::Device> all = devices();
    const gpu::Device& device = all[static_cast<std::size_t>(thread) % all.size()];
    return as_engine([&]() -> std::unique_ptr<PathWalker> {
      try {
        return std::make_unique<CudaWalker>(scenario, device, batch);
      } catch (const gpu::OutOfMemory&) {
        throw gpu::Failure(
            fmt::format("CUDA device {} ({}) has no memory left for thread {} of a walk: use fewer --threads, "
                        "another device or --engine simd",
                        device.index, device.name, thread + 1));
      }
    });
  }

 private:
  /// Paths of all scenarios together that a thread walks at once: enough to fill a part of a device, which other
  /// threads fill too, and few enough for main memory (some 60 kB each).
  static constexpr std::uint64_t walked_at_once = 2048, least_walk_batch = 128;

  std::vector<gpu::Device> devices() const {
    return as_engine([&] { return gpu::choose(gpu::probe(), options_.devices); });
  }

  gpu::Work work_on(const LoweredScenario& scenario, const TallyLayout& layout, PathRange paths) const {
    gpu::Work work;
    work.parameters = &parameters_of(scenario);
    work.layout = &layout;
    work.first_path = paths.first;
    work.paths = paths.count;
    work.batch = static_cast<std::uint64_t>(std::max(options_.batch, 0));
    work.devices = options_.devices;
    return work;
  }

  static gpu::Hooks hooks(const RunControl& control, Tallies& tallies) {
    gpu::Hooks hooks;
    hooks.stop = control.stop;
    hooks.report = control.report;
    hooks.warn = [](const std::string& text) { spdlog::warn("{}", text); };
    hooks.deliver = [&tallies](const gpu::Harvest& harvest) { add_harvest(harvest, tallies); };
    return hooks;
  }

  /// @param numbers of the paths; empty where place k is path first + k
  static void add_paths(Ledger& to, std::uint64_t first, const std::vector<std::uint64_t>& numbers, PathRange places) {
    if (numbers.empty()) return to.add({first + places.first, places.count});
    for (std::uint64_t place = places.first; place < places.end(); ++place) to.add({numbers[place], 1});
  }

  RunOptions options_;
};

}  // namespace

std::unique_ptr<Backend> make_cuda_backend(const RunOptions& options) {
  return std::make_unique<CudaBackend>(options);
}

DeviceState cuda_device_state() {
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

Solution<double> clear_one_shot_on_cuda(const OneShotMarkets<double>& curves, const ClearingLimits<double>& limits,
                                        double* position, OneShotSystem<double>::Response& response) {
  std::vector<gpu::OneShotSolve> solves(1);
  solves[0].limits = limits;
  std::copy_n(position, one_shot_markets, solves[0].position);
  as_engine([&] { gpu::clear_one_shot({curves}, solves); });
  std::copy_n(solves[0].position, one_shot_markets, position);
  response = solves[0].response;
  return solves[0].solution;
}

bool runs_by_generic_kernel(const Scenario& scenario) {
  return !gpu::has_exact_kernel(scenario_sizes(scenario));
}

std::optional<CudaPlan> planned_devices(const Scenario& scenario, const RunOptions& options) {
  const gpu::Probe found = gpu::probe();
  const bool is_assumed = found.devices.empty();
  const std::vector<gpu::Device> devices =
      is_assumed ? std::vector(std::max<std::size_t>(options.devices.size(), 1), gpu::assumed_device())
                 : as_engine([&] { return gpu::choose(found, options.devices); });
  const LoweredScenario lowered(scenario, options.seed, false);
  const TallyLayout layout = tally_layout(scenario);
  CudaPlan plan = CudaBackend(options).device_plan(lowered, layout, options.paths, devices);
  plan.is_assumed = is_assumed;
  plan.host_bytes += common_memory(scenario, layout, options, planned_octaves);
  return plan;
}

}  // namespace chokepoint
