#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"
#include "commands/command.hpp"
#include "output/output_folder.hpp"

/// Arguments that several commands share. They stay text until the command runs. Only then are they checked here, so
/// that the messages are our own, and --help works whatever else is on the line.
namespace chokepoint {

/// Most paths a run may be asked for: its sums stay exact up to here.
inline constexpr std::uint64_t max_paths = 1000000000;
/// Largest number that a path may have.
inline constexpr std::uint64_t max_path_number = std::uint64_t{1} << 62;

/// @throws UsageError with the nearest name
EngineKind parse_engine(const std::string& text);
InstructionSet parse_instruction_set(const std::string& text);

/// The config file and its overrides.
struct ConfigArguments {
  std::string path;
  std::vector<std::string> overrides;

  void add_to(Command& command);
  Scenario read() const;  ///< @throws ScenarioError, UsageError where there is no such file
  /// The same for commands that run the scenario without evaluating its claim. The predicates must still be valid, as
  /// the report would otherwise refuse the result; a missing twin only gives a warning.
  Scenario read_to_run() const;
};

/// Which engine runs, on how many threads and which GPUs.
struct EngineArguments {
  std::string engine = "auto", instruction_set = "auto", threads = "0", batch = "0";
  std::optional<std::string> devices;

  void add_to(Command& command);
  /// For commands that walk paths: `auto` is a CPU engine there.
  void add_walk_to(Command& command);
  void add_engine_to(Command& command);  ///< of one path
  void fill(RunOptions& options) const;  ///< @throws UsageError
  EngineChoice choice() const;           ///< @throws UsageError
};

/// @param advice what else to do
/// @throws UsageError for an engine that does not walk the paths of results in this precision
void check_precision(EngineChoice wanted, const std::string& precision, const std::string& advice);

/// Which paths are run.
struct PathArguments {
  std::string paths = "10000", first_path = "0", seed;

  void add_to(Command& command);
  /// @param overrides those of --set @throws UsageError
  void fill(RunOptions& options, const Scenario& scenario, const std::vector<std::string>& overrides) const;
};

/// Where results go.
struct OutputArguments {
  std::string out;
  bool force = false, json = false;

  /// @param standard what --help says of the default
  void add_to(Command& command, const std::string& standard);
  /// @param scenario names the folder where --out does not
  OutputFolder open(const std::string& scenario) const;  ///< @throws UsageError, OutputError
};

/// Refuses a file or folder that is given twice, however it was written; a result may be named by its result.nc.
/// @throws UsageError
void check_none_twice(const std::vector<std::string>& places);

/// The seed on the command line, else that of the config. @param overrides those of --set @throws UsageError
std::uint64_t parse_seed(const std::string& text, const Scenario& scenario,
                         const std::vector<std::string>& overrides = {});

/// Refuses a --seed if overrides give a seed too. @param by the option of the overrides @throws UsageError
void check_seed_once(const std::string& seed, const std::vector<std::string>& overrides, const std::string& by);

}  // namespace chokepoint
