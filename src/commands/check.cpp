#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "machine/stop.hpp"
#include "output/words.hpp"
#include "results/result_check.hpp"

namespace chokepoint {
namespace {

struct CheckArguments {
  std::vector<std::string> folders;
  bool quiet = false;
};

/// "a, b and 3 more".
std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  const std::vector<std::string> first(names.begin(), names.begin() + std::min(names.size(), most));
  return fmt::format("{}{}", fmt::join(first, ", "),
                     names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

std::string intact_text(const std::string& folder, const FolderCheck& check) {
  std::string text = fmt::format("{}: intact, {}{}\n", folder, count_text(check.files, "file"),
                                 check.digest.empty() ? "" : ", digest " + check.digest);
  if (!check.added_attributes.empty())
    text += fmt::format("  added to result.nc since: {}\n", names_text(check.added_attributes));
  if (!check.unlisted.empty()) text += fmt::format("  not ours: {}\n", names_text(check.unlisted));
  return text;
}

int check(const CheckArguments& arguments) {
  check_none_twice(arguments.folders);
  int code = exit_code::ok;
  for (const std::string& folder : arguments.folders) {
    stop_if_asked();
    const FolderCheck check = check_folder(folder, true);
    if (check.faults.empty()) {
      if (!arguments.quiet) print_result(intact_text(folder, check));
      continue;
    }
    code = exit_code::usage;
    for (const std::string& fault : check.faults) spdlog::error("'{}' {}", folder, fault);
  }
  return code;
}

}  // namespace

void add_check_command(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<CheckArguments>();
  Command command = add_command(
      app, action, "check", "Check finished results: whether every file is the one that was written (0), or not (2)",
      {"chokepoint check results/baseline", "chokepoint check --quiet results/*"});
  command.argument("folders", arguments->folders, "DIR",
                   "Folders with a manifest.json: results, comparisons, verdicts, figures");
  command.flag("-q,--quiet", arguments->quiet, "Report only damaged folders");
  command.runs([arguments] { return check(*arguments); });
}

}  // namespace chokepoint
