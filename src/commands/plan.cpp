#include <fmt/format.h>

#include <algorithm>

#include "chokepoint/measure_layout.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "output/csv_files.hpp"
#include "output/json_text.hpp"
#include "output/machine.hpp"
#include "output/result_netcdf.hpp"
#include "output/words.hpp"
#include "output/write_results.hpp"

namespace chokepoint {
namespace {

constexpr double probe_seconds = 0.5;

struct PlanArguments {
  ConfigArguments config;
  PathArguments paths;
  EngineArguments engine;
  std::string out;
  bool json = false;
};

struct Plan {
  RunOptions options;
  RunOutcome probe;              ///< of the last probe: engine, threads and batch that a run takes
  std::uint64_t batches = 0, memory = 0;
  double seconds = 0;
  std::vector<std::pair<std::string, std::uint64_t>> files;  ///< names and about how many bytes
};

/// Runs more and more paths until one run takes long enough to be timed. Nothing is written.
/// @returns paths of the last run
std::uint64_t probe(const Scenario& scenario, Plan& plan) {
  RunOptions options = plan.options;
  for (options.paths = std::min<std::uint64_t>(256, plan.options.paths);; options.paths *= 2) {
    options.paths = std::min(options.paths, plan.options.paths);
    plan.probe = run_paths(scenario, options);
    const bool is_enough = plan.probe.seconds > probe_seconds / 2 || options.paths == plan.options.paths;
    if (is_enough) return options.paths;
  }
}

/// Sizes of the files that the probe would give. The tallies grow with the paths, ever more slowly.
void plan_files(const Scenario& scenario, Plan& plan) {
  const ResultSet set = make_result_set(scenario, provenance_of(scenario, plan.options, plan.probe),
                                        std::move(plan.probe.all), std::move(plan.probe.unsolved));
  plan.files = {{result_file, result_netcdf_bytes(set).size()},
                {summary_file, json_text(to_json(make_summary(set))).size()},
                {price_file, prices_csv(set).size()},
                {concentration_file, concentration_csv(set).size()}};
}

Plan make_plan(const Scenario& scenario, const PlanArguments& arguments) {
  Plan plan;
  arguments.paths.fill(plan.options, scenario);
  arguments.engine.fill(plan.options);
  plan.memory = planned_memory(scenario, plan.options);
  if (plan.memory > memory_limit())
    throw OutputError(fmt::format("not enough memory: this run needs {}, there are {}; fewer --threads need less",
                                  bytes_text(plan.memory), bytes_text(memory_limit())));
  const std::uint64_t probed = probe(scenario, plan);
  plan.seconds = plan.probe.seconds * static_cast<double>(plan.options.paths) / static_cast<double>(probed);
  const auto batch = static_cast<std::uint64_t>(plan.probe.batch);
  plan.batches = (plan.options.paths + batch - 1) / batch;
  plan_files(scenario, plan);
  return plan;
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
          {"batch", plan.probe.batch},
          {"batches", plan.batches},
          {"memory_bytes", plan.memory},
          {"seconds", plan.seconds},
          {"folder", folder},
          {"file_bytes", files}};
}

std::string to_text(const Scenario& scenario, const Plan& plan, const std::string& folder) {
  const RunOptions& options = plan.options;
  const RunOutcome& probe = plan.probe;
  std::string text = fmt::format("scenario  {}: {}, {}\n", scenario.name,
                                 count_text(static_cast<std::uint64_t>(scenario.months), "month"),
                                 count_text(static_cast<std::uint64_t>(scenario_sizes(scenario).measures), "measure"));
  text += fmt::format("paths     {} from {}, seed {}\n", count_text(options.paths), options.first_path, options.seed);
  text += fmt::format("engine    {} {}, {}, {} of {}\n", name_of(probe.engine.kind), name_of(probe.engine.instruction_set),
                      count_text(static_cast<std::uint64_t>(probe.threads), "thread"),
                      plan.batches == 1 ? "1 batch" : count_text(plan.batches) + " batches",
                      count_text(static_cast<std::uint64_t>(probe.batch), "path"));
  text += fmt::format("memory    {} at most, of {}\n", bytes_text(plan.memory), bytes_text(memory_limit()));
  text += fmt::format("time      about {}\n", duration_text(plan.seconds));
  text += fmt::format("files     in {} (about; nothing was written)\n", folder);
  for (const auto& [name, bytes] : plan.files) text += fmt::format("  {:20} {}\n", name, bytes_text(bytes));
  return text;
}

int plan_run(const PlanArguments& arguments) {
  const Scenario scenario = arguments.config.read();
  const Plan plan = make_plan(scenario, arguments);
  const std::string folder = arguments.out.empty() ? "results/" + scenario.name : arguments.out;
  print_result(arguments.json ? json_text(to_json(scenario, plan, folder)) : to_text(scenario, plan, folder));
  return exit_code::ok;
}

}  // namespace

void add_plan_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App& command = add_command(app, "plan", "Say what a run would take: memory, time, files. Writes nothing",
                                  {"chokepoint plan configs/baseline.toml --paths 1e6",
                                   "chokepoint plan configs/baseline.toml --paths 1e6 --threads 4 --json"});
  arguments->config.add_to(command);
  arguments->paths.add_to(command);
  arguments->engine.add_to(command);
  command.add_option("-o,--out", arguments->out, "Folder that the run would write")->type_name("DIR");
  command.add_flag("--json", arguments->json, "Print JSON");
  command.callback([arguments, &action] { action = [arguments] { return plan_run(*arguments); }; });
}

}  // namespace chokepoint
