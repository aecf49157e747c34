#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chokepoint/tally/thread_tallies.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/disk_space.hpp"
#include "commands/exact_measures.hpp"
#include "commands/memory_check.hpp"
#include "commands/plan_probe.hpp"
#include "engine/kernel_note.hpp"
#include "engine/memory_plan.hpp"
#include "engine/tally_layout.hpp"
#include "engine/tally_share.hpp"
#include "machine/memory_limit.hpp"
#include "machine/thread_count.hpp"
#include "output/json_text.hpp"
#include "output/words.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

struct PlanArguments {
  ConfigArguments config;
  PathArguments paths;
  EngineArguments engine;
  ExactArguments exact;
  std::string out;
  bool json = false;
};

struct Plan {
  RunOptions options;
  SpeedProbe probe;
  std::optional<CudaPlan> gpu;  ///< where one will run, or could
  std::string kernel_note;      ///< where its kernel is the generic one
  std::uint64_t batches = 0, memory = 0, exact_memory = 0;
  std::uint64_t tally_memory = 0;                            ///< of the memory
  double octaves = 0;                                        ///< that this has room for, a measure and month
  std::optional<double> seconds;                             ///< unknown for a GPU that is not here
  std::optional<double> tally_share;                         ///< of the time; unknown for a GPU
  std::vector<std::pair<std::string, std::uint64_t>> files;  ///< names and about how many bytes
  std::uint64_t disk = 0, free_disk = 0;                     ///< bytes of all files; what the disk still takes
};

/// On a login node: a GPU is asked for that is not here.
bool is_for_elsewhere(const Plan& plan) {
  return runs_on_gpu(plan.options.engine.kind) && plan.gpu && plan.gpu->is_assumed;
}

void plan_elsewhere(Plan& plan) {
  plan.memory = plan.gpu->host_bytes;
  plan.probe = {plan.options.engine, 1, static_cast<int>(plan.gpu->devices.front().batch), 0};
}

void plan_here(Plan& plan, const Scenario& scenario) {
  plan.memory = checked_memory(scenario, plan.options);
  plan.probe = probe_speed(scenario, plan.options);
  plan.seconds = static_cast<double>(plan.options.paths) / plan.probe.paths_per_second;
  if (runs_on_gpu(plan.probe.engine.kind)) return;
  RunOptions options = plan.options;
  options.batch = plan.probe.batch;
  plan.tally_share = tally_share(scenario, options);
}

std::string folder_of(const Scenario& scenario, const PlanArguments& arguments) {
  return arguments.out.empty() ? "results/" + scenario.name : arguments.out;
}

/// More than what few paths take: rare values bring octaves of their own.
void plan_tallies(Plan& plan, const Scenario& scenario, double octaves_of_few_paths) {
  const TallyLayout layout = tally_layout(scenario);
  const auto bytes = [&](double octaves) {
    return tally_bytes(layout, octaves) +
           static_cast<std::uint64_t>(plan.probe.threads) * thread_tally_bytes(layout, octaves);
  };
  plan.octaves = std::max(planned_octaves, 2 * octaves_of_few_paths);
  plan.tally_memory = bytes(plan.octaves);
  if (is_for_elsewhere(plan))
    plan.memory += plan.tally_memory - bytes(planned_octaves);
  else
    plan.memory +=
        planned_memory(scenario, plan.options, plan.octaves).peak() - planned_memory(scenario, plan.options).peak();
}

