#include "output/stored_result.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chokepoint/version.hpp"
#include "output/errors.hpp"
#include "output/result_check.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

std::string file_at(const std::string& place) {
  std::error_code error;
  const fs::path path = fs::is_directory(place, error) ? fs::path(place) / result_file : fs::path(place);
  if (!fs::exists(path, error)) throw UsageError(fmt::format("no such result: {}", path.string()));
  check_before_use(place);
  return path.string();
}

StoredResult read_checked(const NetcdfReader& file) {
  StoredResult head = read_head(file);
  check_unchanged(file, head);
  return head;
}

}  // namespace

StoredResult read_stored_head(const std::string& place) {
  return read_head(NetcdfReader(file_at(place)));
}

StoredResult read_stored_result(const std::string& place) {
  return read_checked(NetcdfReader(file_at(place)));
}

StoredTallies read_stored_tallies(StoredResult& result) {
  const NetcdfReader file(result.path);
  check_unchanged(file, result);
  return read_tallies(file, read_head(file));
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
  StoredSet out{read_checked(file), {}};
  out.set = read_set(file, out.head, stored_scenario(out.head));
  return out;
}

}  // namespace chokepoint
