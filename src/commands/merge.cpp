#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "chokepoint/ledger.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "chokepoint/version.hpp"
#include "commands/added_attributes.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/disk_space.hpp"
#include "commands/finish.hpp"
#include "engine/tally_layout.hpp"
#include "machine/stop.hpp"
#include "results/stored_result.hpp"

namespace chokepoint {
namespace {

struct MergeArguments {
  std::vector<std::string> parts;
  OutputArguments output;
  bool quiet = false, strict = false;
};

void check_same(const StoredResult& a, const StoredResult& b, const char* what, const std::string& of_a,
                const std::string& of_b) {
  if (of_a != of_b)
    throw UsageError(
        fmt::format("'{}' and '{}' do not belong together: {} '{}' and '{}'", a.path, b.path, what, of_a, of_b));
}

void check_belong_together(const StoredResult& a, const StoredResult& b) {
  const Provenance &p = a.provenance, &q = b.provenance;
  check_same(a, b, "scenario", p.scenario, q.scenario);
  check_same(a, b, "config hash", p.config_hash, q.config_hash);
  check_same(a, b, "seed", std::to_string(p.seed), std::to_string(q.seed));
  check_same(a, b, "version", p.version, q.version);
  check_same(a, b, "commit", p.commit, q.commit);
  check_same(a, b, "precision", p.precision, q.precision);
  if (p.config_text != q.config_text)
    throw UsageError(fmt::format("'{}' and '{}' do not belong together: their configs differ", a.path, b.path));
}

PathRange paths_of(const StoredResult& part) {
  return {part.provenance.first_path, part.provenance.paths};
}

const char* verb_of(const PathRange& range) {
  return range.count == 1 ? "is" : "are";
}

/// The parts hold each path between the first and the last once.
/// @param parts in the order of their paths
void check_complete(const std::vector<StoredResult>& parts) {
  Ledger all;
  for (const StoredResult& part : parts) {
    const PathRange twice = all.common(paths_of(part));
    for (const StoredResult& earlier : parts)
      if (!twice.empty() && !Ledger(paths_of(earlier)).common(twice).empty())
        throw UsageError(
            fmt::format("{} {} in both '{}' and '{}'", range_text(twice), verb_of(twice), earlier.path, part.path));
    all.add(paths_of(part));
  }
  for (const PathRange& gap : all.missing(all.span()))
    for (std::size_t k = 1; k < parts.size(); ++k)
      if (paths_of(parts[k]).first == gap.end())
        throw UsageError(fmt::format("{} {} missing: between '{}' and '{}'", range_text(gap), verb_of(gap),
                                     parts[k - 1].path, parts[k].path));
}

/// Quantiles of a whole do not follow from those of its parts, and a result does not hold the values of its paths.
void check_has_no_exact_quantiles(const StoredResult& part) {
  if (part.has_exact_quantiles)
    throw UsageError(
        fmt::format("'{}' has exact quantiles, which cannot be merged; run all paths at once, or the parts without "
                    "--exact-quantiles",
                    part.path));
}

/// A part must come from this program: its tallies are taken as they are.
void check_version(const StoredResult& part) {
  if (!part.is_of_this_version())
    throw UsageError(
        fmt::format("'{}' was made by chokepoint {} (file format {}), this is {} (file format {}): merge it with "
                    "the version that made it",
                    part.path, part.provenance.version, part.format_version, build_info.version, result_format));
}

/// What all parts say of themselves, in the order of their paths: faults are found before anything long begins.
/// @throws UsageError unless they make up one run
std::vector<StoredResult> read_heads(const std::vector<std::string>& names) {
  std::vector<StoredResult> parts;
  for (const std::string& name : names) {
    stop_if_asked();
    parts.push_back(read_stored_head(name));
    warn_of_unvouched(parts.back());
  }
  for (const StoredResult& part : parts) {
    check_belong_together(parts.front(), part);
    check_version(part);
    check_has_no_exact_quantiles(part);
  }
  std::stable_sort(parts.begin(), parts.end(), [](const StoredResult& a, const StoredResult& b) {
    return a.provenance.first_path < b.provenance.first_path;
  });
  check_complete(parts);
  return parts;
}

void join_word(std::string& all, const std::string& word) {
  if (all != word) all = "several";
}

/// The provenance of the paths of both.
void take_in(Provenance& all, const Provenance& part) {
  all.paths += part.paths;
  Provenance::Run& run = all.run;
  const Provenance::Run& other = part.run;
  join_word(run.engine, other.engine);
  join_word(run.instruction_set, other.instruction_set);
  join_word(run.host, other.host);
  join_word(run.processor, other.processor);
  join_word(run.devices, other.devices);
  if (run.threads != other.threads) run.threads = 0;
  if (run.batch != other.batch) run.batch = 0;
  run.created = std::max(run.created, other.created);
  run.seconds += other.seconds;
}

void take_in(TalliesPointer& all, TalliesPointer part) {
  if (all && part)
    all->merge(*part);
  else if (part)
    all = std::move(part);
}

/// Reads one part after the other, so that memory does not grow with their number.
StoredTallies read_sum(std::vector<StoredResult>& parts, const TallyLayout& layout) {
  StoredTallies sum;
  for (StoredResult& part : parts) {
    stop_if_asked();
    StoredTallies tallies = read_stored_tallies(part);
    name_added_attributes(part);
    if (tallies.all->layout() != layout)
      throw UsageError(fmt::format("'{}' is damaged: its config and tallies do not belong together", part.path));
    take_in(sum.all, std::move(tallies.all));
    take_in(sum.unsolved, std::move(tallies.unsolved));
  }
  return sum;
}

int merge(const MergeArguments& arguments) {
  check_none_twice(arguments.parts);
  std::vector<StoredResult> parts = read_heads(arguments.parts);
  Scenario scenario = stored_scenario(parts.front());
  OutputFolder folder = arguments.output.open(scenario.name);
  check_space(parts, folder);
  StoredTallies sum = read_sum(parts, tally_layout(scenario));
  Provenance provenance = parts.front().provenance;
  for (std::size_t k = 1; k < parts.size(); ++k) take_in(provenance, parts[k].provenance);
  const ResultSet set =
      make_result_set(std::move(scenario), std::move(provenance), std::move(sum.all), std::move(sum.unsolved));
  return finish(set, folder, {arguments.output.json, arguments.quiet, arguments.strict});
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<MergeArguments>();
  Command command =
      add_command(app, action, "merge",
                  "Join results of successive ranges of paths into that of the whole run, with the same digest",
                  {"chokepoint run configs/baseline.toml --paths 5000 --out a",
                   "chokepoint run configs/baseline.toml --paths 5000 --first-path 5000 --out b",
                   "chokepoint merge a b --out whole"});
  command.argument("results", arguments->parts, "DIR", "Result folders, or result.nc files");
  arguments->output.add_to(command, "results/<name of the scenario>");
  command.flag("-q,--quiet", arguments->quiet, "No summary; warnings stay");
  command.flag("--strict", arguments->strict, "Exit with 4 if any month of any path missed its tolerance");
  command.runs([arguments] { return merge(*arguments); });
}

}  // namespace chokepoint
