#include "chokepoint/verdict.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "analysis/verdict_text.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/disk_space.hpp"
#include "commands/finish.hpp"
#include "commands/parse_count.hpp"
#include "commands/progress.hpp"
#include "config/toml_text.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// Most paths of a verdict: the answer of each is kept in memory.
constexpr std::uint64_t most_paths = 10000000;

struct VerdictArguments {
  std::vector<std::string> claims;
  std::string paths = "10000", first_path = "0", seed;
  EngineArguments engine;
  std::string out;
  bool force = false, json = false, markdown = false, quiet = false, no_attribution = false;
};

/// The configs of a folder that make a claim, by name.
std::vector<fs::path> claims_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml" &&
        parse_config(read_config_file(entry.path()), entry.path().string()).contains("claim"))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (files.empty()) throw UsageError(fmt::format("'{}' holds no config with a [claim]", folder.string()));
  return files;
}

std::vector<std::string> claim_files(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    const bool is_folder = fs::is_directory(argument, error);
    for (const fs::path& file : is_folder ? claims_in(argument) : std::vector<fs::path>{argument})
      files.push_back(file.string());
  }
  check_none_twice(files);
  return files;
}

std::vector<Scenario> read_claims(const std::vector<std::string>& arguments) {
  std::vector<Scenario> scenarios;
  for (const std::string& file : claim_files(arguments)) {
    scenarios.push_back(ConfigArguments{file, {}}.read());
    if (!has_claim(scenarios.back())) throw UsageError(fmt::format("'{}' has no [claim]; see docs/claims.md", file));
  }
  return scenarios;
}

/// All scenarios share one seed, so that claims can be read beside each other.
std::uint64_t common_seed(const std::vector<Scenario>& scenarios, const std::string& text) {
  for (const Scenario& scenario : scenarios)
    if (text.empty() && scenario.seed != scenarios[0].seed)
      throw UsageError(fmt::format("'{}' and '{}' have seeds of their own; say which one to take with --seed",
                                   scenarios[0].source_path, scenario.source_path));
  return parse_seed(text, scenarios[0]);
}

VerdictOptions options_of(const VerdictArguments& arguments, const std::vector<Scenario>& scenarios) {
  VerdictOptions options;
  options.run.paths = parse_count(arguments.paths, "--paths", 1, most_paths);
  options.run.first_path = parse_count(arguments.first_path, "--first-path", 0, max_path_number);
  options.run.seed = common_seed(scenarios, arguments.seed);
  arguments.engine.fill(options.run);
  options.run.engine = resolve_walk_engine(options.run.engine);
  options.attribution = !arguments.no_attribution;
  return options;
}

std::optional<std::vector<Verdict>> evaluate_with_progress(const std::vector<Scenario>& scenarios,
                                                           const VerdictOptions& options, bool quiet) {
  Progress progress(verdict_paths(options), !quiet);
  RunControl control;
  control.report = [&progress](std::uint64_t done) { progress.show(done); };
  control.stop = stop_flag();
  return evaluate_claims(scenarios, options, control);
}

std::optional<OutputFolder> open_folder(const VerdictArguments& arguments) {
  if (arguments.out.empty()) return std::nullopt;
  return std::optional<OutputFolder>(std::in_place, arguments.out,
                                     std::vector<std::string>{"verdict.json", "verdict.csv"}, arguments.force);
}

/// Refuses a verdict whose files the disk will not take: one of a few paths has files about as large.
void check_space(const std::vector<Scenario>& scenarios, VerdictOptions options, const OutputFolder& folder) {
  if (folder.has_plenty(plenty_for_text)) return;
  constexpr std::uint64_t few_paths = 16;
  options.run.paths = std::min(options.run.paths, few_paths);
  const auto verdicts = evaluate_with_progress(scenarios, options, true);
  stop_if_asked();
  const std::uint64_t json = json_text(verdict_json(*verdicts)).size(), csv = verdict_csv(*verdicts).size();
  folder.require_space(json + csv, std::max(json, csv));
}

void warn_of_unsolved(const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts)
    if (verdict.answer.paths.unsolved > 0)
      spdlog::warn("{}: {} of {} paths have a month that missed the solver's tolerance; they are not counted",
                   verdict.file, verdict.answer.paths.unsolved, verdict.paths);
}

std::string text_of(const std::vector<Verdict>& verdicts, const VerdictArguments& arguments) {
  if (arguments.json) return json_text(verdict_json(verdicts));
  if (arguments.markdown) return verdict_markdown(verdicts);
  return arguments.quiet ? "" : verdict_table(verdicts);
}

int verdict(const VerdictArguments& arguments) {
  const std::vector<Scenario> scenarios = read_claims(arguments.claims);
  for (const Scenario& scenario : scenarios) check_claim(scenario);
  const VerdictOptions options = options_of(arguments, scenarios);
  std::optional<OutputFolder> folder = open_folder(arguments);
  if (folder) check_space(scenarios, options, *folder);
  const auto verdicts = evaluate_with_progress(scenarios, options, arguments.quiet);
  stop_if_asked();
  if (folder) {
    folder->fill([&] {
      folder->write("verdict.json", json_text(verdict_json(*verdicts)));
      folder->write("verdict.csv", verdict_csv(*verdicts));
    });
    publish(*folder);
  }
  print_result(text_of(*verdicts, arguments));
  warn_of_unsolved(*verdicts);
  return exit_code::ok;
}

}  // namespace

void add_verdict_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<VerdictArguments>();
  Command command = add_command(
      app, action, "verdict", "Estimate the probability of scenarios' claims and show which shocks it depends on",
      {"chokepoint verdict configs/evidence",
       "chokepoint verdict configs/evidence/01-glut-and-war.toml --paths 1e5 --no-attribution",
       "chokepoint verdict configs/evidence --out results/verdict --json > verdict.json"});
  command.argument("claims", arguments->claims, "FILE|DIR", "Scenarios with a [claim] (TOML), or folders of them");
  command.option("-n,--paths", arguments->paths, "N", "Number of paths; 1e5 is understood");
  command.option("--first-path", arguments->first_path, "N", "Number of the first path");
  command.option("--seed", arguments->seed, "N", "Seed of all shocks [that of the configs]");
  arguments->engine.add_walk_to(command);
  command.flag("--no-attribution", arguments->no_attribution, "Leave out what each claim depends on: much faster");
  command.option("-o,--out", arguments->out, "DIR", "Folder for verdict.json and verdict.csv [none]");
  command.flag("--force", arguments->force, "Replace results that are there already");
  command.flag("--json", arguments->json, "Print JSON to stdout in place of the table");
  command.flag("--markdown", arguments->markdown, "Print Markdown in place of the table", {"--json"});
  command.flag("-q,--quiet", arguments->quiet, "No progress and no table; warnings stay");
  command.runs([arguments] { return verdict(*arguments); });
}

}  // namespace chokepoint
