#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "chokepoint/verdict.hpp"
#include "commands/added_attributes.hpp"
#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/finish.hpp"
#include "machine/arithmetic.hpp"
#include "machine/stop.hpp"
#include "output/output_file.hpp"
#include "output/output_folder.hpp"
#include "output/result_names.hpp"
#include "output/words.hpp"
#include "report/claims.hpp"
#include "report/differences.hpp"
#include "report/figure_files.hpp"
#include "report/page.hpp"
#include "report/page_data.hpp"
#include "results/stored_result.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

constexpr char page_mark[] = "<meta name=\"generator\" content=\"chokepoint\">";  // of page.html

struct ReportArguments {
  std::vector<std::string> results;
  std::string out, figures;
  std::string twins;
  EngineArguments engine;
  bool force = false, quiet = false;
};

/// The name of the folder, however it was written.
std::string folder_name(const std::string& place) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(place, error);
  if (path.filename() == result_file) path = path.parent_path();
  return path.filename().string();
}

/// Names of scenarios; those of folders where scenarios share one.
std::vector<LabelledResult> read_results(const std::vector<std::string>& places) {
  std::vector<LabelledResult> results;
  for (const std::string& place : places) {
    stop_if_asked();
    StoredSet stored = read_result_set(place);
    warn_of_unvouched(stored.head);
    name_added_attributes(stored.head);
    results.push_back({stored.set.scenario.name, std::move(stored.set), stored.head.is_of_this_version()});
  }
  const auto shares_name = [&](const LabelledResult& one) {
    return std::count_if(results.begin(), results.end(), [&](const LabelledResult& other) {
             return other.set.scenario.name == one.set.scenario.name;
           }) > 1;
  };
  for (std::size_t k = 0; k < results.size(); ++k)
    if (shares_name(results[k])) results[k].label = folder_name(places[k]);
  return results;
}

void check_distinct(const std::vector<LabelledResult>& results, const std::vector<std::string>& places) {
  for (std::size_t k = 1; k < results.size(); ++k)
    for (std::size_t other = 0; other < k; ++other)
      if (results[k].label == results[other].label)
        throw UsageError(fmt::format("'{}' and '{}' would both be called '{}'; rename a folder", places[other],
                                     places[k], results[k].label));
}

void check_one_calendar(const std::vector<LabelledResult>& results, const std::vector<std::string>& places) {
  const Scenario& first = results.front().set.scenario;
  const auto calendar = [](const Scenario& scenario) {
    return fmt::format("{} months from {}", scenario.months, format(scenario.start));
  };
  for (std::size_t k = 1; k < results.size(); ++k)
    if (calendar(results[k].set.scenario) != calendar(first))
      throw UsageError(fmt::format("'{}' and '{}' cannot be laid over each other: {} and {}", places.front(), places[k],
                                   calendar(first), calendar(results[k].set.scenario)));
}

fs::path page_place(const ReportArguments& arguments) {
  if (!arguments.out.empty()) return arguments.out;
  const fs::path first = arguments.results.front();
  return (first.filename() == result_file ? first.parent_path() : first) / page_file;
}

std::string title_of(const std::vector<LabelledResult>& results) {
  const Scenario& scenario = results.front().set.scenario;
  std::string title = scenario.title.empty() ? scenario.name : scenario.title;
  for (std::size_t k = 1; k < results.size(); ++k) title += " / " + results[k].label;
  return title;
}

/// Whether this program walks the paths that the results hold. Warns where it is not known to: what needs the paths is
/// then left out.
bool can_walk_again(const std::vector<LabelledResult>& results) {
  for (const LabelledResult& result : results) {
    if (result.can_be_walked) continue;
    const bool misses_any = results.size() > 1 || has_claim(result.set.scenario);
    if (misses_any)
      spdlog::warn("{} was made by chokepoint {}: differences and claims, which walk its paths again, are left out",
                   result.label, result.set.provenance.version);
    return false;
  }
  return true;
}

/// Engine, threads and devices that walk paths again. An engine that was named has to be there, whether or not any are.
RunOptions walk_options(const ReportArguments& arguments, const std::vector<LabelledResult>& results) {
  RunOptions options;
  arguments.engine.fill(options);
  for (const LabelledResult& result : results)
    check_precision(options.engine, result.set.provenance.precision, "leave --engine out");
  resolve_walk_engine(options.engine);
  return options;
}

