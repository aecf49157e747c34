#include "results/stored_result.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chokepoint/version.hpp"
#include "output/errors.hpp"
#include "output/result_names.hpp"
#include "results/result_check.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

std::string file_at(const std::string& place) {
  std::error_code error;
  const bool is_folder = fs::is_directory(place, error);
  const fs::path path = is_folder ? fs::path(place) / result_file : fs::path(place);
  if (is_folder && !fs::exists(path, error))
    throw UsageError(fmt::format("'{}' is a folder without a result: it holds no {}; name the folder of a finished run",
                                 place, result_file));
  if (!fs::exists(path, error))
    throw UsageError(
        fmt::format("there is no '{}'; name the folder of a finished run, or the {} in it", place, result_file));
  check_before_use(place);
  return path.string();
}

/// The head, after all contents have been checked.
StoredResult read_unchanged(const NetcdfReader& file) {
  std::vector<std::string> added = check_unchanged(file);
  StoredResult out = read_head(file);
  out.added_attributes = std::move(added);
  return out;
}

}  // namespace

StoredResult read_stored_head(const std::string& place) {
  return read_head(NetcdfReader(file_at(place), variables_of_head()));
}

StoredResult read_stored_result(const std::string& place) {
  return read_unchanged(NetcdfReader(file_at(place)));
}

StoredTallies read_stored_tallies(StoredResult& result) {
  const NetcdfReader file(result.path);
  result = read_unchanged(file);
  return read_tallies(file, result);
}

Scenario stored_scenario(const StoredResult& result) {
  const Provenance& from = result.provenance;
  try {
    Scenario scenario = read_scenario_text(from.config_text, result.path + " (config_text)");
    if (scenario.text_hash != from.config_hash)
      throw UsageError(fmt::format("'{}' is damaged: its config and hash do not belong together", result.path));
    return scenario;
  } catch (const ScenarioError& error) {
    if (result.is_of_this_version()) throw;
    throw UsageError(fmt::format("'{}' was made by chokepoint {}, and {} does not read its config: {}", result.path,
                                 from.version, build_info.version, error.what()));
  }
}

StoredSet read_result_set(const std::string& place) {
  const NetcdfReader file(file_at(place));
  StoredSet out{read_unchanged(file), {}};
  out.set = read_set(file, out.head, stored_scenario(out.head));
  return out;
}

}  // namespace chokepoint
