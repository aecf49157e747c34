#include <fmt/format.h>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/verdict.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/parameters_json.hpp"
#include "output/json_text.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

struct ValidateOptions {
  ConfigArguments config;
  bool json = false, resolved = false, parameters = false;
};

Json to_json(const Diagnostic& fault) {
  return {{"file", fault.file}, {"line", fault.line},       {"column", fault.column},
          {"key", fault.key},   {"message", fault.message}, {"help", fault.help}};
}

/// Reads the config; a claim with its twins as well.
Scenario read_all(const ValidateOptions& options) {
  Scenario scenario = options.config.read();
  if (has_claim(scenario)) check_claim(scenario);
  return scenario;
}

/// The faults as JSON in place of text on stderr; the exit code is the same.
int validate_as_json(const ValidateOptions& options) {
  Json faults = Json::array();
  try {
    read_all(options);
  } catch (const ScenarioError& error) {
    for (const Diagnostic& fault : error.diagnostics()) faults.push_back(to_json(fault));
  }
  const Json answer = {{"config", options.config.path}, {"valid", faults.empty()}, {"faults", faults}};
  print_result(json_text(answer));
  return faults.empty() ? exit_code::ok : exit_code::usage;
}

int validate_config(const ValidateOptions& options) {
  if (options.json) return validate_as_json(options);
  const Scenario scenario = read_all(options);
  if (options.resolved) {
    print_result(scenario.text);
    return exit_code::ok;
  }
  if (options.parameters) {
    print_result(json_text(parameters_json(scenario)));
    return exit_code::ok;
  }
  print_result(fmt::format("{}: valid: scenario '{}', {} from {}, {}, {}, {}, {}\n", options.config.path, scenario.name,
                           count_text(static_cast<std::uint64_t>(scenario.months), "month"), format(scenario.start),
                           count_text(scenario.regions.size(), "region"), count_text(scenario.chips.size(), "chip"),
                           count_text(scenario.providers.size(), "provider"),
                           count_text(scenario.segments.size(), "segment")));
  return exit_code::ok;
}

}  // namespace

void add_validate_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ValidateOptions>();
  Command command = add_command(
      app, action, "validate", "Check a config; every fault is reported at once, with its place and a remedy",
      {"chokepoint validate configs/baseline.toml", "chokepoint validate configs/baseline.toml --set market.sigma=8",
       "chokepoint validate child.toml --resolved > whole.toml"});
  options->config.add_to(command);
  command.flag("--json", options->json, "Print the faults as JSON to stdout");
  command.flag("--resolved", options->resolved,
               "Print the scenario as one file, with what it extends and every --set, instead of checking it",
               {"--json"});
  command.flag("--parameters", options->parameters,
               "Print the numbers that the engines take, as JSON (names and units: parameters.hpp)",
               {"--json", "--resolved"});
  command.runs([options] { return validate_config(*options); });
}

}  // namespace chokepoint
