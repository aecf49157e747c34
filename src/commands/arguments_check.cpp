#include "commands/arguments_check.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>
#include <set>

#include "config/spelling.hpp"
#include "output/errors.hpp"

namespace chokepoint {
namespace {

std::vector<std::string> command_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

[[noreturn]] void refuse(CLI::App& app, const std::string& what, const std::string& word, const std::string& close) {
  const std::string line = app.get_parent() ? "chokepoint " + app.get_name() : "chokepoint";
  throw UsageError(fmt::format("unknown {} '{}'; {}", what, shown(word),
                               close.empty() ? "see " + line + " --help" : "did you mean '" + close + "'?"));
}

/// The option that an argument starts, null where it is none ("-" and numbers are values).
CLI::Option* option_of(CLI::App& app, const std::string& argument) {
  if (argument.size() < 2 || argument[0] != '-') return nullptr;
  const bool is_long = argument[1] == '-';
  const std::string name = is_long ? argument.substr(0, argument.find('=')) : argument.substr(0, 2);
  CLI::Option* option = app.get_option_no_throw(name);
  if (!option || option->get_positional())
    refuse(app, "option", is_long ? name : argument,
           argument.size() > 2 ? nearest(is_long ? name : "-" + argument, option_names(app)) : "");
  return option;
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

bool may_be_repeated(const CLI::Option& option) {
  return !takes_value(option) || option.get_items_expected_max() > 1;
}

/// What CLI11 would say less clearly of an option at its place on the line.
void check_option(const CLI::Option& option, const std::string& argument, bool is_last,
                  std::set<const CLI::Option*>& seen) {
  const bool has_value = argument.find('=') != std::string::npos || (argument[1] != '-' && argument.size() > 2);
  const std::string name = option.get_name();
  if (!seen.insert(&option).second && !may_be_repeated(option))
    throw UsageError(fmt::format("option '{}' is given twice; leave one of them out", name));
  if (takes_value(option) && !has_value && is_last)
    throw UsageError(fmt::format("option '{}' needs a value: {}", name, option.get_type_name()));
  if (!takes_value(option) && argument[1] == '-' && has_value)
    throw UsageError(fmt::format("option '{}' takes no value", name));
}

/// An empty value is refused: leaving the option out gives its default. "-" means a stream elsewhere, but not here.
void check_value(const CLI::Option& option, const std::string& value) {
  const std::string name = option.get_name(), type = option.get_type_name();
  if (value == "-" && (type == "DIR" || type == "FILE"))
    throw UsageError(
        fmt::format("{}: '-' does not mean a stream here; give a {}, or './-' if that is its name", name, type));
  if (!value.empty()) return;
  throw UsageError(fmt::format("{}: '' is empty; give a {}{}", name, type,
                               option.get_positional() ? "" : ", or leave " + name + " out"));
}

/// The value of the option at `at`, where it has one.
std::optional<std::string> value_at(const CLI::Option& option, const std::vector<std::string>& arguments,
                                    std::size_t at) {
  const std::string& argument = arguments[at];
  const std::size_t equals = argument[1] == '-' ? argument.find('=') : std::string::npos;
  if (!takes_value(option)) return std::nullopt;
  if (equals != std::string::npos) return argument.substr(equals + 1);
  if (argument[1] != '-' && argument.size() > 2) return argument.substr(2);
  return at + 1 < arguments.size() ? std::optional(arguments[at + 1]) : std::nullopt;
}

/// What a command takes besides options; null where it takes nothing.
const CLI::Option* positional_of(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (option->get_positional()) return option;
  return nullptr;
}

/// Joins the option at `at` to a negative number after it, which CLI11 would take for an option.
/// @returns whether the argument after it is its value
bool join_negative_number(std::vector<std::string>& arguments, std::size_t at) {
  const std::string& value = arguments[at + 1];
  const bool is_number = value.size() > 1 && value[0] == '-' && value[1] != '-';
  if (!is_number) return true;
  arguments[at] += (arguments[at][1] == '-' ? "=" : "") + value;
  arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  return false;
}

/// CLI11 takes "[a,b]" for a list of two names; as a path it is one. All arguments without an option are paths.
void keep_brackets(std::string& path) {
  if (path.starts_with('[') && path.ends_with(']')) path.insert(0, "./");
}

/// Options of one command, from `at` on.
void check_options(CLI::App& app, std::vector<std::string>& arguments, std::size_t at) {
  std::set<const CLI::Option*> seen;
  for (bool options_end = false; at < arguments.size(); ++at) {
    options_end = options_end || arguments[at] == "--";
    const CLI::Option* option = options_end ? nullptr : option_of(app, arguments[at]);
    if (!option) {
      if (const CLI::Option* positional = positional_of(app)) check_value(*positional, arguments[at]);
      keep_brackets(arguments[at]);
      continue;
    }
    const bool is_last = at + 1 == arguments.size(), is_long = arguments[at][1] == '-';
    check_option(*option, arguments[at], is_last, seen);
    if (const auto value = value_at(*option, arguments, at)) check_value(*option, *value);
    const bool is_alone = is_long ? arguments[at].find('=') == std::string::npos : arguments[at].size() == 2;
    if (takes_value(*option) && is_alone && join_negative_number(arguments, at)) ++at;
  }
}

}  // namespace

std::vector<std::string> checked_arguments(CLI::App& app, std::vector<std::string> arguments) {
  if (arguments.empty()) throw UsageError("no command given; see chokepoint --help");
  if (arguments[0] == "help") {
    arguments.erase(arguments.begin());
    arguments.push_back("--help");
  }
  if (option_of(app, arguments[0])) return arguments;
  const std::vector<std::string> names = command_names(app);
  if (std::find(names.begin(), names.end(), arguments[0]) == names.end())
    refuse(app, "command", arguments[0], nearest(arguments[0], names));
  check_options(*app.get_subcommand(arguments[0]), arguments, 1);
  return arguments;
}

}  // namespace chokepoint
