#include "output/result_netcdf.hpp"

#include <fmt/format.h>

#include <optional>

#include "engine/memory_plan.hpp"
#include "machine/memory_limit.hpp"
#include "output/errors.hpp"
#include "output/netcdf_file.hpp"
#include "output/result_netcdf_statistics.hpp"

namespace chokepoint {
namespace {

constexpr char tally_group[] = "tallies", all_tallies[] = "all", unsolved_tallies[] = "unsolved";
constexpr char config_text[] = "config_text";

void add_attributes(NetcdfWriter& file, const ResultSet& set) {
  const Provenance& from = set.provenance;
  file.add_attribute("Conventions", "CF-1.10");
  file.add_attribute("title", set.scenario.title.empty() ? set.scenario.name : set.scenario.title);
  file.add_attribute("source", fmt::format("chokepoint {} (commit {})", from.version, from.commit));
  file.add_attribute(
      "history", fmt::format("{} chokepoint: {} paths from path {}", from.run.created, from.paths, from.first_path));
  file.add_attribute("digest", set.result->digest());
  for (const auto& [name, value] : facts_of(from)) file.add_attribute(name, value);
  file.add_attribute("seed", from.seed);
  file.add_attribute("first_path", from.first_path);
  file.add_attribute("paths", from.paths);
  file.add_attribute("threads", from.run.threads);
  file.add_attribute("batch", from.run.batch);
  file.add_attribute("seconds", from.run.seconds);
  const RunTotals& totals = set.result->totals();
  file.add_attribute("unsolved", totals.unsolved_steps);
  file.add_attribute("unsolved_paths", totals.unsolved_paths);
  file.add_attribute("max_residual", static_cast<double>(totals.max_residual));
  file.add_attribute("quantile_relative_error_bound", quantile_error_bound);
}

void add_tallies(NetcdfWriter& file, const ResultSet& set) {
  file.enter_group(tally_group);
  // Not an attribute: those hold 64 KiB, a config up to 1 MiB.
  const std::string& config = set.provenance.config_text;
  file.add_bytes(config_text, std::as_bytes(std::span(config.data(), config.size())),
                 {{"long_name", "text of the config, TOML in UTF-8"}});
  file.add_bytes(all_tallies, set.tallies->serialise(), {{"long_name", "tallies of all paths, for chokepoint merge"}});
  if (set.unsolved_tallies)
    file.add_bytes(unsolved_tallies, set.unsolved_tallies->serialise(),
                   {{"long_name", "tallies of the paths with an unsolved month"}});
}

std::unique_ptr<Tallies> read_tallies(const NetcdfReader& file, const std::string& path, const std::string& name) {
  const std::vector<std::byte> bytes = file.bytes(tally_group, name);
  try {
    return std::make_unique<Tallies>(Tallies::deserialise(bytes.data(), bytes.size()));
  } catch (const TallyFormatError& error) {
    throw UsageError(fmt::format("'{}' is damaged: {}", path, error.what()));
  }
}

Provenance read_provenance(const NetcdfReader& file) {
  Provenance out;
  out.version = file.text_attribute("version");
  out.commit = file.text_attribute("commit");
  out.scenario = file.text_attribute("scenario");
  out.config_hash = file.text_attribute("config_hash");
  const std::vector<std::byte> config = file.bytes(tally_group, config_text);
  out.config_text.assign(reinterpret_cast<const char*>(config.data()), config.size());
  out.precision = file.text_attribute("precision");
  out.seed = file.count_attribute("seed");
  out.first_path = file.count_attribute("first_path");
  out.paths = file.count_attribute("paths");
  out.run.engine = file.text_attribute("engine");
  out.run.instruction_set = file.text_attribute("instruction_set");
  out.run.compiler = file.text_attribute("compiler");
  out.run.flags = file.text_attribute("flags");
  out.run.host = file.text_attribute("host");
  out.run.processor = file.text_attribute("processor");
  out.run.devices = file.text_attribute("devices");
  out.run.created = file.text_attribute("created");
  out.run.threads = file.count_attribute("threads");
  out.run.batch = file.count_attribute("batch");
  out.run.seconds = file.number_attribute("seconds");
  return out;
}

/// @param checksum of the values in the file, filled in
std::string build(const ResultSet& set, std::uint64_t& checksum) {
  require_memory(least_writing_memory(set.tallies->layout()));
  NetcdfWriter file(result_file);
  add_attributes(file, set);
  const ResultDimensions dimensions = add_coordinates(file, set.scenario);
  add_statistics(file, dimensions, set.scenario, *set.result);
  add_no_shock(file, dimensions, set.scenario, set.no_shock);
  add_events(file, dimensions, *set.result);
  const int exact = set.exact ? add_exact_coordinates(file, set.scenario, *set.exact) : -1;
  if (set.exact) add_exact_quantiles(file, dimensions, exact, *set.exact);
  if (set.solved) {
    file.enter_group("solved_only");
    add_statistics(file, dimensions, set.scenario, *set.solved);
    add_events(file, dimensions, *set.solved);
    if (set.exact_solved) add_exact_quantiles(file, dimensions, exact, *set.exact_solved);
  }
  add_tallies(file, set);
  checksum = file.checksum();
  return file.finish();
}

}  // namespace

std::string result_netcdf_bytes(const ResultSet& set) {
  std::uint64_t checksum = 0;
  return build(set, checksum);
}

void write_result_netcdf(const ResultSet& set, const OutputFolder& folder) {
  std::uint64_t checksum = 0;
  folder.write(result_file, build(set, checksum));
  try {
    if (NetcdfReader(folder.file(result_file).string()).checksum() == checksum) return;
  } catch (const UsageError&) {  // cannot be read back at all: the same to the user
  }
  throw OutputError(fmt::format("cannot write '{}': what was read back is not what was written; is the disk sound?",
                                (folder.target() / result_file).string()));
}

StoredResult read_result_netcdf(const std::string& path) {
  const NetcdfReader file(path);
  StoredResult out;
  out.path = path;
  out.provenance = read_provenance(file);
  out.tallies = read_tallies(file, path, all_tallies);
  if (file.has_variable(tally_group, unsolved_tallies))
    out.unsolved_tallies = read_tallies(file, path, unsolved_tallies);
  out.has_exact_quantiles = file.has_variable("", exact_quantile_variable);
  const bool agrees =
      out.tallies->digest() == file.text_attribute("digest") && out.tallies->totals().paths == out.provenance.paths;
  if (!agrees) throw UsageError(fmt::format("'{}' is damaged: its tallies are not those its digest names", path));
  return out;
}

}  // namespace chokepoint
