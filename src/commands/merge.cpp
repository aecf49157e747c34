#include <fmt/format.h>

#include <algorithm>

#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/finish.hpp"
#include "output/stored_result.hpp"

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

/// `b` must start where `a` ends.
void check_contiguous(const StoredResult& a, const StoredResult& b) {
  const std::uint64_t end = a.provenance.first_path + a.provenance.paths, next = b.provenance.first_path;
  if (next < end)
    throw UsageError(fmt::format("paths {} to {} are in both '{}' and '{}'", next,
                                 std::min(end, next + b.provenance.paths) - 1, a.path, b.path));
  if (next > end)
    throw UsageError(fmt::format("paths {} to {} are missing: between '{}' and '{}'", end, next - 1, a.path, b.path));
}

/// Quantiles of a whole do not follow from those of its parts, and a result does not hold the values of its paths.
void check_has_no_exact_quantiles(const StoredResult& part) {
  if (part.has_exact_quantiles)
    throw UsageError(fmt::format(
        "'{}' has exact quantiles, which cannot be merged; run all paths at once, or the parts without "
        "--exact-quantiles",
        part.path));
}

/// All parts in the order of their paths. @throws UsageError unless they make up one run
std::vector<StoredResult> read_parts(const std::vector<std::string>& names) {
  std::vector<StoredResult> parts;
  for (const std::string& name : names) parts.push_back(read_stored_result(name));
  for (const StoredResult& part : parts) {
    check_belong_together(parts.front(), part);
    check_has_no_exact_quantiles(part);
  }
  std::stable_sort(parts.begin(), parts.end(), [](const StoredResult& a, const StoredResult& b) {
    return a.provenance.first_path < b.provenance.first_path;
  });
  for (std::size_t k = 1; k < parts.size(); ++k) check_contiguous(parts[k - 1], parts[k]);
  return parts;
}

void join_word(std::string& all, const std::string& word) {
  if (all != word) all = "several";
}

/// The first part takes in another.
void take_in(StoredResult& all, StoredResult part) {
  all.tallies->merge(*part.tallies);
  if (all.unsolved_tallies && part.unsolved_tallies)
    all.unsolved_tallies->merge(*part.unsolved_tallies);
  else if (part.unsolved_tallies)
    all.unsolved_tallies = std::move(part.unsolved_tallies);
  all.provenance.paths += part.provenance.paths;
  Provenance::Run &run = all.provenance.run, &other = part.provenance.run;
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

int merge(const MergeArguments& arguments) {
  const InterruptGuard guard;
  check_none_twice(arguments.parts);
  std::vector<StoredResult> parts = read_parts(arguments.parts);
  Scenario scenario = stored_scenario(parts.front());
  OutputFolder folder = arguments.output.open(scenario.name);
  StoredResult all = std::move(parts.front());
  for (std::size_t k = 1; k < parts.size(); ++k) take_in(all, std::move(parts[k]));
  const ResultSet set =
      make_result_set(std::move(scenario), all.provenance, std::move(all.tallies), std::move(all.unsolved_tallies));
  return finish(set, folder, guard, {arguments.output.json, arguments.quiet, arguments.strict});
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App& command = add_command(
      app, "merge", "Join results of successive ranges of paths into that of the whole run, with the same digest",
      {"chokepoint run configs/baseline.toml --paths 5000 --out a",
       "chokepoint run configs/baseline.toml --paths 5000 --first-path 5000 --out b",
       "chokepoint merge a b --out whole"});
  command.add_option("results", arguments->parts, "Result folders, or result.nc files")->required()->type_name("DIR");
  arguments->output.add_to(command, "results/<name of the scenario>");
  command.add_flag("-q,--quiet", arguments->quiet, "No summary; warnings stay");
  command.add_flag("--strict", arguments->strict, "Exit with 4 if any month of any path missed its tolerance");
  command.callback([arguments, &action] { action = [arguments] { return merge(*arguments); }; });
}

}  // namespace chokepoint
