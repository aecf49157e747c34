#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chokepoint/comparison.hpp"
#include "commands/arguments.hpp"
#include "results/result_netcdf.hpp"

/// The inputs of `compare`.
namespace chokepoint {

struct CompareArguments {
  std::vector<std::string> places;   ///< configs and results, the base first
  std::vector<std::string> all_set;  ///< --set: changes of every config
  std::vector<std::string> changes;  ///< --change: changes of the base that make one more scenario
  std::string paths, first_path, seed;
  EngineArguments engine;
  OutputArguments output;
  std::vector<std::string> measures;
  std::string at;
  bool quiet = false, strict = false;
};

/// One scenario of a comparison.
struct CompareInput {
  std::string place;  ///< as on the command line
  std::string label;  ///< unique: the scenario's name where that is enough
  Scenario scenario;
  std::optional<StoredResult> result;  ///< where a finished result was given
};

/// @throws UsageError, ScenarioError
std::vector<CompareInput> read_inputs(const CompareArguments& arguments);

/// Paths, seed and engine: those of the command line, else those of the results, else those of the base's config.
/// @throws UsageError where results differ and the command line does not decide
RunOptions compare_options(const CompareArguments& arguments, const std::vector<CompareInput>& inputs);

/// Whether a result was walked again: the same paths, seed and precision.
bool is_walked_again(const CompareInput& input, const RunOptions& options);

/// @throws NumericsError if the walked paths differ from those of a result
void check_walked(const std::vector<CompareInput>& inputs, const RunOptions& options, const Comparison& comparison);

}  // namespace chokepoint
