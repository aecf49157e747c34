#include "commands/finish.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "chokepoint/tally/tallies.hpp"
#include "commands/exit_code.hpp"
#include "machine/arithmetic.hpp"
#include "machine/stop.hpp"
#include "output/errors.hpp"
#include "output/manifest.hpp"
#include "output/result_names.hpp"
#include "output/words.hpp"
#include "results/summary.hpp"
#include "results/write_results.hpp"

namespace chokepoint {
namespace {

std::string files_text(const std::filesystem::path& folder) {
  std::error_code error;
  std::string shown = std::filesystem::proximate(folder, error).string();
  if (error || shown.starts_with("..")) shown = folder.string();
  std::string text = fmt::format("results in   {}:", shown);
  for (const std::string& name : result_file_names())
    if (std::filesystem::exists(folder / name, error)) text += " " + name;
  return text + " " + manifest_file + "\n";
}

void warn_of_unsolved(const Summary& summary, bool strict) {
  spdlog::log(strict ? spdlog::level::err : spdlog::level::warn,
              "{} on {} of {} missed the solver's tolerance; results with and without those paths are in {}{}",
              count_text(summary.unsolved, "month"), count_text(summary.unsolved_paths, "path"),
              count_text(summary.paths), summary_file, strict ? "" : " (--strict makes this an error)");
}

void warn_of_undefined(const Summary& summary) {
  for (const EventSummary& event : summary.all.events)
    if (event.undefined == summary.paths)
      spdlog::warn(
          "event {} is undefined on all paths: {} never has a value that would decide it, so that the event has "
          "no probability; name another measure or leave the event out",
          event.name, event.measure);
}

}  // namespace

void publish(OutputFolder& folder) {
  check_arithmetic();
  stop_if_asked();
  folder.publish();
  results_are_in_place();
}

int finish(const ResultSet& set, OutputFolder& folder, FinishOptions options) {
  const Summary summary = make_summary(set);
  folder.fill([&] { write_results(set, summary, folder); }, set.result->digest());
  publish(folder);
  if (options.json)
    print_result(json_text(to_json(summary)));
  else if (!options.quiet)
    print_result(summary_text(summary) + files_text(folder.target()));
  warn_of_undefined(summary);
  if (summary.unsolved == 0) return exit_code::ok;
  warn_of_unsolved(summary, options.strict);
  return options.strict ? exit_code::numerics : exit_code::ok;
}

}  // namespace chokepoint
