#include "commands/report.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "output/errors.hpp"
#include "output/words.hpp"
#include "output/write_results.hpp"

namespace chokepoint {
namespace {

std::string files_text(const std::filesystem::path& folder) {
  std::error_code error;
  std::string shown = std::filesystem::proximate(folder, error).string();
  if (error || shown.starts_with("..")) shown = folder.string();
  std::string text = fmt::format("results in   {}:", shown);
  for (const std::string& name : result_file_names())
    if (std::filesystem::exists(folder / name, error)) text += " " + name;
  return text + "\n";
}

}  // namespace

void report(const Summary& summary, const std::filesystem::path& folder, bool json, bool quiet) {
  if (json) print_result(json_text(to_json(summary)));
  else if (!quiet) print_result(summary_text(summary) + files_text(folder));
  if (summary.unsolved > 0)
    spdlog::warn("{} on {} of {} missed the solver's tolerance; results with and without those paths are in "
                 "summary.json (--strict makes this an error)",
                 count_text(summary.unsolved, "month"), count_text(summary.unsolved_paths, "path"),
                 count_text(summary.paths));
}

}  // namespace chokepoint
