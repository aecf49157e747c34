#include "results/result_netcdf.hpp"

#include <fmt/format.h>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "chokepoint/version.hpp"
#include "engine/memory_plan.hpp"
#include "machine/memory_limit.hpp"
#include "output/errors.hpp"
#include "output/in_child.hpp"
#include "output/netcdf_file.hpp"
#include "output/result_names.hpp"
#include "results/result_netcdf_statistics.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {
namespace {

constexpr char tally_group[] = "tallies", all_tallies[] = "all", unsolved_tallies[] = "unsolved";
constexpr char config_text[] = "config_text", solved_group[] = "solved_only", exact_measures[] = "exact_measures";
constexpr char solver_months[] = "solver_months", exact_quantiles_of_format_1[] = "exact_quantile";

void add_exact_measures(NetcdfWriter& file, const ResultSet& set) {
  const std::vector<std::string> names = measure_names(set.scenario);
  std::string kept;
  for (const int measure : set.exact->measures)
    kept += (kept.empty() ? "" : " ") + names[static_cast<std::size_t>(measure)];
  file.add_attribute(exact_measures, kept);
}

void add_attributes(NetcdfWriter& file, const ResultSet& set) {
  const Provenance& from = set.provenance;
  file.add_attribute("Conventions", "CF-1.10");
  file.add_attribute("format_version", std::uint64_t{result_format});
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
  file.add_attribute("path_checksum_sum", totals.checksum_sum);
  file.add_attribute("path_checksum_xor", totals.checksum_xor);
  file.add_attribute("quantile_relative_error_bound", quantile_error_bound);
  if (set.exact) add_exact_measures(file, set);
}

/// How often the solver took how many iterations.
void add_solver(NetcdfWriter& file, const RunTotals& totals) {
  std::vector<double> counts;
  for (std::size_t k = 0; k < totals.iterations.size(); ++k) counts.push_back(static_cast<double>(k));
  const int iterations = file.add_coordinate(
      "iterations", counts, {{"long_name", "iterations of the solver; the last: as many or more"}, {"units", "1"}});
  file.add(solver_months, {iterations}, totals.iterations,
           {{"long_name", "months of paths that the solver took so many iterations for"}, {"units", "1"}});
}

void add_tallies(NetcdfWriter& file, const ResultSet& set) {
  file.enter_group(tally_group);
  // Not an attribute: a config is up to 1 MiB long.
  const std::string& config = set.provenance.config_text;
  file.add_bytes(config_text, std::as_bytes(std::span(config.data(), config.size())),
                 {{"long_name", "text of the config, TOML in UTF-8"}});
  file.add_bytes(all_tallies, set.tallies, {{"long_name", "tallies of all paths, for chokepoint merge"}});
  if (!set.unsolved_tallies.empty())
    file.add_bytes(unsolved_tallies, set.unsolved_tallies,
                   {{"long_name", "tallies of the paths with an unsolved month"}});
}

TalliesPointer tallies_in(const NetcdfReader& file, const std::string& name) {
  const std::span<const std::byte> bytes = file.bytes(tally_group, name);
  try {
    return std::make_unique<Tallies>(Tallies::deserialise(bytes.data(), bytes.size()));
  } catch (const TallyFormatError& error) {
    throw UsageError(fmt::format("'{}' is damaged: {}", file.path(), error.what()));
  }
}

Provenance read_provenance(const NetcdfReader& file) {
  Provenance out;
  out.version = file.text_attribute("version");
  out.commit = file.text_attribute("commit");
  out.scenario = file.text_attribute("scenario");
  out.config_hash = file.text_attribute("config_hash");
  const std::span<const std::byte> config = file.bytes(tally_group, config_text);
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

RunTotals read_totals(const NetcdfReader& file, int format_version) {
  RunTotals out;
  out.paths = file.count_attribute("paths");
  out.unsolved_steps = file.count_attribute("unsolved");
  out.unsolved_paths = file.count_attribute("unsolved_paths");
  out.max_residual = static_cast<float>(file.number_attribute("max_residual"));
  if (format_version == 1) return out;
  out.checksum_sum = file.count_attribute("path_checksum_sum");
  out.checksum_xor = file.count_attribute("path_checksum_xor");
  out.iterations = file.counts("", solver_months, max_iterations + 1);
  return out;
}

std::unique_ptr<Result> read_group(const NetcdfReader& file, const std::string& group, const StoredResult& head,
                                   const Scenario& scenario, RunTotals totals) {
  std::vector<EventResult> events = read_events(file, group, scenario, totals.paths);
  return std::make_unique<Result>(scenario.months, read_statistics(file, group, scenario), std::move(events),
                                  std::move(totals), head.digest);
}

UsageError later_format(const std::string& path, int version) {
  return UsageError(fmt::format(
      "'{}' is of file format {}; this is chokepoint {}, which reads formats up to {}: a later version will "
      "read it",
      path, version, build_info.version, result_format));
}

}  // namespace

std::string result_netcdf_bytes(const ResultSet& set) {
  require_memory(least_writing_memory(set.result->rows()));
  NetcdfWriter file(result_file);
  add_attributes(file, set);
  const ResultDimensions dimensions = add_coordinates(file, set.scenario);
  add_statistics(file, dimensions, set.scenario, *set.result);
  add_no_shock(file, dimensions, set.scenario, set.no_shock);
  add_events(file, dimensions, *set.result);
  if (set.exact) add_exact_quantiles(file, dimensions, set.scenario, *set.exact);
  add_solver(file, set.result->totals());
  if (set.solved) {
    file.enter_group(solved_group);
    const ResultDimensions own = add_coordinates(file, set.scenario);
    add_statistics(file, own, set.scenario, *set.solved);
    add_events(file, own, *set.solved);
    if (set.exact_solved) add_exact_quantiles(file, own, set.scenario, *set.exact_solved);
  }
  add_tallies(file, set);
  return file.finish();
}

/// By a child, as the netCDF library ends the process in which memory is refused to it.
std::string built_bytes(const ResultSet& set) {
  const auto build = [&set] { return in_child([&set](const Send& send) { send(result_netcdf_bytes(set)); }); };
  std::optional<std::vector<std::string>> bytes;
  try {
    bytes = build();
  } catch (const ResourceError&) {  // killed
  }
  if (!bytes) bytes = build();  // a finished computation hangs on it
  if (!bytes)
    throw OutputError(
        fmt::format("cannot build '{}': the netCDF library did not get through with it; it is built in memory, "
                    "of which there may be too little",
                    result_file));
  return std::move(bytes->front());
}

void write_result_netcdf(const ResultSet& set, const OutputFolder& folder) {
  folder.write(result_file, built_bytes(set));
  const ContentCheck check = check_content(folder.file(result_file));
  if (!check.fault.empty() || !check.added_attributes.empty())
    throw OutputError(fmt::format("cannot write '{}': what was read back is not what was written; is the disk sound?",
                                  (folder.target() / result_file).string()));
}

bool StoredResult::is_of_this_version() const {
  return format_version == result_format && provenance.version == build_info.version;
}

const std::vector<std::string>& variables_of_head() {
  static const std::vector<std::string> names = {std::string(tally_group) + "/" + config_text, solver_months,
                                                 exact_quantiles_of_format_1};
  return names;
}

StoredResult read_head(const NetcdfReader& file) {
  StoredResult out;
  out.path = file.path();
  out.format_version = file.format_version();
  if (out.format_version > result_format) throw later_format(out.path, out.format_version);
  out.provenance = read_provenance(file);
  out.digest = file.text_attribute("digest");
  out.totals = read_totals(file, out.format_version);
  out.has_exact_quantiles = file.has_attribute(exact_measures) || file.has_variable("", exact_quantiles_of_format_1);
  out.has_solved_only = out.totals.unsolved_paths > 0;
  return out;
}

std::vector<std::string> check_unchanged(const NetcdfReader& file) {
  ContentCheck check = check_content(file);
  if (check.format_version > result_format) throw later_format(file.path(), check.format_version);
  if (!check.fault.empty())
    throw UsageError(
        fmt::format("'{}' is not as it was written: {}; make it again, or take the file as it was "
                    "(attributes of your own may be added)",
                    file.path(), check.fault));
  return std::move(check.added_attributes);
}

StoredTallies read_tallies(const NetcdfReader& file, const StoredResult& head) {
  StoredTallies out;
  out.all = tallies_in(file, all_tallies);
  if (file.has_variable(tally_group, unsolved_tallies)) out.unsolved = tallies_in(file, unsolved_tallies);
  if (out.all->digest() != head.digest || out.all->totals().paths != head.provenance.paths)
    throw UsageError(fmt::format("'{}' is damaged: its tallies are not those its digest names", head.path));
  return out;
}

ResultSet read_set(const NetcdfReader& file, const StoredResult& head, Scenario scenario) {
  ResultSet set;
  set.result = read_group(file, "", head, scenario, head.totals);
  if (head.has_solved_only) {
    RunTotals solved = head.totals;
    solved.paths -= solved.unsolved_paths;
    solved.unsolved_paths = solved.unsolved_steps = 0;
    set.solved = read_group(file, solved_group, head, scenario, std::move(solved));
  }
  set.no_shock = read_no_shock(file, scenario);
  set.provenance = head.provenance;
  set.scenario = std::move(scenario);
  return set;
}

}  // namespace chokepoint
