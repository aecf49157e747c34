#include "results/stored_result.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chokepoint/version.hpp"
#include "output/errors.hpp"
#include "output/file_bytes.hpp"
#include "output/in_child.hpp"
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

/// Lets a child open the file and read its head first.
void check_can_be_opened(const std::string& path) {
  const std::string bytes = file_bytes(path);
  const auto open = [&] {
    try {
      read_head(NetcdfReader(path, bytes));
    } catch (const UsageError&) {  // which this process will find too
    }
    return std::string();
  };
  if (!in_child(open)) throw UsageError(fmt::format("'{}' is damaged so badly that the HDF5 library dies of it", path));
}

/// A result after its contents have been checked.
StoredResult read_unchanged(const NetcdfReader& file, std::vector<std::string> added_attributes) {
  StoredResult out = read_head(file);
  out.added_attributes = std::move(added_attributes);
  return out;
}

}  // namespace

StoredResult read_stored_head(const std::string& place) {
  const std::string path = file_at(place);
  check_can_be_opened(path);
  return read_head(NetcdfReader(path));
}

StoredResult read_stored_result(const std::string& place) {
  const std::string path = file_at(place);
  std::vector<std::string> added = check_unchanged(path);
  return read_unchanged(NetcdfReader(path), std::move(added));
}

StoredTallies read_stored_tallies(StoredResult& result) {
  std::vector<std::string> added = check_unchanged(result.path);
  const NetcdfReader file(result.path);
  result = read_unchanged(file, std::move(added));
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
  const std::string path = file_at(place);
  std::vector<std::string> added = check_unchanged(path);
  const NetcdfReader file(path);
  StoredSet out{read_unchanged(file, std::move(added)), {}};
  out.set = read_set(file, out.head, stored_scenario(out.head));
  return out;
}

}  // namespace chokepoint