Plan make_plan(const Scenario& scenario, const PlanArguments& arguments) {
  Plan plan;
  arguments.paths.fill(plan.options, scenario, arguments.config.overrides);
  arguments.engine.fill(plan.options);
  arguments.exact.fill(plan.options, scenario);
  plan.exact_memory = exact_memory(scenario, plan.options);
  if (may_run_on_gpu(plan.options.engine.kind)) plan.gpu = planned_devices(scenario, plan.options);
  if (plan.gpu) plan.kernel_note = generic_kernel_note(scenario);
  if (is_for_elsewhere(plan))
    plan_elsewhere(plan);
  else
    plan_here(plan, scenario);
  const auto batch = static_cast<std::uint64_t>(plan.probe.batch);
  plan.batches = (plan.options.paths + batch - 1) / batch;
  ResultProbe result = probe_result(scenario, plan.options);
  plan.files = std::move(result.files);
  plan_tallies(plan, scenario, result.octaves);
  for (const auto& [name, bytes] : plan.files) plan.disk += bytes;
  plan.free_disk = free_space_at(folder_of(scenario, arguments));
  return plan;
}

Json to_json(const CudaPlan& gpu) {
  Json devices = Json::array();
  for (const DevicePlan& device : gpu.devices)
    devices.push_back({{"index", gpu.is_assumed ? Json() : Json(device.index)},
                       {"name", device.name},
                       {"batch", device.batch},
                       {"memory_bytes", device.bytes},
                       {"least_memory_bytes", device.least_bytes}});
  return {{"assumed", gpu.is_assumed}, {"devices", devices}, {"host_memory_bytes", gpu.host_bytes}};
}

/// Who chose the number of threads.
std::string threads_source(const Plan& plan) {
  if (plan.options.threads > 0) return "--threads";
  return plan.probe.threads < default_threads().threads ? "the number of batches" : default_threads().source;
}

Json to_json(const Scenario& scenario, const Plan& plan, const std::string& folder) {
  Json files = Json::object();
  for (const auto& [name, bytes] : plan.files) files[name] = bytes;
  return {{"scenario", scenario.name},
          {"months", scenario.months},
          {"measures", scenario_sizes(scenario).measures},
          {"paths", plan.options.paths},
          {"first_path", plan.options.first_path},
          {"seed", plan.options.seed},
          {"engine", name_of(plan.probe.engine.kind)},
          {"instruction_set", name_of(plan.probe.engine.instruction_set)},
          {"threads", plan.probe.threads},
          {"threads_decided_by", threads_source(plan)},
          {"batch", plan.probe.batch},
          {"batches", plan.batches},
          {"memory_bytes", plan.memory},
          {"exact_quantile_bytes", plan.exact_memory},
          {"tally_bytes", plan.tally_memory},
          {"tally_octaves", plan.octaves},
          {"gpu", plan.gpu ? to_json(*plan.gpu) : Json()},
          {"gpu_kernel", plan.gpu ? Json(plan.kernel_note.empty() ? "of these sizes" : "generic") : Json()},
          {"seconds", plan.seconds ? Json(*plan.seconds) : Json()},
          {"tally_share_of_time", plan.tally_share ? Json(*plan.tally_share) : Json()},
          {"paths_per_second", plan.seconds ? Json(plan.probe.paths_per_second) : Json()},
          {"folder", folder},
          {"file_bytes", files},
          {"disk_bytes", plan.disk},
          {"free_disk_bytes", plan.free_disk}};
}

std::string gpu_text(const CudaPlan& gpu) {
  std::string text;
  for (const DevicePlan& device : gpu.devices)
    text += fmt::format(
        "GPU       {}: batches of {} in {} of its memory, {} at the least\n",
        gpu.is_assumed ? "none usable here; on an " + device.name : fmt::format("{} ({})", device.index, device.name),
        count_text(device.batch, "path"), bytes_text(device.bytes), bytes_text(device.least_bytes));
  return text;
}

/// By what the largest value of so many octaves exceeds the least: a power of two.
std::string factor_text(double octaves) {
  constexpr double longest = 30;
  return octaves <= longest ? count_text(static_cast<std::uint64_t>(std::exp2(octaves)))
                            : fmt::format("2^{:.0f}", octaves);
}

std::string memory_text() {
  const MemoryLimit limit = memory_limit();
  return fmt::format("{} ({})", bytes_text(limit.bytes), limit.source);
}

