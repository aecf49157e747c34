#include "output/stored_result.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chokepoint/version.hpp"
#include "output/errors.hpp"
#include "output/result_check.hpp"

namespace chokepoint {

namespace fs = std::filesystem;

StoredResult read_stored_result(const std::string& place) {
  std::error_code error;
  const fs::path path = fs::is_directory(place, error) ? fs::path(place) / result_file : fs::path(place);
  if (!fs::exists(path, error)) throw UsageError(fmt::format("no such result: {}", path.string()));
  check_before_use(place);
  return read_result_netcdf(path.string());
}

Scenario stored_scenario(const StoredResult& result) {
  const Provenance& from = result.provenance;
  if (from.version != build_info.version)
    throw UsageError(
        fmt::format("'{}' was made by version {}, this is {}", result.path, from.version, build_info.version));
  Scenario scenario = read_scenario_text(from.config_text, result.path + " (config_text)");
  if (scenario.text_hash != from.config_hash || result.tallies->layout() != tally_layout(scenario))
    throw UsageError(fmt::format("'{}' is damaged: its config, hash and tallies do not belong together", result.path));
  return scenario;
}

ResultSet read_result_set(const std::string& place) {
  StoredResult stored = read_stored_result(place);
  Scenario scenario = stored_scenario(stored);
  return make_result_set(std::move(scenario), std::move(stored.provenance), std::move(stored.tallies),
                         std::move(stored.unsolved_tallies));
}

}  // namespace chokepoint
