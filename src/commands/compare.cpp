#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "analysis/comparison_match.hpp"
#include "commands/commands.hpp"
#include "commands/compare_inputs.hpp"
#include "commands/compare_print.hpp"
#include "commands/compare_view.hpp"
#include "commands/disk_space.hpp"
#include "commands/finish.hpp"
#include "commands/memory_check.hpp"
#include "commands/progress.hpp"
#include "machine/stop.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

std::vector<const Scenario*> scenarios_of(const std::vector<CompareInput>& inputs) {
  std::vector<const Scenario*> scenarios;
  for (const CompareInput& input : inputs) scenarios.push_back(&input.scenario);
  return scenarios;
}

/// What can be refused is refused before the walk. @throws UsageError
void check_view(const std::vector<CompareInput>& inputs, const CompareArguments& arguments) {
  for (std::size_t k = 1; k < inputs.size(); ++k) {
    int months = 0;
    try {
      const ScenarioPair pair = match_scenarios(inputs[0].scenario, inputs[k].scenario, months);
      shown_measures(pair, arguments.measures);
      shown_month(pair, months, arguments.at);
    } catch (const ComparisonError& error) {
      throw UsageError(error.what());
    }
  }
}

void note(const std::vector<CompareInput>& inputs, const RunOptions& options, bool quiet) {
  if (quiet) return;
  const Scenario& base = inputs.front().scenario;
  for (const CompareInput& input : inputs) {
    if (!input.result && input.scenario.seed != options.seed)
      spdlog::info("seed {} is used throughout; the config of {} says {}", options.seed, input.label,
                   input.scenario.seed);
    if (month_index(base, input.scenario.start) != 0)
      spdlog::warn(
          "{} starts in {}, the base in {}: draws are counted from the start, so the two do not share the draws of a "
          "date",
          input.label, format(input.scenario.start), format(base.start));
  }
}

Comparison compare_with_progress(const std::vector<const Scenario*>& scenarios, const RunOptions& options, bool quiet) {
  Progress progress(options.paths, !quiet);
  RunControl control;
  control.report = [&progress](std::uint64_t done) { progress.show(done); };
  control.stop = stop_flag();
  return compare_scenarios(scenarios, options, control);
}

int warn_of_unsolved(const Comparison& comparison, bool strict) {
  int code = exit_code::ok;
  for (const ScenarioPair& pair : comparison.pairs) {
    if (pair.unsolved_paths == 0) continue;
    spdlog::log(strict ? spdlog::level::err : spdlog::level::warn,
                "{} of {} missed the solver's tolerance in one of the scenarios; they are shown with and without",
                count_text(pair.unsolved_paths, "path"), count_text(comparison.paths));
    if (strict) code = exit_code::numerics;
  }
  return code;
}

void write_files(const ComparisonReport& report, const std::string& json, const OutputFolder& folder) {
  folder.write(comparison_json_file, json);
  folder.write(comparison_csv_file, comparison_csv(report));
}

/// Made before the walk, as in a run; null without --out.
std::unique_ptr<OutputFolder> open_folder(const OutputArguments& output) {
  if (output.out.empty()) return nullptr;
  const std::vector<std::string> files = {comparison_json_file, comparison_csv_file};
  return std::make_unique<OutputFolder>(output.out, files, output.force);
}

/// Refuses a comparison whose files the disk will not take: one of a few paths has files as large.
void check_space(const std::vector<CompareInput>& inputs, RunOptions options, const OutputFolder& folder) {
  if (folder.has_plenty(plenty_for_text)) return;
  constexpr std::uint64_t few_paths = 16;
  options.paths = std::min(options.paths, few_paths);
  const Comparison comparison = compare_with_progress(scenarios_of(inputs), options, true);
  stop_if_asked();
  const ComparisonReport report{inputs, options, comparison};
  const std::uint64_t json = comparison_json(report).size(), csv = comparison_csv(report).size();
  folder.require_space(json + csv, std::max(json, csv));
}

int compare(const CompareArguments& arguments) {
  const std::vector<CompareInput> inputs = read_inputs(arguments);
  const RunOptions options = compare_options(arguments, inputs);
  check_view(inputs, arguments);
  const std::vector<const Scenario*> scenarios = scenarios_of(inputs);
  check_fits({planned_comparison_memory(scenarios, options), 0}, "this comparison",
             "fewer --threads or fewer scenarios");
  const std::unique_ptr<OutputFolder> folder = open_folder(arguments.output);
  if (folder) check_space(inputs, options, *folder);
  note(inputs, options, arguments.quiet);
  const Comparison comparison = compare_with_progress(scenarios, options, arguments.quiet);
  stop_if_asked();
  check_walked(inputs, options, comparison);
  const ComparisonReport report{inputs, options, comparison};
  const std::string json = arguments.output.json || folder ? comparison_json(report) : "";
  if (folder) {
    folder->fill([&] { write_files(report, json, *folder); });
    publish(*folder);
  }
  if (arguments.output.json)
    print_result(json);
  else if (!arguments.quiet)
    print_result(comparison_table(report, arguments.measures, arguments.at));
  return warn_of_unsolved(comparison, arguments.strict);
}

}  // namespace

void add_compare_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<CompareArguments>();
  Command command =
      add_command(app, action, "compare", "Compare scenarios with a base, path by path with the same draws",
                  {"chokepoint compare configs/baseline.toml --change region.cn.power_mw=1e5",
                   "chokepoint compare base.toml ban.toml quota.toml --paths 1e5 --out results/comparison",
                   "chokepoint compare results/base results/ban --at 2028-06 --measure utilisation[cn]",
                   "chokepoint compare base.toml ban.toml --json --quiet > comparison.json"});
  command.argument("scenarios", arguments->places, "FILE|DIR",
                   "Base, then what to compare with it: configs, results or both");
  const auto add_list = [&command](const char* name, std::vector<std::string>& list, const char* type,
                                   const char* help) { command.option(name, list, type, help); };
  add_list("--change", arguments->changes, "KEY=VALUE",
           "Add a scenario: the base with this key changed; if repeated, one scenario with all changes");
  add_list("--set", arguments->all_set, "KEY=VALUE", "Set one key of every config; may be repeated");
  add_list("--measure", arguments->measures, "NAME",
           "Show this measure, say utilisation[cn] or utilisation; may be repeated");
  command.option("--at", arguments->at, "MONTH", "Show this month, say 2028-06 [the last one in common]");
  command.option("-n,--paths", arguments->paths, "N",
                 "Number of paths; 1e6 is understood [those of the results, or 10000]");
  command.option("--first-path", arguments->first_path, "N", "Number of the first path [that of the results, or 0]");
  command.option("--seed", arguments->seed, "N", "Seed of all shocks [that of the results, or of the base's config]");
  arguments->engine.add_walk_to(command);
  command.option("-o,--out", arguments->output.out, "DIR", "Folder for comparison.json and comparison.csv [none]");
  command.flag("--force", arguments->output.force, "Replace a comparison that is there already");
  command.flag("--json", arguments->output.json, "Print everything as JSON: all measures, all months");
  command.flag("-q,--quiet", arguments->quiet, "No progress and no table; warnings stay");
  command.flag("--strict", arguments->strict, "Exit with 4 if any month of any path missed its tolerance");
  command.runs([arguments] { return compare(*arguments); });
}

}  // namespace chokepoint
