#include "commands/compare_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "chokepoint/tally/tallies.hpp"
#include "chokepoint/version.hpp"
#include "commands/added_attributes.hpp"
#include "commands/parse_count.hpp"
#include "config/overrides.hpp"
#include "config/spelling.hpp"
#include "output/errors.hpp"
#include "results/stored_result.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

bool is_result(const std::string& place) {
  std::error_code error;
  return fs::is_directory(place, error) || fs::path(place).extension() == ".nc";
}

CompareInput read_config(const std::string& place, const std::vector<std::string>& overrides) {
  ConfigArguments config;
  config.path = place;
  config.overrides = overrides;
  return {place, "", config.read_to_run(), std::nullopt};
}

CompareInput read_result(const std::string& place) {
  StoredResult result = read_stored_result(place);
  warn_of_unvouched(result);
  name_added_attributes(result);
  if (result.format_version == 1)
    throw UsageError(fmt::format(
        "'{}' was made by chokepoint {}, whose results cannot be compared by this version: it would walk the "
        "paths again, and could not tell whether they are the same; compare the configs instead",
        result.path, result.provenance.version));
  Scenario scenario = stored_scenario(result);
  return {place, "", std::move(scenario), std::move(result)};
}

CompareInput read_input(const std::string& place, const std::vector<std::string>& overrides) {
  if (!is_result(place)) return read_config(place, overrides);
  if (!overrides.empty())
    throw UsageError(
        fmt::format("--set cannot change the finished result '{}'; give its config, or use --change", place));
  return read_result(place);
}

/// Those of --set that --change does not change.
std::vector<std::string> kept_overrides(const CompareArguments& arguments) {
  std::vector<std::string> overrides;
  for (const std::string& set : arguments.all_set) {
    const std::string key = override_key(set);
    const auto changes_all = [&](const std::string& one) {
      return override_key(one).size() <= key.size() && keys_overlap(override_key(one), key);
    };
    if (std::none_of(arguments.changes.begin(), arguments.changes.end(), changes_all)) overrides.push_back(set);
  }
  return overrides;
}

/// Names --change where the message of a reader of configs names --set.
ScenarioError named_as_change(const ScenarioError& error, const std::vector<std::string>& changes) {
  std::vector<Diagnostic> faults = error.diagnostics();
  for (Diagnostic& fault : faults)
    for (const std::string& change : changes) {
      if (fault.file == "--set " + change) fault.file = "--change " + change;
      if (fault.help.starts_with("first by --set " + shown(change))) fault.help.replace(9, 5, "--change");
    }
  return ScenarioError(std::move(faults));
}

/// The base with the changes of --change.
CompareInput changed_base(const CompareInput& base, const CompareArguments& arguments) {
  std::vector<std::string> overrides = kept_overrides(arguments);
  overrides.insert(overrides.end(), arguments.changes.begin(), arguments.changes.end());
  const std::string place = fmt::format("{} --change {}", base.place, fmt::join(arguments.changes, " --change "));
  try {
    if (!base.result) return {place, "", read_config(base.place, overrides).scenario, std::nullopt};
    return {place, "", read_scenario_text(base.scenario.text, base.result->path + " (config_text)", overrides),
            std::nullopt};
  } catch (const ScenarioError& error) {
    throw named_as_change(error, arguments.changes);
  }
}

/// Labels of the scenarios: their names; if two are equal, the arguments; if those are equal, numbered. After each what
/// --set has changed in all of them.
void set_labels(std::vector<CompareInput>& inputs, const CompareArguments& arguments) {
  const auto unique = [&inputs](auto label_of) {
    for (const CompareInput& a : inputs)
      for (const CompareInput& b : inputs)
        if (&a != &b && label_of(a) == label_of(b)) return false;
    return true;
  };
  const bool by_name = unique([](const CompareInput& input) { return input.scenario.name; });
  const bool by_place = unique([](const CompareInput& input) { return input.place; });
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    CompareInput& input = inputs[k];
    input.label = by_name ? input.scenario.name : input.place;
    if (!by_name && !by_place) input.label += fmt::format(" ({})", k + 1);
    const bool is_changed = !arguments.changes.empty() && k + 1 == inputs.size();
    for (const std::string& set : is_changed ? kept_overrides(arguments) : arguments.all_set)
      input.label += " --set " + set;
  }
}