/// All that stands on the page. Paths are walked again for differences and claims.
Json content_of(const ReportArguments& arguments, const std::vector<LabelledResult>& results,
                std::vector<Figure>& figures) {
  if (!arguments.twins.empty() && !std::filesystem::is_directory(arguments.twins))
    throw UsageError(fmt::format(
        "--twins: '{}' is no folder; give the one in which the twins of the claim are, e.g. configs/evidence",
        arguments.twins));
  Json claims = Json::array(), rows = Json::array();
  const RunOptions options = walk_options(arguments, results);
  const bool can_walk = can_walk_again(results);
  for (const LabelledResult& result : results)
    if (Json claim = can_walk ? claim_of(result, arguments.twins, options) : Json(); !claim.is_null())
      claims.push_back(std::move(claim));
  std::uint64_t paired_paths = 0;
  if (can_walk && results.size() > 1) {
    const Comparison comparison = compare_results(results, options);
    paired_paths = comparison.paths;
    rows = difference_rows(results, comparison);
    for (Figure& figure : difference_figures(results, comparison)) figures.push_back(std::move(figure));
  }
  Json page = page_data(results, figures);
  page["claims"] = std::move(claims);
  page["differences"] = std::move(rows);
  page["paired_paths"] = paired_paths;
  return page;
}

void draw_figures(const ReportArguments& arguments, const std::vector<LabelledResult>& results,
                  const std::vector<Figure>& figures, OutputFolder& folder) {
  if (!write_figures(figures, shock_spans(results), results.front().set.scenario, folder))
    spdlog::warn("gnuplot is not installed (Debian package gnuplot-nox): '{}' holds the CSV files alone",
                 arguments.figures);
}

/// Made before the paths are walked; null without --figures.
std::unique_ptr<OutputFolder> open_folder(const ReportArguments& arguments) {
  if (arguments.figures.empty()) return nullptr;
  return std::make_unique<OutputFolder>(arguments.figures, figure_file_names(), arguments.force);
}

int report(const ReportArguments& arguments) {
  if (!can_make_pages())
    throw ResourceError("this build makes no reports: it found no Chart.js; install libjs-chart.js and build again");
  check_none_twice(arguments.results);
  const std::vector<LabelledResult> results = read_results(arguments.results);
  check_distinct(results, arguments.results);
  check_one_calendar(results, arguments.results);
  const fs::path place = page_place(arguments);
  const OutputFile file(place, page_mark, arguments.force, place.filename() == page_file);
  const std::unique_ptr<OutputFolder> folder = open_folder(arguments);
  std::vector<Figure> figures = make_figures(results);
  // What the walk adds is little beside what is there before it.
  file.require_space(report_page(title_of(results), page_data(results, figures)).size());
  if (folder) check_space(figures, results.front().set.scenario, *folder);
  const std::string page = report_page(title_of(results), content_of(arguments, results, figures));
  if (folder) draw_figures(arguments, results, figures, *folder);
  check_arithmetic();
  file.write(page);
  results_are_in_place();
  if (!arguments.quiet)
    print_result(fmt::format("{} of {} in {} ({})\n", count_text(figures.size(), "figure"),
                             count_text(results.size(), "result"), file.target().string(), bytes_text(page.size())));
  return exit_code::ok;
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<ReportArguments>();
  Command command = add_command(
      app, action, "report",
      "Make one HTML page of a result, or of several laid over each other: figures, tails, events, sources",
      {"chokepoint report results/baseline", "chokepoint report results/baseline results/ban --out ban.html",
       "chokepoint report results/baseline --figures figures"});
  command.argument("results", arguments->results, "DIR", "Result folders; differences are taken to the first");
  command.option("-o,--out", arguments->out, "FILE", "The page [report.html in the first result]");
  command.option("--figures", arguments->figures, "DIR", "Folder for every figure as PNG, SVG (by gnuplot) and CSV");
  command.option("--twins", arguments->twins, "DIR",
                 "Folder in which the twins of the claim are looked up, e.g. configs/evidence");
  arguments->engine.add_walk_to(command);
  command.flag("--force", arguments->force, "Replace an existing page and existing figures");
  command.flag("-q,--quiet", arguments->quiet, "Say nothing on stdout");
  command.runs([arguments] { return report(*arguments); });
}

}  // namespace chokepoint