std::string to_text(const Scenario& scenario, const Plan& plan, const std::string& folder) {
  const RunOptions& options = plan.options;
  const SpeedProbe& probe = plan.probe;
  std::string text = fmt::format("scenario  {}: {}, {}\n", scenario.name,
                                 count_text(static_cast<std::uint64_t>(scenario.months), "month"),
                                 count_text(static_cast<std::uint64_t>(scenario_sizes(scenario).measures), "measure"));
  text += fmt::format("paths     {} from {}, seed {}\n", count_text(options.paths), options.first_path, options.seed);
  const std::string on_cpu =
      runs_on_gpu(probe.engine.kind)
          ? ""
          : fmt::format(" {}, {} (by {})", name_of(probe.engine.instruction_set),
                        count_text(static_cast<std::uint64_t>(probe.threads), "thread"), threads_source(plan));
  text += fmt::format("engine    {}{}, {} of {}\n", name_of(probe.engine.kind), on_cpu,
                      plan.batches == 1 ? "1 batch" : count_text(plan.batches) + " batches",
                      count_text(static_cast<std::uint64_t>(probe.batch), "path"));
  text += fmt::format("memory    {} at most, of {}\n", bytes_text(plan.memory), memory_text());
  text += fmt::format(
      "          {} of it for histograms of every measure and month, each with room for values {} times apart\n",
      bytes_text(plan.tally_memory), factor_text(plan.octaves));
  if (plan.exact_memory > 0)
    text += fmt::format("          {} of it for exact quantiles of {}\n", bytes_text(plan.exact_memory),
                        count_text(options.exact_measures.size(), "measure"));
  if (plan.gpu) text += gpu_text(*plan.gpu);
  if (!plan.kernel_note.empty()) text += "          " + plan.kernel_note + "\n";
  text += plan.seconds ? fmt::format("time      about {}, at {} paths/s\n", duration_text(*plan.seconds),
                                     count_text(static_cast<std::uint64_t>(probe.paths_per_second)))
                       : "time      can be estimated only on a machine with the GPU\n";
  if (plan.tally_share) text += fmt::format("          {:.0f} % of it for tallying\n", 100 * *plan.tally_share);
  text += fmt::format("disk      {}, of {} free{}\n", bytes_text(plan.disk), bytes_text(plan.free_disk),
                      plan.disk > plan.free_disk ? ": too little, run will refuse" : "");
  text += fmt::format("files     in {} (about; nothing was written)\n", folder);
  for (const auto& [name, bytes] : plan.files) text += fmt::format("  {:20} {}\n", name, bytes_text(bytes));
  return text;
}

int plan_run(const PlanArguments& arguments) {
  const Scenario scenario = arguments.config.read_to_run();
  const Plan plan = make_plan(scenario, arguments);
  const std::string folder = folder_of(scenario, arguments);
  print_result(arguments.json ? json_text(to_json(scenario, plan, folder)) : to_text(scenario, plan, folder));
  return exit_code::ok;
}

}  // namespace

void add_plan_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<PlanArguments>();
  Command command = add_command(app, action, "plan", "Say what a run would take: memory, time, files. Writes nothing",
                                {"chokepoint plan configs/baseline.toml --paths 1e6",
                                 "chokepoint plan configs/baseline.toml --paths 1e6 --threads 4 --json",
                                 "chokepoint plan configs/baseline.toml --paths 1e8 --engine cuda --device 0,1"});
  arguments->config.add_to(command);
  arguments->paths.add_to(command);
  arguments->engine.add_to(command);
  arguments->exact.add_to(command);
  command.option("-o,--out", arguments->out, "DIR", "Folder that the run would write [results/<name of the scenario>]");
  command.flag("--json", arguments->json, "Print JSON");
  command.runs([arguments] { return plan_run(*arguments); });
}

}  // namespace chokepoint