/// What all results agree on; nothing where there are none.
/// @param option which chooses one on the command line
template <class Value>
std::optional<Value> common_value(const std::vector<CompareInput>& inputs, Value Provenance::*member,
                                  const std::string& what, const std::string& option) {
  const CompareInput* first = nullptr;
  for (const CompareInput& input : inputs) {
    if (!input.result) continue;
    if (!first) first = &input;
    const Value &a = first->result->provenance.*member, &b = input.result->provenance.*member;
    if (a != b)
      throw UsageError(fmt::format("'{}' and '{}' differ in their {}: {} and {}; {}", first->place, input.place, what,
                                   a, b, option));
  }
  return first ? std::optional(first->result->provenance.*member) : std::nullopt;
}

/// @param given text of an option, empty where it was not given
std::uint64_t chosen_count(const std::string& given, const std::string& option, std::uint64_t low, std::uint64_t high,
                           const std::vector<CompareInput>& inputs, std::uint64_t Provenance::*member,
                           const std::string& what, std::uint64_t standard) {
  if (!given.empty()) return parse_count(given, option, low, high);
  return common_value(inputs, member, what, option + " chooses one, and both are walked again").value_or(standard);
}

void choose_precision(RunOptions& options, const std::vector<CompareInput>& inputs) {
  const std::optional<std::string> precision =
      common_value(inputs, &Provenance::precision, "precision", "compare their configs instead");
  if (!precision) return;
  check_precision(options.engine, *precision, "compare configs instead");
  options.engine = with_precision(options.engine, *precision);
}

}  // namespace

std::vector<CompareInput> read_inputs(const CompareArguments& arguments) {
  std::vector<CompareInput> inputs;
  for (const std::string& place : arguments.places) inputs.push_back(read_input(place, arguments.all_set));
  if (!arguments.changes.empty()) inputs.push_back(changed_base(inputs.front(), arguments));
  if (inputs.size() < 2)
    throw UsageError("a comparison needs two scenarios: give a second config or result, or --change KEY=VALUE");
  set_labels(inputs, arguments);
  return inputs;
}

RunOptions compare_options(const CompareArguments& arguments, const std::vector<CompareInput>& inputs) {
  check_seed_once(arguments.seed, arguments.all_set, "--set");
  check_seed_once(arguments.seed, arguments.changes, "--change");
  RunOptions options;
  arguments.engine.fill(options);
  choose_precision(options, inputs);
  options.paths =
      chosen_count(arguments.paths, "--paths", 1, max_paths, inputs, &Provenance::paths, "number of paths", 10000);
  options.first_path = chosen_count(arguments.first_path, "--first-path", 0, max_path_number, inputs,
                                    &Provenance::first_path, "first path", 0);
  options.seed = chosen_count(arguments.seed, "--seed", 0, std::numeric_limits<std::uint64_t>::max(), inputs,
                              &Provenance::seed, "seed", inputs.front().scenario.seed);
  return options;
}

bool is_walked_again(const CompareInput& input, const RunOptions& options) {
  if (!input.result) return false;
  const Provenance& from = input.result->provenance;
  return from.seed == options.seed && from.first_path == options.first_path && from.paths == options.paths;
}

void check_walked(const std::vector<CompareInput>& inputs, const RunOptions& options, const Comparison& comparison) {
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!is_walked_again(inputs[k], options)) continue;
    const RunTotals& totals = inputs[k].result->totals;
    const WalkedPaths& walked = comparison.walked[k];
    if (totals.checksum_sum == walked.checksum_sum && totals.checksum_xor == walked.checksum_xor &&
        totals.unsolved_paths == walked.unsolved_paths)
      continue;
    throw NumericsError(
        fmt::format("'{}' (version {}, commit {}) holds other paths than this program (version {}, commit {}) walks: "
                    "the model has changed since, "
                    "or one of two machines computes wrongly (see doctor). Compare the configs, or run it again",
                    inputs[k].place, inputs[k].result->provenance.version, inputs[k].result->provenance.commit,
                    build_info.version, build_info.commit));
  }
}

}  // namespace chokepoint
