#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "chokepoint/engine.hpp"
#include "chokepoint/market/measure.hpp"
#include "chokepoint/measures.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/parse_count.hpp"
#include "output/csv_text.hpp"
#include "output/json_text.hpp"
#include "results/calendar.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {
namespace {

struct ReplayOptions {
  ConfigArguments config;
  EngineArguments engine;
  std::string path = "0", seed;
  bool no_shocks = false, json = false;
};

/// One cell: the shortest text that gives the same float again; nothing where the measure is not defined.
std::string cell(float value) {
  return value == missing_value ? "" : fmt::format("{}", value);
}

std::string replay_as_csv(const Scenario& scenario, const ReplayedPath& path) {
  std::string text = "time";
  for (const std::string& name : measure_names(scenario)) text += "," + csv_field(name);
  text += ",residual,iterations\n";
  for (int month = 0; month < path.months; ++month) {
    text += date_text(scenario, month);
    for (int measure = 0; measure < path.measures; ++measure) text += "," + cell(path.at(month, measure));
    const auto row = static_cast<std::size_t>(month);
    text += fmt::format(",{},{}\n", path.residual[row], path.iterations[row]);
  }
  return text;
}

/// JSON has no missing numbers and no NaN: both become null.
Json to_json(float value) {
  if (value == missing_value || !std::isfinite(value)) return nullptr;
  return Json::parse(fmt::format("{}", value));  // the digits of the float, not those of a double
}

Json replay_as_json(const Scenario& scenario, const ReplayedPath& path, const RunOptions& run) {
  const std::vector<std::string> names = measure_names(scenario);
  Json times = Json::array(), residuals = Json::array(), iterations = Json::array(), measures = Json::object();
  for (int month = 0; month < path.months; ++month) {
    const auto row = static_cast<std::size_t>(month);
    times.push_back(date_text(scenario, month));
    residuals.push_back(to_json(path.residual[row]));
    iterations.push_back(to_json(path.iterations[row]));
  }
  for (std::size_t measure = 0; measure < names.size(); ++measure) {
    Json column = Json::array();
    for (int month = 0; month < path.months; ++month)
      column.push_back(to_json(path.at(month, static_cast<int>(measure))));
    measures[names[measure]] = std::move(column);
  }
  return {{"scenario", scenario.name}, {"path", run.first_path}, {"seed", run.seed},        {"time", times},
          {"measures", measures},      {"residual", residuals},  {"iterations", iterations}};
}

int replay(const ReplayOptions& options) {
  const Scenario scenario = options.config.read();
  RunOptions run;
  run.first_path = parse_count(options.path, "--path", 0, max_path_number);
  run.seed = parse_seed(options.seed, scenario, options.config.overrides);
  const ReplayedPath path =
      replay_path(scenario, run.seed, run.first_path, options.engine.choice(), !options.no_shocks);
  print_result(options.json ? json_text(replay_as_json(scenario, path, run)) : replay_as_csv(scenario, path));
  return exit_code::ok;
}

}  // namespace

void add_replay_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  Command command = add_command(app, action, "replay",
                                "Print one path in full: every measure of every month, the same bits as within a run",
                                {"chokepoint replay configs/baseline.toml --path 4711 > path.csv",
                                 "chokepoint replay configs/baseline.toml --path 4711 --json",
                                 "chokepoint replay configs/baseline.toml --no-shocks",
                                 "chokepoint replay configs/baseline.toml --engine reference"});
  options->config.add_to(command);
  command.option("--path", options->path, "K", "Number of the path");
  command.option("--seed", options->seed, "N", "Seed of all shocks [that of the config]");
  options->engine.add_engine_to(command);
  command.flag("--no-shocks", options->no_shocks, "Freeze every source of shocks: the no-shock twin");
  command.flag("--json", options->json, "Print JSON in place of CSV");
  command.runs([options] { return replay(*options); });
}

}  // namespace chokepoint
