#pragma once

#include <string>
#include <vector>

#include "commands/command.hpp"
#include "commands/exit_code.hpp"
#include "output/errors.hpp"

/// The commands of the program, one file each. A command adds itself to the command line by its add function; if the
/// user chose it, its action runs after the whole line has been parsed. An example (src/commands/clear.cpp):
///
///   void add_clear_command(CLI::App& app, Action& action) {
///     auto options = std::make_shared<ClearOptions>();
///     Command command = add_command(app, action, "clear", "Clear a one-shot market and print its equilibrium",
///                                     {"chokepoint clear configs/markets/duopoly.toml"});
///     command.argument("config", options->config, "FILE", "Market file (TOML)");
///     command.flag("--json", options->json, "Print the result as JSON");
///     command.runs([options] { return clear(*options); });
///   }
///
/// Results go to stdout, everything else to stderr. An action returns an exit code, or throws: ScenarioError and
/// UsageError end in 2; EngineError, ResourceError and std::bad_alloc in 3. Nothing may touch a GPU before it runs.
namespace chokepoint {

void add_run_command(CLI::App& app, Action& action);
void add_validate_command(CLI::App& app, Action& action);
void add_plan_command(CLI::App& app, Action& action);
void add_clear_command(CLI::App& app, Action& action);
void add_replay_command(CLI::App& app, Action& action);
void add_merge_command(CLI::App& app, Action& action);
void add_report_command(CLI::App& app, Action& action);
void add_compare_command(CLI::App& app, Action& action);
void add_check_command(CLI::App& app, Action& action);
void add_doctor_command(CLI::App& app, Action& action);
void add_schema_command(CLI::App& app, Action& action);
void add_verdict_command(CLI::App& app, Action& action);

/// Parses a command line and runs what it asks for. Reports every failure on stderr.
int run_command_line(int argc, char** argv);

}  // namespace chokepoint
