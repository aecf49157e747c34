#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/disk_space.hpp"
#include "commands/exact_measures.hpp"
#include "commands/finish.hpp"
#include "commands/memory_check.hpp"
#include "commands/progress.hpp"
#include "engine/kernel_note.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

struct RunArguments {
  ConfigArguments config;
  PathArguments paths;
  EngineArguments engine;
  ExactArguments exact;
  OutputArguments output;
  bool quiet = false, strict = false;
};

RunOutcome run_with_progress(const Scenario& scenario, const RunOptions& options, bool quiet) {
  Progress progress(options.paths, !quiet);
  RunControl control;
  control.report = [&progress](std::uint64_t done) { progress.show(done); };
  control.stop = stop_flag();
  return run_paths(scenario, options, control);
}

/// @param note why the GPU was passed over, filled in
RunOptions run_options(const RunArguments& arguments, const Scenario& scenario, std::string& note) {
  RunOptions options;
  arguments.paths.fill(options, scenario, arguments.config.overrides);
  arguments.engine.fill(options);
  arguments.exact.fill(options, scenario);
  options.engine = resolve_engine(options.engine, &note);
  return options;
}

int run(const RunArguments& arguments) {
  const Scenario scenario = arguments.config.read_to_run();
  std::string note;
  const RunOptions options = run_options(arguments, scenario, note);
  checked_memory(scenario, options);
  // Made before the run: a folder that cannot be written is found out at once, not after hours.
  OutputFolder folder = arguments.output.open(scenario.name);
  check_space(scenario, options, folder);
  if (runs_on_gpu(options.engine.kind)) note = generic_kernel_note(scenario);
  if (!note.empty() && !arguments.quiet) spdlog::info("{}", note);
  RunOutcome outcome = run_with_progress(scenario, options, arguments.quiet);
  stop_if_asked();
  const Provenance provenance = provenance_of(scenario, options, outcome);
  ResultSet set = make_result_set(scenario, provenance, std::move(outcome.all), std::move(outcome.unsolved));
  set.exact = std::move(outcome.exact);
  set.exact_solved = std::move(outcome.exact_solved);
  return finish(set, folder, {arguments.output.json, arguments.quiet, arguments.strict});
}

}  // namespace

void add_run_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  Command command =
      add_command(app, action, "run", "Simulate many paths of a scenario and write the results",
                  {"chokepoint run configs/baseline.toml",
                   "chokepoint run configs/baseline.toml --paths 1e6 --seed 7 --out results/seven",
                   "chokepoint run configs/baseline.toml --set region.cn.power_mw=1e5 --set market.sigma=8",
                   "chokepoint run configs/baseline.toml --paths 1e8 --device 0,1",
                   "chokepoint run configs/baseline.toml --exact-quantiles 'world_price,rental_price[cn,asic]'",
                   "chokepoint run configs/baseline.toml --first-path 5000 --paths 5000 --out results/second-half",
                   "chokepoint run configs/baseline.toml --json --quiet > summary.json"});
  arguments->config.add_to(command);
  arguments->paths.add_to(command);
  arguments->engine.add_to(command);
  arguments->exact.add_to(command);
  arguments->output.add_to(command, "results/<name of the scenario>");
  command.flag("-q,--quiet", arguments->quiet, "No progress and no summary; warnings stay");
  command.flag("--strict", arguments->strict, "Exit with 4 if any month of any path missed its tolerance");
  command.runs([arguments] { return run(*arguments); });
}

}  // namespace chokepoint
